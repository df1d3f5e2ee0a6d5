"""Long lists beside memory: what a pass reads of very many pages is in a file until it is kept."""

import pickle
from array import array
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile, gettempdir
from typing import Generic, TypeVar

from syndicate.store.database import StoreError

_HANDFUL = 50  # values are written together: to write each alone takes twice the time
_IN_MEMORY = 4 * 1024 * 1024  # bytes: some hundred pages never see the disk
Value = TypeVar("Value")


class Spool(Generic[Value]):
    """A list that grows at its end, in a file without a name that nobody else can read.

    Raises StoreError where the disk is full.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - `close` closes it
        self._ends = array("Q", [0])
        self._last: list[Value] = []
        self._read: tuple[int, list[Value]] = (-1, [])

    def close(self) -> None:
        """Give the file back to the disk."""
        self._file.close()

    def __len__(self) -> int:
        return self._written * _HANDFUL + len(self._last)

    def __getitem__(self, at: int) -> Value:
        handful, place = divmod(at, _HANDFUL)
        return self._handful(handful)[place]

    def __iter__(self) -> Iterator[Value]:
        left, number = len(self), 0
        while left > 0:
            some = self._handful(number)[:left]
            yield from some
            left, number = left - len(some), number + 1

    def append(self, value: Value) -> None:
        """Put a value at the end."""
        self._last.append(value)
        if len(self._last) == _HANDFUL:
            self._write(pickle.dumps(self._last))
            self._last = []

    @property
    def _written(self) -> int:
        return len(self._ends) - 1

    def _write(self, handful: bytes) -> None:
        try:
            self._file.seek(self._ends[-1])
            self._file.write(handful)
            self._file.flush()
        except OSError as error:
            raise StoreError(
                f"What pages say cannot be put down in {gettempdir()} ({error.strerror}). Make room "
                "there, or name another folder in TMPDIR."
            ) from None
        self._ends.append(self._ends[-1] + len(handful))

    def _handful(self, number: int) -> list[Value]:
        if number == self._written:
            return self._last
        if self._read[0] != number:
            self._file.seek(self._ends[number])
            data = self._file.read(self._ends[number + 1] - self._ends[number])
            self._read = number, pickle.loads(data)  # noqa: S301 - we wrote it ourselves
        return self._read[1]
