"""Text pages of the model shape (PAGES.md). No line is lost: each stands in the article once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from syndicate.articles import grammar
from syndicate.articles.decode import decode
from syndicate.articles.grammar import DateLine
from syndicate.model import Article, Citation, Notice, Page, Section

_KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")


@dataclass(frozen=True, slots=True)
class _Teaser:
    """The lines before a date that introduce its section; `start` is where they begin."""

    start: int
    heading: str | None
    question: str | None
    answer: str | None
    intro: tuple[str, ...]
    guessed: bool


def parse(page: Page, default_language: str) -> Article:
    """Read a text page, or raise PageRefused."""
    lines, notices = decode(page)
    title, rest = lines[0], lines[1:]
    summary = rest.pop(0) if rest and grammar.highlight(rest[0]) is None else None
    if summary is None:
        notices = (*notices, Notice("no-summary", "the second line is no summary"))
    highlights = _highlights(rest)
    content, next_title, after = _split_next(rest[len(highlights) :])
    if after:
        notices = (
            *notices,
            Notice("text-after-next", f"{len(after)} lines follow the next page's title"),
        )
    lead, sections, found = _sections([*content, *after], len(content))
    spoken = title + (summary or "")
    return Article(
        title=title,
        summary=summary,
        highlights=highlights,
        lead=lead,
        sections=sections,
        next_title=next_title,
        language="ja" if _KANA.search(spoken) else default_language,
        warnings=(*notices, *found),
    )


def _highlights(lines: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        text = grammar.highlight(line)
        if text is None:
            break
        found.append(text)
    return tuple(found)


def _split_next(lines: list[str]) -> tuple[list[str], str | None, list[str]]:
    """Split off the next part's title: the lines before its mark, the title, the lines after it."""
    for at in range(len(lines) - 1, -1, -1):
        title = grammar.next_marker(lines[at])
        if title:
            return lines[:at], title, lines[at + 1 :]
        if title == "" and at + 1 < len(lines):
            return lines[:at], lines[at + 1], lines[at + 2 :]
    return lines, None, []


def _sections(
    lines: Sequence[str], end: int
) -> tuple[tuple[str, ...], tuple[Section, ...], list[Notice]]:
    """Read lead and sections; date lines from `end` on are text."""
    dates = [(at, day) for at, line in enumerate(lines[:end]) if (day := grammar.date_line(line))]
    notices: list[Notice] = []
    teasers = [
        _teaser(lines, start, at)
        for start, (at, _) in zip(_floors(lines, dates), dates, strict=True)
    ]
    ends = [*(teaser.start for teaser in teasers[1:]), len(lines)]
    sections = tuple(
        _section(lines, teaser, at, day, stop, notices)
        for teaser, (at, day), stop in zip(teasers, dates, ends, strict=True)
    )
    lead = lines[: teasers[0].start] if teasers else lines
    return tuple(lead), sections, notices


def _floors(lines: Sequence[str], dates: Sequence[tuple[int, DateLine]]) -> list[int]:
    """Where, going back from each date, its section can begin: after the last ✅ or source before."""
    floors = [0] if dates else []
    for (before, _), (at, _) in zip(dates, dates[1:], strict=False):
        marked = (
            one
            for one in range(at - 1, before, -1)
            if grammar.key_point(lines[one]) is not None
            or grammar.source_line(lines[one]) is not None
        )
        floors.append(next(marked, before) + 1)
    return floors


def _teaser(lines: Sequence[str], floor: int, date_at: int) -> _Teaser:
    """Find heading, question, answer and intro between `floor` and a date line."""
    for at in range(date_at - 1, floor, -1):
        if grammar.is_question(lines[at]) and not grammar.ends_a_sentence(lines[at - 1]):
            return _teaser_from(lines, at - 1, date_at, guessed=False)
    for at in range(floor, date_at):
        if not grammar.ends_a_sentence(lines[at]):
            return _teaser_from(lines, at, date_at, guessed=True)
    return _Teaser(date_at, None, None, None, (), guessed=True)


def _teaser_from(lines: Sequence[str], heading_at: int, date_at: int, *, guessed: bool) -> _Teaser:
    stretch = lines[heading_at:date_at]
    heading, question, answer = (*stretch[:3], None, None)[:3]
    return _Teaser(heading_at, heading, question, answer, tuple(stretch[3:]), guessed)


def _section(
    lines: Sequence[str],
    teaser: _Teaser,
    date_at: int,
    day: DateLine,
    stop: int,
    notices: list[Notice],
) -> Section:
    points: list[str] = []
    sources: list[Citation] = []
    body: list[str] = []
    name = teaser.heading or f"the section of line {date_at + 1}"
    for line in lines[date_at + 1 : stop]:
        point, source = grammar.key_point(line), grammar.source_line(line)
        if point is not None:
            points.append(point)
        elif source is not None:
            sources.append(Citation(source.name, source.url))
            body += [source.glued] if source.glued else []
            if source.guessed:
                notices.append(Notice("url-end-guessed", f"where {source.url} ends was guessed"))
        else:
            body.append(line)
    if day.day is None:
        notices.append(Notice("date-invalid", f"no such day: {lines[date_at]}"))
    if teaser.guessed or teaser.answer is None:
        notices.append(
            Notice("heading-guessed", f"heading, question or answer are unclear: {name}")
        )
    if not body:
        notices.append(Notice("empty-body", f"no text after the key points: {name}"))
    return Section(
        heading=teaser.heading,
        teaser_question=teaser.question,
        teaser_answer=teaser.answer,
        intro=teaser.intro,
        source_date=day.day,
        key_points=tuple(points),
        sources=tuple(sources),
        body=tuple(body),
    )
