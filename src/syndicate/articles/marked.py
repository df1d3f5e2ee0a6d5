"""Pages with markup read by the same rules as text pages (PAGES.md, "pages of the same shape")."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from unicodedata import east_asian_width

from msgspec import Struct
from msgspec.structs import replace

from syndicate.articles.blocks import Line, is_byline
from syndicate.articles.decode import BLANKS
from syndicate.articles.grammar import closes, highlight, is_date_line, key_point, next_page
from syndicate.articles.metadata import About
from syndicate.articles.series import title_key
from syndicate.articles.sources import CREDIT_AT_END, is_source, name_at, read_source
from syndicate.articles.text import read_placed
from syndicate.errors import PageRefused
from syndicate.model import Article, Citation, Notice, Section

_NEAR = 3  # lines in which a page repeats the title that it is given; below it is a heading's
_LINKS = 20  # of a source line: one names it
_HEAD = 6  # lines below a title: what tells of the page is over there
_CUT = re.compile(r"[\s\[\]().…]+$")  # how sites end a description that they cut short


class Marked(Struct, frozen=True):
    """What was read. `told` are the lines that are shown elsewhere than in the article's text.

    `shaped` tells whether the page is of the model shape, with dates of sources; then `places` are the
    numbers of the sections that pictures stand in, by their addresses.
    """

    article: Article
    told: tuple[Line, ...]
    shaped: bool
    places: Mapping[str, int]


def read_marked(
    lines: Sequence[Line], own: About, fallback: About, default_language: str, path: str
) -> Marked:
    """Read the lines of a page; `own` takes the place of its first lines, `fallback` fills gaps."""
    if any(line.soft for line in lines) and not any(is_date_line(line.mark) for line in lines):
        lines = list(_joined(lines))
    title, before, rest = _titled(lines, own, fallback)
    count = 0 if own.summary else _bylines(rest, fallback)
    before, rest = [*before, *rest[:count]], rest[count:]
    if title is None:
        raise PageRefused(f"{path}: has no text and no title. Write the article, or remove it.")
    others = {id(line) for line in (*before, *rest)}
    named = [line for line in lines if id(line) not in others]
    shaped = any(is_date_line(line.mark) for line in rest)
    summary, taken = _summary(rest, own, fallback, _has_head(rest) or shaped)
    rest = [line for line in rest if line is not taken]
    rest = [_framed(line) for line in rest] if shaped else rest
    split = [piece for line in rest for piece in _sourced(line)]
    texts = [title, *([summary] if summary else []), *(_read(one, shaped) for one in split)]
    article, starts = read_placed(texts, default_language, has_summary=bool(summary))
    places: dict[str, int] = {}
    told = [*named, *([taken] if taken else [])]
    highlights = _highlights(split)
    told += split[:highlights]
    if shaped:
        article = replace(article, lead=(*(line.text for line in before), *article.lead))
        for at, line in enumerate(split, len(texts) - len(split)):
            places |= dict.fromkeys(line.pictures, bisect_right(starts, at))
    else:
        foot = next(
            (at for at, line in enumerate(split) if next_page(line.mark) is not None), len(split)
        )
        after = len(split) - len(article.lead[foot - highlights :])
        told += split[foot:after]
        stray = tuple(line.text for line in split[after:])
        article = _ordinary(article, [*before, *split[highlights:foot]], stray)
    if language := own.language or fallback.language:
        article = replace(article, language=language)
    return Marked(article, tuple(told), shaped, places)


def _read(line: Line, shaped: bool) -> str:
    """What is read of a line: the marks of a program are none, but on a page of the shape nothing is lost."""
    return line.text if shaped or not line.code else f"`{line.text}"


def _framed(line: Line) -> Line:
    """Write the address of an embedded frame after its title."""
    named = line.frame and line.text != line.frame
    return replace(line, text=f"{line.text} {line.frame}") if named else line


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Put the lines of a paragraph together, but for those that begin with a mark."""
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and (not paragraph[-1].soft or _is_marked(line.mark)):
            yield _as_one(paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield _as_one(paragraph)


def _as_one(lines: Sequence[Line]) -> Line:
    if len(lines) == 1:
        return lines[0]
    pieces = [lines[0].text]
    for one, other in pairwise(lines):
        pieces += (between(one.text, other.text), other.text)
    nodes = [node for one in lines for node in one.nodes]
    links = [link for one in lines for link in one.links]
    return Line("".join(pieces), lines[0].level, nodes, links)


def _is_marked(text: str) -> bool:
    return (
        highlight(text) is not None
        or key_point(text) is not None
        or next_page(text) is not None
        or is_source(text)
    )


def between(before: str, after: str, blank: str = " ") -> str:
    """Return what stands between two lines of a paragraph: nothing where both sides have no blanks."""
    sides = (before[-1:], after[:1])
    wide = all(side and east_asian_width(side) in "WF" for side in sides)
    return "" if wide else blank


def _titled(
    lines: Sequence[Line], own: About, fallback: About
) -> tuple[str | None, list[Line], list[Line]]:
    """Return the title, the lines before it, and those after it."""
    first = next((at for at, line in enumerate(lines) if line.level == 1), None)
    title, same = own.title or (fallback.title if first is None else None), first
    if title:
        key = title_key(title)
        near = (at for at, line in enumerate(lines) if at < _NEAR or line.level == 1)
        same = next((at for at in near if title_key(lines[at].text) == key), None)
    elif first is None:
        same = 0 if lines else None
    if same is None:
        return title, [], list(lines)
    return title or lines[same].text, list(lines[:same]), list(lines[same + 1 :])


def _bylines(rest: Sequence[Line], fallback: About) -> int:
    """Count the lines below the title that tell when and by whom the page was written: none is a summary."""
    named = next((at for at, line in enumerate(rest[:_HEAD]) if not is_byline(line)), 0)
    stem = _stem(fallback)
    for at, line in enumerate(rest[:_HEAD] if stem else ()):
        if title_key(line.text).startswith(stem):
            return max(named, at)
        if line.level or closes(line.text) or highlight(line.mark) is not None:
            break
    return named


def _stem(fallback: About) -> str:
    """Return what the line that says the summary begins with; a description may be cut short."""
    return title_key(_CUT.sub("", fallback.summary)) if fallback.summary else ""


def _has_head(rest: Sequence[Line]) -> bool:
    """Whether highlights stand where the model shape has them."""
    return any(highlight(line.mark) is not None for line in rest[:2])


def _summary(
    rest: Sequence[Line], own: About, fallback: About, shaped: bool
) -> tuple[str | None, Line | None]:
    """Return the summary, and the line that says it."""
    first = rest[0] if rest else None
    if own.summary:
        key = title_key(own.summary)
        return own.summary, next((one for one in rest[:3] if title_key(one.text) == key), None)
    if first is not None and not first.level and highlight(first.text) is None:
        stem = _stem(fallback)
        begins = not stem or title_key(first.text).startswith(stem)
        if shaped or (begins and not is_source(first.text) and first.flows):
            return first.text, first
    return fallback.summary, None


def _highlights(lines: Sequence[Line]) -> int:
    return next((at for at, one in enumerate(lines) if highlight(one.mark) is None), len(lines))


def _ordinary(article: Article, lines: Sequence[Line], stray: tuple[str, ...]) -> Article:
    """Divide a page without dates at its headings; an ordinary article lacks nothing.

    `stray` is what stands after the next title: it ends the text.
    """
    lead: list[str] = []
    parts: list[tuple[str, list[Citation], list[str]]] = []  # headings, sources, texts
    for line in lines:
        if line.level:
            parts.append((line.text, [], []))
        elif not parts:
            lead.append(line.text)
        elif is_source(line.mark) and (source := read_source(line.text)).citation.url:
            parts[-1][1].append(source.citation)
            parts[-1][2].extend(filter(None, [source.rest]))
        else:
            parts[-1][2].append(line.text)
    quiet = {"no-summary", "empty-body", "mark-unknown"}
    warnings = tuple(one for one in article.warnings if one.code not in quiet)
    if not lead and not parts and not article.summary:
        message = "the page has no text below its title. Write it."
        warnings = (*warnings, Notice("empty-body", message))
    (parts[-1][2] if parts else lead).extend(stray)
    sections = (
        Section(heading=heading, sources=tuple(sources), body=tuple(body))
        for heading, sources, body in parts
    )
    return replace(article, lead=tuple(lead), sections=tuple(sections), warnings=warnings)


def _sourced(line: Line) -> list[Line]:
    """Write a source that is a link as a source line, and the text after it as one of its own."""
    if not is_source(line.mark) or not line.links:
        return [line]
    start = name_at(line.text)
    text, place = line.text, start
    for name, address in line.links[:_LINKS]:
        at = text.find(name, place) if name else -1
        if at < 0 or not address.lower().startswith(("http://", "https://")):
            continue
        said = CREDIT_AT_END.sub("", text[start:at]).strip(BLANKS)
        rest = text[at + len(name) :]
        if not said:
            said = name
        elif said == text[start:at].strip(BLANKS):
            continue  # a link in the name, and no credit before it
        rest = _without_address(rest, address, line.links)
        head = f"{text[:start]}{said}出典/画像元: {address}"
        after = [replace(line, text=rest, links=[])] if rest else []
        return [replace(line, text=head, links=[]), *after]
    return [line]


def _without_address(rest: str, address: str, links: Sequence[tuple[str, str]]) -> str:
    """Drop a credit that says the same address once more."""
    said = read_source(f"さらに読む ⇒{rest}")
    if said.citation.url == address and not said.citation.name:
        return said.rest
    for name, other in links[:_LINKS]:
        before, found, after = rest.partition(name)
        if found and other == address and CREDIT_AT_END.fullmatch(before.strip(BLANKS)):
            return after.strip(BLANKS)
    return rest.strip(BLANKS)
