"""How much of an article changed: nothing, its dress, or what it says (issue 2, RFC 4287 4.2.15)."""

import unicodedata
from collections.abc import Iterator
from typing import Literal

from syndicate.model import Article, Section

Change = Literal["none", "cosmetic", "significant"]


def classify(old: Article, new: Article) -> Change:
    """Class a change: spacing, width and punctuation are cosmetic, everything else is significant."""
    if old == new:
        return "none"
    return "cosmetic" if _essence(old) == _essence(new) else "significant"


def _essence(article: Article) -> list[object]:
    texts = (article.title, article.summary or "", *article.highlights, *article.lead)
    sections = [list(_section_essence(section)) for section in article.sections]
    return [[_letters(text) for text in texts], sections, article.images]


def _section_essence(section: Section) -> Iterator[object]:
    texts = (section.heading, section.teaser_question, section.teaser_answer)
    yield [
        _letters(text or "")
        for text in (*texts, *section.intro, *section.key_points, *section.body)
    ]
    yield section.source_date
    yield [(_letters(source.name), source.url) for source in section.sources]


def _letters(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in normal if unicodedata.category(c)[0] in "LNS")
