"""Which article a page is: the one of its text, of its file, of its title, or a new one (issue 2)."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from syndicate.articles.change import says_the_same
from syndicate.articles.likeness import is_alike, is_edit, is_part
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

    `by_digest` are their texts, `by_former` all that they ever had. `by_canonical` holds the addresses
    of originals that one article alone names. `settled` maps articles to the file that holds them and
    did not change in this pass; `unread` are those files among them that did, and could not be read yet.
    `standing` are the files that were there at the last pass. `said` tells what an article says.
    """

    by_digest: Mapping[str, int]
    by_former: Mapping[str, int]
    by_canonical: Mapping[str, int]
    by_path: Mapping[str, int]
    by_title: Mapping[str, Sequence[int]]
    settled: Mapping[int, str]
    unread: Collection[str]
    standing: Collection[str]
    said: Callable[[int], Article]


@dataclass(frozen=True, slots=True)
class Identity:
    """The decision: `article_id` is None for a new article; `other` names the file of a double.

    "unsure" is what looks like an article whose file may hold another by now: the next pass decides.
    `not_this` is an article without a file that a new one could be taken for, by its file or title.
    """

    kind: Literal["same", "moved", "new", "double", "unsure"]
    article_id: int | None = None
    other: str | None = None
    not_this: int | None = None


def identify(candidates: Sequence[Candidate], known: Known) -> dict[str, Identity]:
    """Decide which article each candidate is, by its path.

    All texts are compared before any address of an original, addresses before file names, and names
    before titles, so that files that swap their names, or a new page under an old one's name, change
    nothing but names. None of these alone is proof: another text there is a new article, or its
    readers would never be told of it.
    """
    decided: dict[str, Identity] = {}
    settled = dict(known.settled)
    steps = (
        _by_digest,
        _by_former,
        _by_canonical(candidates),
        _by_path,
        _by_name(candidates),
        _by_title,
    )
    for found in steps:
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


def _by_former(one: Candidate, known: Known) -> Iterator[int]:
    """The article that said this before its page was half-written: what it says now is a part of it."""
    number = known.by_former.get(one.digest)
    if number is not None and is_part(known.said(number), one.article):
        yield number


def _by_canonical(
    candidates: Sequence[Candidate],
) -> Callable[[Candidate, Known], Iterator[int]]:
    """Find the article of the same original, if this page alone names it: parts of a post share one."""
    named = Counter(_canonical(one) for one in candidates)

    def find(one: Candidate, known: Known) -> Iterator[int]:
        canonical = _canonical(one)
        number = known.by_canonical.get(canonical) if canonical else None
        alone = number is not None and named[canonical] == 1
        if number is not None and alone and is_edit(known.said(number), one.article):
            yield number

    return find


def _canonical(one: Candidate) -> str | None:
    return one.article.metadata.canonical


def _by_name(
    candidates: Sequence[Candidate],
) -> Callable[[Candidate, Known], Iterator[int]]:
    """Find the article of a file whose name had other capitals, and is not there any more."""
    read = {one.path for one in candidates}
    names: dict[str, list[str]] = {}

    def find(one: Candidate, known: Known) -> Iterator[int]:
        if one.path in known.by_path:
            return
        if not names:
            for path in known.by_path:
                names.setdefault(path.casefold(), []).append(path)
        for path in names.get(one.path.casefold(), ()):
            number = known.by_path[path]
            if path not in read and is_edit(known.said(number), one.article):
                yield number

    return find


def _by_path(one: Candidate, known: Known) -> Iterator[int]:
    """The article of the same file; once the file was gone, its title alone says nothing."""
    number = known.by_path.get(one.path)
    if number is not None:
        said = known.said(number)
        elsewhere = {said.metadata.canonical, _canonical(one)} - {None}
        sure = one.path in known.standing and len(elsewhere) < 2
        agrees = is_edit if sure else is_alike
        if agrees(said, one.article):
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
    candidates: Sequence[Candidate], known: Known, settled: Mapping[int, str]
) -> dict[str, Identity]:
    """New articles, one for each text, in whatever shape it comes."""
    first: dict[str, list[Candidate]] = {}
    decided: dict[str, Identity] = {}
    for one in candidates:
        if _is_unsure(one, known, settled):
            decided[one.path] = Identity("unsure")
            continue
        others = first.setdefault(one.title_key, [])
        double = _same(one, others[-_RECENT:]) or _standing_double(one, known, settled)
        if double is None:
            others.append(one)
            decided[one.path] = Identity("new", not_this=_passed_over(one, known, settled))
        else:
            decided[one.path] = Identity("double", other=double)
    return decided


def _is_unsure(one: Candidate, known: Known, settled: Mapping[int, str]) -> bool:
    """Whether the article of this title may be here: files swap names one after the other."""
    return any(
        settled.get(number) in known.unread and is_alike(known.said(number), one.article)
        for number in known.by_title.get(one.title_key, ())[-_RECENT:]
    )


def _same(one: Candidate, others: Sequence[Candidate]) -> str | None:
    return next((it.path for it in others if says_the_same(it.article, one.article)), None)


def _standing_double(one: Candidate, known: Known, settled: Mapping[int, str]) -> str | None:
    """Name the file that holds the same article already, in another shape."""
    namesakes = [number for number in known.by_title.get(one.title_key, ()) if number in settled]
    for number in reversed(namesakes[-_RECENT:]):
        path = settled[number]
        if path != one.path and says_the_same(known.said(number), one.article):
            return path
    return None


def _passed_over(one: Candidate, known: Known, settled: Collection[int]) -> int | None:
    number = known.by_path.get(one.path)
    if number is not None and number not in settled:
        return number
    return next(_namesakes(one, known, settled), None)
