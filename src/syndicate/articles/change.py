"""How much of an article changed: nothing, its dress, or what it says (issue 2, RFC 4287 4.2.15)."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Literal

from msgspec.structs import replace

from syndicate.articles.grammar import NOTE
from syndicate.model import Article, Section

_MARKS = 30
_PLAIN = 12  # letters: in a shorter text every letter counts
_FIGURES = frozenset("〇一二三四五六七八九十百千万億兆")

Change = Literal["none", "cosmetic", "significant"]


def classify(old: Article, new: Article) -> Change:
    """Class a change.

    Cosmetic are spacing, width, capitals, punctuation and markup anywhere, marks of footnotes in title,
    summary and highlights, and one mistyped letter in a line of running text. Everything else is
    significant: a word, a figure, a date, any letter of a title, summary, highlight, heading or key point,
    a source, a picture, a line more or less.
    What the page says of itself (tags, its next part) is not what it says.
    """
    if _bare(old) == _bare(new):
        return "none"
    same = _exact(old) == _exact(new) and _agree(_running(old), _running(new))
    return "cosmetic" if same else "significant"


def says_the_same(old: Article, new: Article) -> bool:
    """Whether two pages are one article in different shapes: pictures and markup apart."""
    if _exact(replace(old, images=())) != _exact(replace(new, images=())):
        return False
    return [letters(text) for text in _running(old)] == [letters(text) for text in _running(new)]


def _bare(article: Article) -> Article:
    return replace(article, warnings=())


def _exact(article: Article) -> list[object]:
    """What counts to the letter, and how many lines there are of the rest."""
    texts = (article.title, article.summary or "", *article.highlights)
    sections = [list(_section(section)) for section in article.sections]
    bare = [letters(NOTE.sub("", text)) for text in texts]
    return [bare, len(article.lead), sections, article.images]


def _section(section: Section) -> Iterator[object]:
    texts = (section.heading or "", section.teaser_question or "", *section.key_points)
    yield [letters(text) for text in texts]
    yield section.source_date
    yield [(letters(source.name), source.url) for source in section.sources]
    yield section.teaser_answer is None, len(section.intro), len(section.body)


def _running(article: Article) -> Sequence[str]:
    """The lines of running text, in which a letter may be mended."""
    found = list(article.lead)
    for section in article.sections:
        found += (section.teaser_answer or "", *section.intro, *section.body)
    return found


def _agree(old: Sequence[str], new: Sequence[str]) -> bool:
    pairs = zip_longest(old, new, fillvalue="")
    return all(one == other or _is_mended(letters(one), letters(other)) for one, other in pairs)


def _is_mended(old: str, new: str) -> bool:
    """Whether two lines differ by one mistyped letter at most, or two letters that changed places."""
    if old == new:
        return True
    if min(len(old), len(new)) < _PLAIN or abs(len(old) - len(new)) > 1:
        return False
    start = next(at for at, pair in enumerate(zip_longest(old, new)) if pair[0] != pair[1])
    before, after = old[start:], new[start:]
    end = 0
    while end < min(len(before), len(after)) and before[-1 - end] == after[-1 - end]:
        end += 1
    cut = before[: len(before) - end], after[: len(after) - end]
    if any(unicodedata.category(c)[0] != "L" or c in _FIGURES for c in "".join(cut)):
        return False
    swapped = len(cut[0]) == 2 and cut[0] == cut[1][::-1]
    return swapped or max(map(len, cut)) <= 1


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
