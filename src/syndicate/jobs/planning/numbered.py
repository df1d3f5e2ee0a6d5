"""Long lists of articles: their numbers are in memory, all else is read some at a time where it is asked for.

So a publication of 100,000 articles is planned in the memory of one of 10,000 (issue 4).
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import TypeVar, overload

from syndicate.store import articles
from syndicate.store.articles import Row
from syndicate.store.batches import batches
from syndicate.store.database import Transaction

KEPT = 10_000  # rows that are kept once they were read: plans ask for each several times
_WIDE = "q"  # 64 bits, as the database's numbers
Thing = TypeVar("Thing")
Other = TypeVar("Other")


class Numbered(Sequence[Thing]):
    """What `make` makes of the articles of some numbers, in their order. A part of it is such a list too."""

    def __init__(
        self, numbers: Iterable[int], make: Callable[[Sequence[int]], Sequence[Thing]]
    ) -> None:
        self.numbers, self._make = array(_WIDE, numbers), make

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> Thing: ...
    @overload
    def __getitem__(self, place: slice) -> "Numbered[Thing]": ...
    def __getitem__(self, place: int | slice) -> "Thing | Numbered[Thing]":
        if isinstance(place, slice):
            return self.of(self.numbers[place])
        return self._make([self.numbers[place]])[0]

    def __iter__(self) -> Iterator[Thing]:
        for some in batches(self.numbers):
            yield from self._make(some)

    def of(self, numbers: Iterable[int]) -> "Numbered[Thing]":
        """Return the same of other articles."""
        return Numbered(numbers, self._make)

    def map(self, change: Callable[[Thing], Other]) -> "Numbered[Other]":
        """Return what each is changed into."""
        return Numbered(self.numbers, lambda some: [change(one) for one in self._make(some)])


class Numbers(Container[int | None]):
    """A set of numbers in eight bytes each; `rising` are all of them."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self.rising = array(_WIDE, sorted(numbers))

    def __contains__(self, one: object) -> bool:
        if not isinstance(one, int):
            return False
        place = bisect_left(self.rising, one)
        return place < len(self.rising) and self.rising[place] == one


def rows_of(tx: Transaction, numbers: Iterable[int]) -> Numbered[Row]:
    """Return the rows of some articles, all of which there are."""
    kept: dict[int, Row] = {}

    def read(some: Sequence[int]) -> list[Row]:
        missing = [one for one in some if one not in kept]
        if len(kept) + len(missing) > KEPT:
            kept.clear()
            missing = list(some)
        kept.update(articles.some(tx, missing))
        return [kept[one] for one in some]

    return Numbered(numbers, read)
