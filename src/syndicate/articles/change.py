"""How much of an article changed: nothing, its dress, or what it says (issue 2, RFC 4287 4.2.15)."""

import unicodedata
from collections.abc import Iterator
from typing import Literal

from syndicate.model import Article, Section

_MARKS = 30

Change = Literal["none", "cosmetic", "significant"]


def classify(old: Article, new: Article) -> Change:
    """Class a change: spacing, width and punctuation are cosmetic, everything else is significant."""
    if old == new:
        return "none"
    return "cosmetic" if _essence(old) == _essence(new) else "significant"


def _essence(article: Article) -> list[object]:
    texts = (article.title, article.summary or "", *article.highlights, *article.lead)
    sections = [list(_section_essence(section)) for section in article.sections]
    return [[letters(text) for text in texts], sections, article.images]


def _section_essence(section: Section) -> Iterator[object]:
    texts = (section.heading, section.teaser_question, section.teaser_answer)
    yield [
        letters(text or "") for text in (*texts, *section.intro, *section.key_points, *section.body)
    ]
    yield section.source_date
    yield [(letters(source.name), source.url) for source in section.sources]


def letters(text: str) -> str:
    """Return what is compared of a text: letters, figures and symbols, whatever their case and width."""
    normal = unicodedata.normalize("NFKC", "".join(_stream_safe(text))).casefold()
    return "".join(c for c in normal if unicodedata.category(c)[0] in "LNS")


def _stream_safe(text: str) -> Iterator[str]:
    """Leave out marks after 30 in a row (UAX 15): sorting them takes the square of their number."""
    run = 0
    for c in text:
        run = run + 1 if unicodedata.combining(unicodedata.normalize("NFKD", c)[0]) else 0
        if run <= _MARKS:
            yield c
