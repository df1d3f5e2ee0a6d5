"""Where the sections of a text page begin, and what each of them says (PAGES.md, "Rules")."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from syndicate.articles.grammar import asks, closes, date_of, excerpt, is_date_line, key_point
from syndicate.articles.sources import is_source, read_source
from syndicate.model import Citation, Notice, Section

_EMPTY = Notice("empty-item", "a line holds ✅ and nothing else. Remove it.")


class Sections(Struct, frozen=True):
    """What stands between the highlights and the next title; `starts` are the sections' first lines."""

    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    notices: tuple[Notice, ...]
    starts: tuple[int, ...]


class _Opening(Struct, frozen=True):
    """A section up to its date: the places of its first line and of its date line in the page."""

    start: int
    date: int
    section: Section
    notices: tuple[Notice, ...]


def read_sections(lines: Sequence[str], start: int, stop: int) -> Sections:
    """Read `lines[start:stop]`; the line before `start` tells whether a question may stand there."""
    openings = list(_openings(lines, start, stop))
    starts = [*(opening.start for opening in openings), stop]
    read = [
        _with_text(opening, lines[opening.date + 1 : end])
        for opening, end in zip(openings, starts[1:], strict=True)
    ]
    return Sections(
        tuple(lines[start : starts[0]]),
        tuple(section for section, _ in read),
        tuple(notice for _, notices in read for notice in notices),
        tuple(starts[:-1]),
    )


def _openings(lines: Sequence[str], start: int, stop: int) -> Iterator[_Opening]:
    """Yield what each date line owns. No line is looked at from two dates: the time is linear."""
    floor, dated = start, False
    for at in range(start, stop):
        if is_date_line(lines[at]):
            yield _asked(lines, floor, at) or _guessed(lines, floor, at)
            floor, dated = at + 1, True
        elif dated and (key_point(lines[at]) is not None or is_source(lines[at])):
            floor = at + 1


def _asked(lines: Sequence[str], floor: int, date: int) -> _Opening | None:
    """Find the heading by the question below it."""
    for at in range(date - 1, floor - 1, -1):
        if asks(lines[at]) and not closes(lines[at - 1]):
            start = max(at - 1, floor)
            heading = lines[start] if start < at else None
            return _Opening(start, date, *_head(heading, lines[at:date], lines[date]))
    return None


def _guessed(lines: Sequence[str], floor: int, date: int) -> _Opening:
    """Take the first line that is no sentence for the heading."""
    for at in range(floor, date):
        if not closes(lines[at]):
            section, notices = _head(lines[at], lines[at + 1 : date], lines[date])
            message = f"{excerpt(lines[at])} was taken for a heading. Put a question below it."
            return _Opening(at, date, section, (Notice("heading-guessed", message), *notices))
    return _Opening(date, date, *_head(None, (), lines[date]))


def _head(
    heading: str | None, teaser: Sequence[str], date_line: str
) -> tuple[Section, tuple[Notice, ...]]:
    day = date_of(date_line)
    message = f"{excerpt(date_line)} is no date. Write it as YYYY/MM/DD."
    section = Section(
        heading=heading,
        teaser_question=teaser[0] if teaser else None,
        teaser_answer=teaser[1] if len(teaser) > 1 else None,
        intro=tuple(teaser[2:]),
        source_date=day,
    )
    return section, (Notice("date-invalid", message),) if day is None else ()


def _with_text(opening: _Opening, lines: Sequence[str]) -> tuple[Section, list[Notice]]:
    """Add what stands after the date; the first sentence of the body is glued to a source."""
    points: list[str] = []
    sources: list[Citation] = []
    body: list[str] = []
    notices = list(opening.notices)
    for line in lines:
        point = key_point(line)
        if point is not None:
            points.append(point)
        elif is_source(line):
            source = read_source(line)
            sources.append(source.citation)
            body.append(source.rest)
            notices.extend(source.notices)
        else:
            body.append(line)
    notices.extend(_EMPTY for point in points if not point)
    section = replace(
        opening.section,
        key_points=tuple(filter(None, points)),
        sources=tuple(sources),
        body=tuple(filter(None, body)),
    )
    return section, notices
