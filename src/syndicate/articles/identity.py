"""Which article a page is: the one of its text, of its file, of its title, or a new one (issue 2)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from syndicate.articles.likeness import is_alike, is_edit
from syndicate.model import Article

_RECENT = 20  # articles of one title whose text is compared: a weekly page has one a week


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that is new or changed: `digest` is the content hash of what it says."""

    path: str
    digest: str
    title_key: str
    article: Article


@dataclass(frozen=True, slots=True)
class Known:
    """The articles known before a pass, by what finds them; those of one title are oldest first.

    `settled` maps articles to the file that holds them and did not change in this pass. `standing`
    are the files that were there at the last pass. `said` tells what an article says.
    """

    by_digest: Mapping[str, int]
    by_path: Mapping[str, int]
    by_title: Mapping[str, Sequence[int]]
    settled: Mapping[int, str]
    standing: Collection[str]
    said: Callable[[int], Article]


@dataclass(frozen=True, slots=True)
class Identity:
    """The decision: `article_id` is None for a new article; `other` names the file of a double.

    `not_this` is an article without a file that a new one could be taken for, by its file or title.
    """

    kind: Literal["same", "moved", "new", "double"]
    article_id: int | None = None
    other: str | None = None
    not_this: int | None = None


def identify(candidates: Sequence[Candidate], known: Known) -> dict[str, Identity]:
    """Decide which article each candidate is, by its path.

    All texts are compared before any file name, and names before titles, so that files that swap
    their names, or a new page under an old one's name, change nothing but names. A name or a title
    alone is no proof: another text there is a new article, or its readers would never be told of it.
    """
    decided: dict[str, Identity] = {}
    settled = dict(known.settled)
    for found in (_by_digest, _by_path, _by_title):
        for one in candidates:
            if one.path in decided:
                continue
            numbers = list(found(one, known))
            article_id = next((number for number in numbers if number not in settled), None)
            if article_id is not None:
                settled[article_id] = one.path
                same = known.by_path.get(one.path) == article_id
                decided[one.path] = Identity("same" if same else "moved", article_id)
            elif numbers and found is _by_digest:
                decided[one.path] = Identity("double", other=settled[numbers[0]])
    left = [one for one in candidates if one.path not in decided]
    return {**decided, **_newcomers(left, known, settled)}


def _by_digest(one: Candidate, known: Known) -> Iterator[int]:
    if one.digest in known.by_digest:
        yield known.by_digest[one.digest]


def _by_path(one: Candidate, known: Known) -> Iterator[int]:
    """The article of the same file; once the file was gone, its title alone says nothing."""
    number = known.by_path.get(one.path)
    if number is not None:
        agrees = is_edit if one.path in known.standing else is_alike
        if agrees(known.said(number), one.article):
            yield number


def _by_title(one: Candidate, known: Known) -> Iterator[int]:
    for number in _namesakes(one, known, known.settled):
        if is_alike(known.said(number), one.article):
            yield number


def _namesakes(one: Candidate, known: Known, settled: Collection[int]) -> Iterator[int]:
    """The newest articles of a title that no file holds, newest first."""
    free = [number for number in known.by_title.get(one.title_key, ()) if number not in settled]
    yield from reversed(free[-_RECENT:])


def _newcomers(
    candidates: Sequence[Candidate], known: Known, settled: Collection[int]
) -> dict[str, Identity]:
    """New articles, one for each text."""
    first: dict[str, str] = {}
    for one in candidates:
        first.setdefault(one.digest, one.path)
    return {
        one.path: Identity("new", not_this=_passed_over(one, known, settled))
        if first[one.digest] == one.path
        else Identity("double", other=first[one.digest])
        for one in candidates
    }


def _passed_over(one: Candidate, known: Known, settled: Collection[int]) -> int | None:
    number = known.by_path.get(one.path)
    if number is not None and number not in settled:
        return number
    return next(_namesakes(one, known, settled), None)
