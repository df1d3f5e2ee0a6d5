"""Text pages: title, summary, highlights, lead, sections, next title (PAGES.md)."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from syndicate.articles import front
from syndicate.articles.decode import decode, lines_of
from syndicate.articles.grammar import (
    excerpt,
    highlight,
    is_date_line,
    is_marked_in_english,
    next_page,
    speaks_japanese,
)
from syndicate.articles.sections import read_sections
from syndicate.articles.sources import is_source
from syndicate.model import Article, Notice, Page, Section

_EMPTY = Notice("empty-item", "a line holds 💡 and nothing else. Remove it.")


class _Head(Struct, frozen=True):
    """The lines before the lead, but `dates` are of it; `end` is the place of the line after them."""

    title: str
    dates: tuple[str, ...]
    summary: str | None
    highlights: tuple[str, ...]
    end: int
    notices: tuple[Notice, ...]


class _Foot(Struct, frozen=True):
    """The lines from the mark of the next page on; `start` is the mark's place."""

    start: int
    next_title: str | None = None
    stray: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


def parse(page: Page, default_language: str) -> Article:
    """Read a text page (UTF-8). Raises PageRefused."""
    text, notices = decode(page)
    front.refuse_begun(text, page.path)
    article = read_lines(lines_of(text), default_language)
    return replace(article, warnings=(*notices, *article.warnings))


def read_lines(lines: Sequence[str], default_language: str, *, has_summary: bool = True) -> Article:
    """Read the lines of a page, at least one: none is blank, or has blanks at its ends.

    Without `has_summary` the second line is none, whatever it says.
    """
    return read_placed(lines, default_language, has_summary=has_summary)[0]


def read_placed(
    lines: Sequence[str], default_language: str, *, has_summary: bool = True
) -> tuple[Article, tuple[int, ...]]:
    """Read lines as `read_lines` does; return in which of them each section begins, too."""
    head = _head(lines, has_summary=has_summary)
    foot = _foot(lines, head.end)
    middle = read_sections(lines, head.end, foot.start)
    lead, sections = _with_stray((*head.dates, *middle.lead), middle.sections, foot.stray)
    missing = tuple(_missing(lead, sections))
    article = Article(
        title=head.title,
        summary=head.summary,
        highlights=head.highlights,
        lead=lead,
        sections=sections,
        next_title=foot.next_title,
        language=_language(head, lines, default_language),
        warnings=(
            *head.notices,
            *middle.notices,
            *foot.notices,
            *missing,
            *_unread_marks(lines[head.end : foot.start]),
        ),
    )
    return article, middle.starts


def _head(lines: Sequence[str], *, has_summary: bool) -> _Head:
    notices = []
    first = 1  # a date above the summary is the page's own, and no section's
    while has_summary and first < len(lines) and is_date_line(lines[first]):
        first += 1
    second = lines[first] if has_summary and first < len(lines) else None
    summary = second if second is not None and highlight(second) is None else None
    start = first if summary is None else first + 1
    if summary is None:
        message = "the page has no summary. Write it on one line below the title."
        notices.append(Notice("no-summary", message))
    end = next((at for at in range(start, len(lines)) if highlight(lines[at]) is None), len(lines))
    said = [highlight(line) for line in lines[start:end]]
    notices.extend(_EMPTY for text in said if not text)
    highlights = tuple(text for text in said if text)
    return _Head(lines[0], tuple(lines[1:first]), summary, highlights, end, tuple(notices))


def _language(head: _Head, lines: Sequence[str], default: str) -> str:
    if speaks_japanese(head.title) or speaks_japanese(head.summary or ""):
        return "ja"
    return "en" if any(is_marked_in_english(line) for line in lines[head.end :]) else default


def _foot(lines: Sequence[str], start: int) -> _Foot:
    for at in range(start, len(lines)):
        same_line = next_page(lines[at])
        if same_line is not None:
            said = [line for line in (same_line, *lines[at + 1 :]) if line]
            title, stray = said[0] if said else None, tuple(said[1:])
            return _Foot(at, title, stray, tuple(_foot_notices(title, stray)))
    return _Foot(len(lines))


def _foot_notices(title: str | None, stray: Sequence[str]) -> Iterator[Notice]:
    if title is None:
        message = "the page announces a next part without its title. Write it on the last line."
        yield Notice("no-next-title", message)
    if stray:
        message = f"the text from {excerpt(stray[0])} on stands after the next title."
        yield Notice("text-after-next", f"{message} Move it before the mark of the next page.")


def _with_stray(
    lead: tuple[str, ...], sections: tuple[Section, ...], stray: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Section, ...]]:
    """Put what stands after the next title at the end of the text."""
    if not sections:
        return (*lead, *stray), ()
    *others, last = sections
    return lead, (*others, replace(last, body=(*last.body, *stray)))


def _unread_marks(lines: Sequence[str]) -> Iterator[Notice]:
    """Name the first line that has the arrow of a mark and is none: it is text."""
    unread = next((line for line in lines if "⇒" in line and not is_source(line)), None)
    if unread is not None:
        message = f"{excerpt(unread)} holds ⇒ and is no mark, so it is text. Marks: docs/pages.md."
        yield Notice("mark-unknown", message)


def _missing(lead: tuple[str, ...], sections: tuple[Section, ...]) -> Iterator[Notice]:
    """Name what an article of this shape has and this one lacks."""
    if not lead and not sections:
        yield Notice("empty-body", "the page has no text below its title and summary. Write it.")
    for number, section in enumerate(sections, 1):
        parts = (
            ("no-heading", "heading", section.heading),
            ("no-question", "question", section.teaser_question),
            ("no-answer", "answer to its question", section.teaser_answer),
            ("empty-body", "body", section.body),
        )
        for code, what, text in parts:
            if not text:
                yield Notice(code, f"section {number} has no {what}. Write it.")
