"""The verbs: each joins a few rooms, is safe to run twice, and returns a frozen report."""
