"""A list of people to be subscribed, in a CSV file."""

import csv
import re
from collections.abc import Callable, Iterator
from typing import TextIO

from syndicate.errors import SyndicateError
from syndicate.jobs.subscribe import ListEnded, Person

_COLUMNS = ("email", "name", "language")
_BROKEN = re.compile(
    "[\udc80-\udcff]"
)  # what `errors="surrogateescape"` makes of bytes that are no text


class ImportRefused(SyndicateError):
    """A file cannot be imported at all; the message says what was expected."""


def read_csv(file: TextIO, name: str, warn: Callable[[str], None]) -> Iterator[tuple[int, Person]]:
    """Yield people of a CSV file with their line numbers; its header names the columns.

    `file` is opened with `errors="surrogateescape"`, so that the line of a bad byte is known. `warn`
    is told once of columns that are not read. Raises ImportRefused, or ListEnded further down.
    """
    reader = csv.DictReader(file)
    columns = _columns(reader, name)
    if "email" not in columns:
        raise ImportRefused(
            f"{name}: the first line must name the columns, email among them (and name, language "
            f"if you have them); it says: {', '.join(columns) or 'nothing'}."
        )
    if unread := [column for column in columns if column not in _COLUMNS]:
        warn(
            f"{name}: these columns are not read: {', '.join(unread)} (known: {', '.join(_COLUMNS)})."
        )
    reader.fieldnames = columns
    for row in _rows(reader, name):
        address = (row.get("email") or "").strip()
        if any(row.get(column) for column in columns):
            yield (
                reader.line_num,
                Person(
                    address, (row.get("name") or "").strip(), (row.get("language") or "").strip()
                ),
            )


def _columns(reader: "csv.DictReader[str]", name: str) -> list[str]:
    try:
        columns = [column.strip().lower() for column in reader.fieldnames or ()]
    except csv.Error as error:
        raise ImportRefused(f"{name}: the first line cannot be read ({error}).") from None
    if any(map(_BROKEN.search, columns)):
        raise ImportRefused(f"{name}: this is not UTF-8 text. Save it as CSV in UTF-8.")
    return columns


def _rows(reader: "csv.DictReader[str]", name: str) -> Iterator[dict[str, str]]:
    """Yield rows up to the first that cannot be read. Raises ListEnded, which names its line."""
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ListEnded(f"{name}: line {line} cannot be read ({error}).") from None
        if any(_BROKEN.search(str(text)) for text in row.values()):
            raise ListEnded(f"{name}: line {reader.line_num} is not UTF-8 text.")
        yield row
