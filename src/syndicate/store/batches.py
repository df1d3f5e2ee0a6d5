"""Long lists for one statement, a part at a time."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

BATCH = 500  # values in one statement: SQLite takes 32766 parameters, but plans small lists faster
Value = TypeVar("Value")


def batches(values: Iterable[Value]) -> Iterator[Sequence[Value]]:
    """Yield the values in their order, at most BATCH at a time."""
    rest = iter(values)
    while some := list(islice(rest, BATCH)):
        yield some
