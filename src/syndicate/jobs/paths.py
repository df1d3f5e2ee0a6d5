"""Very many paths in little memory: some hundred are packed together, and unpacked where they are asked for.

What a first pass tells of 100,000 new pages takes a thirtieth so (issue 4).
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

_TOGETHER = 500
_BETWEEN = "\0"  # no path holds it


class Paths(Sequence[str]):
    """A list of paths that grows at its end."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._packed, self._last = list[bytes](), list[str]()
        self.extend(paths)

    def append(self, path: str) -> None:
        """Put a path at the end."""
        self._last.append(path)
        if len(self._last) == _TOGETHER:
            said = _BETWEEN.join(self._last).encode(errors="surrogatepass")
            self._packed.append(zlib.compress(said, 1))
            self._last = []

    def extend(self, paths: Iterable[str]) -> None:
        """Put paths at the end."""
        for one in paths:
            self.append(one)

    def _some(self, number: int) -> list[str]:
        if number == len(self._packed):
            return self._last
        said = zlib.decompress(self._packed[number])
        return said.decode(errors="surrogatepass").split(_BETWEEN)

    def __len__(self) -> int:
        return len(self._packed) * _TOGETHER + len(self._last)

    def __iter__(self) -> Iterator[str]:
        for number in range(len(self._packed) + 1):
            yield from self._some(number)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return [*islice(self, start, stop, step)]
        number, within = divmod(range(len(self))[place], _TOGETHER)
        return self._some(number)[within]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str) or not isinstance(other, Sequence):
            return NotImplemented
        return [*self] == [*other]

    def __repr__(self) -> str:
        return f"Paths({[*self]})"

    __hash__ = None  # type: ignore[assignment]
