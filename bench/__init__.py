"""Measurements, each beside a baseline of the same run; run as `python -m bench.NAME`."""
