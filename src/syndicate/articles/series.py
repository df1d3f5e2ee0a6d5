"""Parts chained by the titles that they announce (PAGES.md, "Series")."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from syndicate.articles.byhand import gather
from syndicate.articles.members import (
    Chain,
    Concern,
    Linked,
    Member,
    by_key,
    concern,
    formerly,
    named,
    title_key,
)
from syndicate.model import NamedSeries

__all__ = ["Chain", "Linked", "Member", "link", "title_key"]


class _Claim(Struct, frozen=True):
    """One announced title: who bears it, who announces it, and who both bears and announces it.

    `renamed` bears it no more.
    """

    bearers: tuple[Member, ...]
    announcers: tuple[Member, ...]
    selves: tuple[Member, ...]
    renamed: Member | None = None


def link(members: Iterable[Member], by_hand: Sequence[NamedSeries] = ()) -> Linked:
    """Put parts in order, whatever the order in which they came; each id occurs once.

    What was put in a series by hand (`by_hand`, or by the pages themselves) stands there. The others
    are chained by their next titles; one that has no neighbour and announces none is in no chain.
    Where titles do not settle what follows what, a notice names them: an ambiguous next part follows
    nobody, the older (lower id) of two predecessors keeps its part, and a ring begins at its oldest
    part. A part that was renamed is found by its former title.
    """
    ordered = sorted(members, key=lambda member: member.article_id)
    hand = gather(ordered, by_hand)
    placed = {one for chain in hand.chains for one in chain.article_ids}
    rest = [member for member in ordered if member.article_id not in placed]
    taken = {title_key(one.title) for one in ordered if one.article_id in placed}
    chains, concerns = _chained(rest, taken)
    concerns = [*hand.concerns, *concerns]
    return Linked(
        (*hand.chains, *chains),
        tuple(one.notice for one in concerns),
        tuple(one.article_id for one in concerns),
    )


def _chained(
    ordered: Sequence[Member], elsewhere: Collection[str]
) -> tuple[list[Chain], list[Concern]]:
    """Chain what nobody put in order; titles `elsewhere` have come, into another series."""
    claims = [one for key, one in _claims(ordered) if one.bearers or key not in elsewhere]
    following = _following(claims)
    coming = {
        member.article_id: member.next_title
        for claim in claims
        if not claim.bearers and not claim.renamed
        for member in claim.announcers
    }
    lines = list(_lines(ordered, following))
    rings = list(_rings(ordered, following, {one for line in lines for one in line}))
    chains = [
        Chain(ids, coming.get(ids[-1]))
        for ids in sorted([*lines, *rings])
        if len(ids) > 1 or ids[-1] in coming
    ]
    titles = {member.article_id: member for member in ordered}
    concerns = [one for claim in claims for one in _concerns(claim)]
    return chains, [*concerns, *(_ring([titles[one] for one in ring]) for ring in rings)]


def _following(claims: Sequence[_Claim]) -> Mapping[int, int]:
    """Say what follows what: each follows one at most, by its present title before a former one."""
    found = {
        claim.announcers[0].article_id: claim.bearers[0].article_id
        for claim in claims
        if claim.announcers and len(claim.bearers) == 1
    }
    followers = set(found.values())
    for claim in claims:
        if claim.renamed and claim.renamed.article_id not in followers:
            followers.add(claim.renamed.article_id)
            found[claim.announcers[0].article_id] = claim.renamed.article_id
    return found


def _claims(members: Sequence[Member]) -> Iterator[tuple[str, _Claim]]:
    """Gather what is announced, in the order of the oldest announcer."""
    bearers = by_key(members, lambda member: member.title)
    own = {one.article_id: key for key, several in bearers.items() for one in several}
    before = formerly(members)
    for key, announcers in by_key(members, lambda member: member.next_title).items():
        others = tuple(one for one in announcers if own[one.article_id] != key)
        selves = tuple(one for one in announcers if own[one.article_id] == key)
        once = [one for one in before.get(key, ()) if one not in others]
        renamed = once[0] if len(once) == 1 and others and not bearers.get(key) else None
        yield key, _Claim(tuple(bearers.get(key, ())), others, selves, renamed)


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


def _concerns(claim: _Claim) -> Iterator[Concern]:
    for one in claim.selves:
        message = f"{named([one])} announces itself. Write the title of the part after it."
        yield concern("series-self", message, one)
    if len(claim.bearers) > 1:
        message = f"{named(claim.bearers)} have the same title, announced as a next part"
        yield concern(
            "series-ambiguous", f"{message}: none is linked. Give each its own.", claim.bearers[0]
        )
    if not claim.announcers:
        return
    first = claim.announcers[0]
    if len(claim.announcers) > 1:
        message = f"{named(claim.announcers)} announce the same next part. Mend all but one."
        yield concern("series-two-predecessors", message, first)
    if claim.renamed:
        now = f"which is now called “{claim.renamed.title}”"
        message = f"{named([first])} announces “{first.next_title}”, {now}"
        yield concern("series-renamed", f"{message}. Mend the title of the next part.", first)
    elif not claim.bearers:
        message = f"{named([first])} announces “{first.next_title}”, which has not come"
        yield concern("series-next-missing", f"{message}. Add that page, or mend the title.", first)


def _ring(ring: Sequence[Member]) -> Concern:
    message = f"{named(ring)} follow each other in a ring. Remove the next title of the last part."
    return concern("series-ring", message, ring[-1])
