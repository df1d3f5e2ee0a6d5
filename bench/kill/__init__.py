"""A sender that is killed again and again, and what a receiving server then has (bench/soak.py)."""
