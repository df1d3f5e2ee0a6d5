"""Articles chained into series by the titles of their next parts (PAGES.md, "Series")."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from syndicate.model import Notice


@dataclass(frozen=True, slots=True)
class Member:
    """An article as the chain sees it."""

    article_id: int
    title: str
    next_title: str | None


@dataclass(frozen=True, slots=True)
class Chain:
    """Articles in part order; `next_title` is the part that is announced and has not come."""

    article_ids: tuple[int, ...]
    next_title: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """All chains, and what an editor should look at."""

    chains: tuple[Chain, ...]
    notices: tuple[Notice, ...]


def title_key(title: str) -> str:
    """The form under which titles are compared: NFKC without any blanks."""
    return "".join(unicodedata.normalize("NFKC", title).split())


def link(members: Sequence[Member]) -> Linked:
    """Chain articles, whatever the order of their arrival; what is unclear is named, never guessed."""
    ordered = sorted(members, key=lambda one: one.article_id)
    notices: list[Notice] = []
    following = _following(ordered, notices)
    preceding = _preceding(ordered, following, notices)
    by_id = {one.article_id: one for one in ordered}
    firsts = [one.article_id for one in ordered if one.article_id not in preceding]
    firsts += _ring_openings(ordered, firsts, preceding, notices)
    forward = {before: after for after, before in preceding.items() if after not in firsts}
    chains = (_chain(first, forward, following, by_id) for first in firsts)
    return Linked(
        tuple(one for one in chains if len(one.article_ids) > 1 or one.next_title), tuple(notices)
    )


def _following(members: Sequence[Member], notices: list[Notice]) -> dict[int, int | None]:
    """For each article that names a next part: that article, or None where it has not come."""
    titled: dict[str, list[Member]] = defaultdict(list)
    for one in members:
        titled[title_key(one.title)].append(one)
    following: dict[int, int | None] = {}
    for one in members:
        if not one.next_title:
            continue
        found = titled.get(title_key(one.next_title), [])
        if any(other.article_id == one.article_id for other in found):
            notices.append(Notice("series-self", f"names itself as its next part: {one.title}"))
        elif len(found) > 1:
            notices.append(
                Notice(
                    "series-ambiguous",
                    f"the next part of {one.title} is not clear: articles {', '.join(str(o.article_id) for o in found)}"
                    f" are all titled {found[0].title}",
                )
            )
        else:
            following[one.article_id] = found[0].article_id if found else None
    return following


def _preceding(
    members: Sequence[Member], following: Mapping[int, int | None], notices: list[Notice]
) -> dict[int, int]:
    """For each part: the one before it. Of two that name the same next part the earlier stays."""
    titles = {one.article_id: one.title for one in members}
    preceding: dict[int, int] = {}
    for before, after in following.items():
        if after is None:
            continue
        if after in preceding:
            names = f"{titles[preceding[after]]} and {titles[before]}"
            notices.append(
                Notice(
                    "series-two-predecessors",
                    f"both name {titles[after]} as their next part: {names}",
                )
            )
        else:
            preceding[after] = before
    return preceding


def _ring_openings(
    members: Sequence[Member],
    firsts: Sequence[int],
    preceding: Mapping[int, int],
    notices: list[Notice],
) -> list[int]:
    """Where to open the rings: at the article that came first."""
    forward = {before: after for after, before in preceding.items()}
    reached = set[int]()
    for first in firsts:
        _walk(first, forward, reached)
    openings: list[int] = []
    for one in members:
        if one.article_id not in reached:
            openings.append(one.article_id)
            _walk(one.article_id, forward, reached)
            notices.append(
                Notice("series-ring", f"its parts name each other in a ring: {one.title}")
            )
    return openings


def _walk(first: int, forward: Mapping[int, int], reached: set[int]) -> None:
    at: int | None = first
    while at is not None and at not in reached:
        reached.add(at)
        at = forward.get(at)


def _chain(
    first: int,
    forward: Mapping[int, int],
    following: Mapping[int, int | None],
    by_id: Mapping[int, Member],
) -> Chain:
    ids = [first]
    while ids[-1] in forward:
        ids.append(forward[ids[-1]])
    last = by_id[ids[-1]]
    awaited = last.article_id in following and following[last.article_id] is None
    return Chain(tuple(ids), last.next_title if awaited else None)
