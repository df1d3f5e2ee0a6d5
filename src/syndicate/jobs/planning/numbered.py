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

KEPT = 10_000  # rows of a publication that are kept: plans ask for each several times. Of more, none is
_WIDE = "q"  # 64 bits, as the database's numbers
Thing = TypeVar("Thing")
Other = TypeVar("Other")


class Numbered(Sequence[Thing]):
    """What `make` makes of the articles of some numbers, in their order. A part of it is such a list too.

    An array of numbers is not copied: nobody changes it.
    """

    def __init__(
        self, numbers: Iterable[int], make: Callable[[Sequence[int]], Sequence[Thing]]
    ) -> None:
        self.numbers, self._make = _array(numbers), make

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


def _array(numbers: Iterable[int]) -> "array[int]":
    return numbers if isinstance(numbers, array) else array(_WIDE, numbers)


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
    every, kept = _array(numbers), dict[int, Row]()

    def read(some: Sequence[int]) -> list[Row]:
        known = kept if len(every) <= KEPT else {}
        known.update(articles.some(tx, [one for one in some if one not in known]))
        return [known[one] for one in some]

    return Numbered(every, read)
