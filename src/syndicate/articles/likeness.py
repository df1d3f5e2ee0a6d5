"""Whether two texts can be one article that was edited, however much (issue 2)."""

from collections.abc import Iterator

from msgspec.structs import replace

from syndicate.articles.change import letters
from syndicate.articles.series import title_key
from syndicate.model import Article

_RUN = 6  # letters: two texts of one language and matter share about one such run in twenty
_SHARE = 1 / 3  # of the runs of the shorter text: cut, grown or rearranged, an article keeps more
_MOST = 2 / 3  # of them stay where little was edited
_TELLING = 60  # letters: less may be a formula
_COMPARED = 20_000  # letters of a text that are looked at: a dozen pages of print


def is_edit(old: Article, new: Article) -> bool:
    """Whether a file that held `old` holds it still: the title or the text agrees."""
    return title_key(old.title) == title_key(new.title) or is_alike(old, new)


def is_alike(old: Article, new: Article) -> bool:
    """Whether the texts agree, titles apart: a third of the shorter one stands in the other.

    Two articles without a text agree.
    """
    return _share(old, new, _SHARE)


def is_close(old: Article, new: Article) -> bool:
    """Whether the texts are nearly the same, titles apart."""
    return _share(old, new, _MOST)


def _share(old: Article, new: Article, least: float) -> bool:
    before, after = _text(old), _text(new)
    if before == after:
        return True
    runs, others = _runs(before), _runs(after)
    shorter = min(len(runs), len(others))
    return shorter > 0 and len(runs & others) >= shorter * least


def is_retitled(old: Article, new: Article) -> bool:
    """Whether nothing differs but the title, and there is enough of the rest to know an article by.

    A few words may be all that is said every day.
    """
    same = replace(old, title=new.title, warnings=new.warnings, metadata=new.metadata) == new
    dated = old.metadata.published == new.metadata.published
    original = old.metadata.canonical == new.metadata.canonical
    return same and dated and original and (len(_text(old)) >= _TELLING or bool(old.images))


def is_part(old: Article, new: Article) -> bool:
    """Whether all that `old` says below its title stands in `new`, as in a page that is half-written."""
    return _text(old) in _text(new)


def _text(article: Article) -> str:
    """The letters of all that an article says below its title, as far as they are compared."""
    said, length = list[str](), 0
    for text in _texts(article):
        said.append(letters(text))
        length += len(said[-1])
        if length >= _COMPARED:
            break
    return "".join(said)[:_COMPARED]


def _texts(article: Article) -> Iterator[str]:
    yield from (article.summary or "", *article.highlights, *article.lead)
    for section in article.sections:
        yield from (
            text or "" for text in (section.heading, section.teaser_question, section.teaser_answer)
        )
        yield from (*section.intro, *section.key_points, *section.body)


def _runs(text: str) -> set[str]:
    return {text[start : start + _RUN] for start in range(max(len(text) - _RUN + 1, 1))}
