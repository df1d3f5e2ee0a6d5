"""Parts chained by the titles that they announce (PAGES.md, "Series")."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from syndicate.model import Notice

# Sorting combining marks takes the square of their number, and no title is so long.
_NORMALISED = 2000


@dataclass(frozen=True, slots=True)
class Member:
    """An article as far as linking goes: `next_title` is that of the part it announces.

    `slug` names it to an editor, since titles can be equal. `series` and `part` are its place by
    hand.
    """

    article_id: int
    title: str
    next_title: str | None
    slug: str = ""
    series: str | None = None
    part: int | None = None

    @property
    def is_numbered(self) -> bool:
        """Whether its place is settled by hand."""
        return self.series is not None and self.part is not None


@dataclass(frozen=True, slots=True)
class Chain:
    """Articles in part order; `next_title` is that of the announced part that has not come.

    `name` is what the pages call their series, None if they do not say.
    """

    article_ids: tuple[int, ...]
    next_title: str | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """Every series there is, by the number of its first part, and what an editor should mend."""

    chains: tuple[Chain, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    """One announced title: who bears it, who announces it, and who both bears and announces it."""

    bearers: tuple[Member, ...]
    announcers: tuple[Member, ...]
    selves: tuple[Member, ...]


def title_key(title: str) -> str:
    """Return the form in which titles are compared: NFKC, all blanks removed."""
    normal = unicodedata.normalize("NFKC", title[:_NORMALISED]) + title[_NORMALISED:]
    return "".join(normal.split())


def link(members: Iterable[Member]) -> Linked:
    """Chain members by their next titles, whatever their order; each id occurs once.

    An article that has no neighbour and announces none is in no chain. Where titles do not settle
    what follows what, a notice names them: an ambiguous next part follows nobody, the older (lower
    id) of two predecessors keeps its part, and a ring begins at its oldest part. A series named by
    hand holds its numbered parts first, then what the titles chain to the others of that name.
    """
    ordered = sorted(members, key=lambda member: member.article_id)
    claims = _claims(ordered)
    numbered = {member.article_id for member in ordered if member.is_numbered}
    following = {
        claim.announcers[0].article_id: claim.bearers[0].article_id
        for claim in claims
        if claim.announcers
        and len(claim.bearers) == 1
        and not numbered & {claim.announcers[0].article_id, claim.bearers[0].article_id}
    }
    coming = {
        member.article_id: member.next_title
        for claim in claims
        if not claim.bearers
        for member in claim.announcers
    }
    lines = list(_lines(ordered, following))
    rings = list(_rings(ordered, following, {one for line in lines for one in line}))
    titles = {member.article_id: member for member in ordered}
    chains = [
        Chain(ids, coming.get(ids[-1]), name)
        for ids, name in _by_hand(sorted([*lines, *rings]), titles)
        if len(ids) > 1 or ids[-1] in coming or name
    ]
    notices = [notice for claim in claims for notice in _notices(claim)]
    circles = (_ring_notice([titles[one] for one in ring]) for ring in rings)
    return Linked(tuple(chains), (*notices, *circles, *_part_notices(ordered)))


def _claims(members: Sequence[Member]) -> list[_Claim]:
    """Gather what is announced, in the order of the oldest announcer."""
    bearers = _by_key(members, lambda member: member.title)
    own = {one.article_id: key for key, several in bearers.items() for one in several}
    return [
        _Claim(
            tuple(bearers.get(key, ())),
            tuple(one for one in announcers if own[one.article_id] != key),
            tuple(one for one in announcers if own[one.article_id] == key),
        )
        for key, announcers in _by_key(members, lambda member: member.next_title).items()
    ]


def _by_key(
    members: Sequence[Member], text: Callable[[Member], str | None]
) -> Mapping[str, Sequence[Member]]:
    found: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        title = text(member)
        if title is not None:
            found[title_key(title)].append(member)
    return found


def _lines(members: Sequence[Member], following: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Yield the parts from each first part on; a part follows one part at most."""
    later = set(following.values())
    for member in members:
        if member.article_id not in later:
            yield _walk(member.article_id, following)


def _rings(
    members: Sequence[Member], following: Mapping[int, int], placed: set[int]
) -> Iterator[tuple[int, ...]]:
    """Yield what has no first part, from the oldest on."""
    placed = set(placed)
    for member in members:
        if member.article_id not in placed:
            ring = _walk(member.article_id, following)
            placed.update(ring)
            yield ring


def _walk(first: int, following: Mapping[int, int]) -> tuple[int, ...]:
    """Follow the parts to the last one, or once around a ring."""
    parts = [first]
    while (after := following.get(parts[-1])) is not None and after != first:
        parts.append(after)
    return tuple(parts)


def _notices(claim: _Claim) -> Iterator[Notice]:
    for one in claim.selves:
        message = f"{_named([one])} announces itself. Write the title of the part after it."
        yield Notice("series-self", message)
    if len(claim.bearers) > 1:
        message = f"{_named(claim.bearers)} have the same title, announced as a next part"
        yield Notice("series-ambiguous", f"{message}: none is linked. Give each its own.")
    if len(claim.announcers) > 1:
        message = f"{_named(claim.announcers)} announce the same next part. Mend all but one."
        yield Notice("series-two-predecessors", message)
    if claim.announcers and not claim.bearers:
        first = claim.announcers[0]
        message = f"{_named([first])} announces “{first.next_title}”, which has not come"
        yield Notice("series-next-missing", f"{message}. Add that page, or mend the title.")


def _ring_notice(ring: Sequence[Member]) -> Notice:
    message = f"{_named(ring)} follow each other in a ring. Remove the next title of the last part."
    return Notice("series-ring", message)


def _by_hand(
    lines: Sequence[tuple[int, ...]], members: Mapping[int, Member]
) -> Iterator[tuple[tuple[int, ...], str | None]]:
    """Join the lines whose parts name one series, in the order of numbers; with that name."""
    named: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    names: dict[str, str] = {}
    for line in lines:
        name = next((said for one in line if (said := members[one].series)), None)
        if name is None:
            yield line, None
            continue
        named[title_key(name)].append(line)
        names.setdefault(title_key(name), name)

    def place(line: tuple[int, ...]) -> tuple[bool, int, int]:
        first = members[line[0]]
        return not first.is_numbered, (first.part or 0) * first.is_numbered, line[0]

    for key, several in named.items():
        yield tuple(one for line in sorted(several, key=place) for one in line), names[key]


def _part_notices(members: Sequence[Member]) -> Iterator[Notice]:
    """Name the pages that claim one place of a series."""
    places: dict[tuple[str, int | None], list[Member]] = defaultdict(list)
    for member in members:
        if member.series is not None and member.part is not None:
            places[title_key(member.series), member.part].append(member)
    for (_, part), several in places.items():
        if len(several) > 1:
            message = f"{_named(several)} are all part {part} of “{several[0].series}”"
            yield Notice(
                "series-part-twice", f"{message}: the older comes first. Number them anew."
            )


def _named(members: Iterable[Member]) -> str:
    return ", ".join(
        f"“{one.title}” ({one.slug})" if one.slug else f"“{one.title}”" for one in members
    )
