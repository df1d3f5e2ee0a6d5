"""Tables in CSV files: read in UTF-8 (with or without a mark) or Shift_JIS, and written without formulas."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

from syndicate.errors import SyndicateError

BATCH = 1000  # rows a transaction: a large import holds up no letter
Row = TypeVar("Row")
_SAMPLE = 1 << 20  # bytes of one look at the encoding
_CELL = 1 << 20  # characters: what Python allows of a cell is less than some notes have
# A program for tables runs what begins with one of these; OWASP, "CSV Injection".
_NO_TEXT = re.compile("[\x80\xa0\uf8f0-\uf8f3]")  # what cp932 makes of bytes that mean nothing
_FORMULA = tuple("=+-@\t\r")


class ImportRefused(SyndicateError):
    """A file cannot be imported at all; the message says what was expected."""


class ListEnded(SyndicateError):
    """A file cannot be read from some line on; what stood before it counts."""


@contextmanager
def reading(file: Path) -> Iterator[TextIO]:
    """Open a table in the encoding that all of it has. Raises ImportRefused."""
    try:
        with file.open(encoding=_encoding(file), newline="") as text:
            yield text
    except OSError as error:
        raise ImportRefused(f"{file}: cannot be read ({error.strerror}).") from None


def rows_of(file: Path) -> int:
    """Count the rows of a table by its line ends: a cell that holds one makes it a little too many."""
    with file.open("rb") as lines:
        pieces = iter(lambda: lines.read(_SAMPLE), b"")
        return max(sum(piece.count(b"\n") for piece in pieces) - 1, 0)


def _encoding(file: Path) -> str:
    """Return the encoding of a file, which is read once for it, in little memory."""
    for name in ("utf-8-sig", "cp932"):
        if _is(file, name):
            return name
    raise ImportRefused(
        f"{file}: line {_first_bad_line(file)} is neither UTF-8 nor Shift_JIS text. Save the file as CSV in "
        "UTF-8."
    )


def _first_bad_line(file: Path) -> int:
    """Return the first line that is not UTF-8."""
    number = 0
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                text = line.decode()
            except UnicodeDecodeError:
                return number
            if "\0" in text:
                return number
    return number


def _is(file: Path, encoding: str) -> bool:
    with file.open(encoding=encoding, newline="") as text:
        try:
            while piece := text.read(_SAMPLE):
                if "\0" in piece or (encoding == "cp932" and _NO_TEXT.search(piece)):
                    return False
        except UnicodeDecodeError:
            return False
    return True


def table(text: TextIO, name: str) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """Return the columns, in lower case, and the rows with their line numbers; empty rows are left out.

    Raises ImportRefused, or ListEnded further down.
    """
    csv.field_size_limit(_CELL)
    reader = csv.reader(text)
    try:
        columns = [one.strip().lower() for one in next(reader, [])]
    except csv.Error as error:
        raise ImportRefused(f"{name}: the first line cannot be read ({error}).") from None
    return columns, _rows(reader, columns, name)


def _rows(
    reader: "Iterator[list[str]]", columns: Sequence[str], name: str
) -> Iterator[tuple[int, dict[str, str]]]:
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ListEnded(f"{name}: line {line + 1} cannot be read ({error}).") from None
        line = getattr(reader, "line_num", line + 1)
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        if any(cells.values()):
            yield line, cells


def batches(rows: Iterable[Row], ended: Callable[[str], None]) -> Iterator[list[Row]]:
    """Yield rows by BATCH; what was read before a list ended by a fault is not lost."""
    batch: list[Row] = []
    try:
        for one in rows:
            batch.append(one)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except ListEnded as error:
        ended(str(error))
    if batch:
        yield batch


def defused(text: str) -> str:
    """Write a cell so that no program takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def armed(text: str) -> str:
    """Return what a cell said before it was defused: our own table comes back as it left."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
