"""Which article a page is: the one of its text, of its file, of its title, or a new one (issue 2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that is new or changed: `digest` is the content hash of what it says."""

    path: str
    digest: str
    title_key: str


@dataclass(frozen=True, slots=True)
class Known:
    """The articles known before a pass, by what finds them.

    `settled` maps articles to the file that holds them and did not change in this pass.
    """

    by_digest: Mapping[str, int]
    by_path: Mapping[str, int]
    by_title: Mapping[str, int]
    settled: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """The decision: `article_id` is None for a new article; `other` names the file of a double."""

    kind: Literal["same", "moved", "new", "double"]
    article_id: int | None = None
    other: str | None = None


def identify(candidates: Sequence[Candidate], known: Known) -> dict[str, Identity]:
    """Decide which article each candidate is, by its path.

    All texts are compared before any file name, and names before titles, so that files that swap
    their names, or a new page under an old one's name, change nothing but names.
    """
    decided: dict[str, Identity] = {}
    settled = dict(known.settled)
    rounds: tuple[tuple[Mapping[str, int], Callable[[Candidate], str]], ...] = (
        (known.by_digest, lambda one: one.digest),
        (known.by_path, lambda one: one.path),
        (known.by_title, lambda one: one.title_key),
    )
    for articles, key in rounds:
        for one in candidates:
            article_id = articles.get(key(one))
            if one.path in decided or article_id is None:
                continue
            if article_id not in settled:
                settled[article_id] = one.path
                same = known.by_path.get(one.path) == article_id
                decided[one.path] = Identity("same" if same else "moved", article_id)
            elif articles is known.by_digest:
                decided[one.path] = Identity("double", other=settled[article_id])
    return {**decided, **_newcomers([one for one in candidates if one.path not in decided])}


def _newcomers(candidates: Sequence[Candidate]) -> dict[str, Identity]:
    """New articles, one for each text."""
    first: dict[str, str] = {}
    for one in candidates:
        first.setdefault(one.digest, one.path)
    return {
        one.path: Identity("new")
        if first[one.digest] == one.path
        else Identity("double", other=first[one.digest])
        for one in candidates
    }
