"""A list of people in a CSV file, of ours or of another service."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TextIO

from msgspec import Struct
from msgspec.structs import replace

from syndicate.jobs.presets import GRAVEST, PLAIN, PRESETS, Preset, Status
from syndicate.jobs.sheet import ImportRefused, armed, table
from syndicate.jobs.subscribe import Person

FIELDS = (
    *("email", "name", "first", "last", "language"),
    *("status", "agreed", "network", "origin"),
)
# How listmonk writes a time: Go's own form, such as 2024-03-05 09:30:00.5 +0000 UTC.
_GO = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4})(?: \S+)?$")
_DATES = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%m/%d/%Y %H:%M", "%m/%d/%Y")


class Line(Struct, frozen=True):
    """What a line says: who, and the reader's status; None with the `word` that we do not know."""

    number: int
    person: Person
    status: Status | None
    word: str = ""


def preset(name: str, mapped: Mapping[str, str]) -> Preset:
    """Return a service's preset, its columns as mapped by hand. Raises ImportRefused."""
    if name and name not in PRESETS:
        known = ", ".join(PRESETS)
        raise ImportRefused(f"There is no preset {name!r}; there are: {known}.")
    found = PRESETS[name] if name else PLAIN
    for one in mapped:
        if one not in FIELDS:
            raise ImportRefused(f"{one!r} is no field; there are: {', '.join(FIELDS)}.")
    columns = {one: (column.strip().lower(),) for one, column in mapped.items()}
    words: Mapping[str, Status] = found.statuses if name else _ANY
    return replace(found, columns={**found.columns, **columns}, statuses=words)


# Where no service is named, the words of every one are understood; where they differ, the gravest counts.
_ALL = (PLAIN, *PRESETS.values())
_ANY: dict[str, Status] = {
    word: min((one.statuses[word] for one in _ALL if word in one.statuses), key=GRAVEST.index)
    for word in sorted({word for one in _ALL for word in one.statuses if word})
}


def read(file: TextIO, name: str, wanted: Preset, warn: Callable[[str], None]) -> Iterator[Line]:
    """Yield what the lines of a CSV file say; its header names the columns.

    `warn` is told once of columns that are not read. Raises ImportRefused, or ListEnded further down.
    """
    columns, rows = table(file, name)
    emails = wanted.columns["email"]
    if not set(emails) & set(columns):
        raise ImportRefused(
            f"{name}: the first line must name the columns, {' or '.join(emails)} among them (and name, "
            f"language if you have them), with commas between; it says: {', '.join(columns) or 'nothing'}."
        )
    known = {column for group in wanted.columns.values() for column in group} | set(wanted.filled)
    if wanted.caution:
        warn(f"{name}: {wanted.caution}")
    if unread := [column for column in columns if column not in known]:
        warn(f"{name}: these columns are not read: {', '.join(unread)}.")
    held = {
        field: [one for one in wanted.columns.get(field, ()) if one in columns] for field in FIELDS
    }
    return (_line(number, row, wanted, held) for number, row in rows)


def _line(
    number: int, row: Mapping[str, str], wanted: Preset, held: Mapping[str, Sequence[str]]
) -> Line:
    """Read a line; `held` are the columns of the file in which each field may be."""

    def first(field: str) -> str:
        for column in held[field]:
            if found := row.get(column):
                return found
        return ""

    status, word = _status(row, wanted)
    name = first("name") or " ".join(filter(None, (first("first"), first("last"))))
    agreed = first("agreed")
    at = _instant(agreed)
    origin = (first("origin"), "" if at or not agreed else f"agreed {agreed}")
    person = Person(
        address=first("email"),
        name=armed(name),
        language=first("language"),
        agreed=at,
        network=first("network"),
        origin="; ".join(filter(None, origin)),
    )
    return Line(number, person, status, word)


def _status(row: Mapping[str, str], wanted: Preset) -> tuple[Status | None, str]:
    """Return the gravest status that a line says; who has no status is active."""
    said: Sequence[str] = [
        row[column].lower() for column in wanted.columns.get("status", ()) if column in row
    ]
    if unknown := [word for word in said if word and word not in wanted.statuses]:
        return None, unknown[0]
    found = {wanted.statuses[word] for word in said if word in wanted.statuses}
    found |= {status for column, status in wanted.filled.items() if row.get(column)}
    return min(found, key=GRAVEST.index, default="active"), ""


def _instant(text: str) -> datetime | None:
    """Read a point in time; one without a zone is taken as UTC, one that makes no sense is none."""
    if not text:
        return None
    text = _GO.sub(r"\1\2", text)
    for shape in (None, *_DATES):
        with suppress(ValueError):
            at = (
                datetime.strptime(text, shape)  # noqa: DTZ007 - it gets its zone below
                if shape
                else datetime.fromisoformat(text)
            )
            return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None
