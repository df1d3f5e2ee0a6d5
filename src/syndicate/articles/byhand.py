"""Series that somebody put in order: in the settings, or in the pages themselves."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from msgspec import Struct, field

from syndicate.articles.members import (
    Chain,
    Concern,
    Member,
    by_key,
    concern,
    formerly,
    named,
    title_key,
)
from syndicate.model import NamedSeries

_GAPS = 20  # numbers left out that are named: a series numbered by years has no part before


class ByHand(Struct, frozen=True):
    """The series that were made by hand, and what an editor should mend of them."""

    chains: tuple[Chain, ...]
    concerns: tuple[Concern, ...]


class _Group(Struct):
    """A series in the making: members in order, and titles for those that have not come."""

    title: str
    name: str | None = None
    listed: list[Member | str] = field(default_factory=list)
    own: list[Member] = field(default_factory=list)


class _Titles:
    """Finds members by their titles, and by those that they had before."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._now, self._before = by_key(members, lambda member: member.title), formerly(members)

    def bearers(self, title: str) -> Sequence[Member]:
        key = title_key(title)
        return self._now.get(key) or self._before.get(key, ())


def gather(members: Sequence[Member], settings: Sequence[NamedSeries]) -> ByHand:
    """Put in order what was named by hand: by the settings' lists, then by pages' own numbers.

    Members are oldest first. A part without a number stands after the one that announces it, else
    at the end. What a member of such a series announces joins it, if it says nothing itself.
    """
    if not settings and not any(one.series for one in members):
        return ByHand((), ())
    titles, concerns = _Titles(members), list[Concern]()
    groups = _listed(members, settings, titles, concerns)
    chains = []
    placed = {one.article_id for group in groups for one in group.listed if isinstance(one, Member)}
    _own(members, groups, placed)
    free = {one.article_id for one in members if not one.series} - placed
    for group in groups:
        order = _ordered(group, titles, free, concerns)
        chain = _chain(group, order, titles, concerns)
        if chain is None:
            message = (
                f"none of the parts of the series “{group.title}” in the settings has come. Mend parts "
                "of [[series]], or add the pages."
            )
            concerns.append(concern("series-unknown", message))
        else:
            chains.append(chain)
    return ByHand(tuple(chains), tuple(concerns))


def _listed(
    members: Sequence[Member],
    settings: Sequence[NamedSeries],
    titles: _Titles,
    concerns: list[Concern],
) -> list[_Group]:
    """Find the parts that the settings list, by file or by title; each stands in one series."""
    files = {path: one for one in members for path in (*one.left, *one.paths)}
    placed, groups = set[int](), list[_Group]()
    for series in settings:
        group = _Group(series.title, series.name)
        for part in series.parts:
            file = files.get(part)
            found = [file] if file else titles.bearers(part)
            if len(found) > 1:
                message = (
                    f"{named(found)} have the title “{part}” of a part of the series {series.name}: none "
                    "is taken. Name the file in parts of [[series]]."
                )
                concerns.append(concern("series-ambiguous", message, found[0]))
            if len(found) == 1 and found[0].article_id in placed:
                message = f"{named(found)} is listed twice in [[series]]. Leave one of them."
                concerns.append(concern("series-part-twice", message, found[0]))
            elif len(found) == 1:
                placed.add(found[0].article_id)
                group.listed.append(found[0])
                if part in found[0].left:
                    message = f"the part “{part}” of the series {series.name} left that file"
                    message = f"{message}. Mend parts of [[series]]."
                    concerns.append(concern("series-renamed", message, found[0]))
            else:
                _miss(group, part, concerns, several=len(found) > 1)
        group.title = group.title or next(map(_title, group.listed), series.name)
        groups.append(group)
    return groups


def _title(part: Member | str) -> str:
    return part if isinstance(part, str) else part.title


