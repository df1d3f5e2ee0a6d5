"""How long something takes, for writers that run in environments of their own: it imports nothing of ours."""

from collections.abc import Callable
from time import process_time

_SECONDS = 1.0  # of measuring, in all


def best(work: Callable[[], object]) -> float:
    """Return the least processor seconds of at least three runs."""
    runs: list[float] = []
    while len(runs) < 3 or sum(runs) < _SECONDS:
        begun = process_time()
        work()
        runs.append(process_time() - begun)
    return min(runs)
