"""Long lists for one statement, a part at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

BATCH = 500  # values in one statement: SQLite takes 32766 parameters, but plans small lists faster
Value = TypeVar("Value")


def batches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Yield the values in their order, at most BATCH at a time."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