def _miss(group: _Group, part: str, concerns: list[Concern], *, several: bool) -> None:
    """Keep the place of a part that has not come; a file name is no title to show."""
    is_file = "/" in part and PurePosixPath(part).suffix != ""
    if not is_file:
        group.listed.append(part)
    if not several:
        message = f"the part “{part}” of the series {group.name} has not come. Add that page"
        concerns.append(concern("series-part-missing", f"{message}, or mend parts of [[series]]."))


def _own(members: Sequence[Member], groups: list[_Group], placed: set[int]) -> None:
    """Put pages into the series that they name, by its name or title; a new one where none is."""
    known: dict[str, _Group] = {}
    for group in groups:
        known.setdefault(title_key(group.title), group)
        known[title_key(group.name or group.title)] = group
    for one in members:
        if not one.series or one.article_id in placed:
            continue
        group = known.get(title_key(one.series)) or _Group(one.series)
        if title_key(one.series) not in known:
            known[title_key(one.series)] = group
            groups.append(group)
        group.own.append(one)


def _ordered(
    group: _Group, titles: _Titles, free: set[int], concerns: list[Concern]
) -> list[Member | str]:
    """Return the parts in order; `free` loses those that join because they are announced."""
    numbered = sorted(
        (one for one in group.own if one.part is not None),
        key=lambda one: (one.part or 0, one.article_id),
    )
    loose = {one.article_id: one for one in group.own if one.part is None}
    order = list(group.listed)
    for one, before in zip(numbered, [None, *numbered], strict=False):
        order += _between(group, before, one, titles, concerns)
        order.append(one)
    done = list[Member | str]()
    for part in order:
        done += _followed(part, loose, titles, free)
    announced = {title_key(one.next_title) for one in loose.values() if one.next_title}
    heads = [one for one in loose.values() if title_key(one.title) not in announced]
    for one in (*heads, *loose.values()):
        if loose.pop(one.article_id, None):
            done += _followed(one, loose, titles, free)
    return done


def _between(
    group: _Group, before: Member | None, one: Member, titles: _Titles, concerns: list[Concern]
) -> Iterator[str]:
    """Name what is missing between two numbers; yield its title where the part before tells it."""
    first, last = (before.part if before else 0) or 0, one.part or 0
    if before and first == last:
        message = (
            f"{named([before, one])} are both part {last} of “{group.title}”. Number them anew."
        )
        concerns.append(concern("series-part-twice", message, one))
    for number in range(first + 1, min(last, first + _GAPS)):
        message = (
            f"part {number} of “{group.title}” has not come. Add that page, or mend the numbers."
        )
        concerns.append(concern("series-part-missing", message, one))
    told = before.next_title if before else None
    if told and last > first + 1 and not titles.bearers(told):
        yield told


def _followed(
    part: Member | str, loose: dict[int, Member], titles: _Titles, free: set[int]
) -> Iterator[Member | str]:
    """Yield a part, and what follows it by the titles that are announced."""
    yield part
    while isinstance(part, Member) and part.next_title:
        found = titles.bearers(part.next_title)
        if len(found) != 1:
            return
        one = found[0].article_id
        if one not in free and one not in loose:
            return
        loose.pop(one, None)
        free.discard(one)
        part = found[0]
        yield part


def _chain(
    group: _Group, order: Sequence[Member | str], titles: _Titles, concerns: list[Concern]
) -> Chain | None:
    """Number the parts; None where none has come."""
    members = [one for one in order if isinstance(one, Member)]
    if not members:
        return None
    missing = [(number, one) for number, one in enumerate(order, 1) if isinstance(one, str)]
    told = {title_key(title) for _, title in missing}
    for one in members:
        if one.next_title and not titles.bearers(one.next_title):
            if title_key(one.next_title) in told:
                continue
            message = f"{named([one])} announces “{one.next_title}”, which has not come"
            concerns.append(
                concern("series-next-missing", f"{message}. Add that page, or mend the title.", one)
            )
    last = order[-1]
    coming = last.next_title if isinstance(last, Member) else None
    if coming and (titles.bearers(coming) or title_key(coming) in told):
        coming = None
    ids = tuple(one.article_id for one in members)
    return Chain(ids, coming, tuple(missing), group.title, group.name)
