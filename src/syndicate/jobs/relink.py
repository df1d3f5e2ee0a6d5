"""Put articles in their series: a series keeps its number and address while its parts come and move."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256

from msgspec import Struct

from syndicate import addresses
from syndicate.articles import Transcript
from syndicate.articles.members import Concern
from syndicate.articles.series import Chain, Linked, Member, link, title_key
from syndicate.model import NamedSeries
from syndicate.store import articles, marks, namesakes, pages, publication, revisions, series, slugs
from syndicate.store.articles import Row
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.series import Place

_SETTINGS = "series"  # the mark of the settings' series as they were linked last


def relink(
    tx: Transaction,
    by_hand: Sequence[NamedSeries] = (),
    arriving: Iterable[tuple[str, int]] = (),
) -> tuple[bool, tuple[Concern, ...]]:
    """Put published articles in their places; whether any place changed, and what is unclear.

    `arriving` are files that are read now, and their articles: the store does not know of them yet.
    """
    members = _members(tx, by_hand, arriving)
    linked, rows = _link(members, by_hand), members.rows
    owners = _owners(tx, linked.chains, rows)
    renamed = [
        series.describe(tx, owner, _title(chain, rows), chain.announced)
        for owner, chain in owners.items()
    ]
    moved = [place for place in _places(owners, rows) if place != _place_of(rows[place.article_id])]
    series.place(tx, moved)
    marks.put(tx, _SETTINGS, _fingerprint(by_hand))
    return any(renamed) or bool(moved), _concerns(linked)


def _fingerprint(by_hand: Sequence[NamedSeries]) -> int:
    """Return a number that differs where the settings do, 0 where they name no series."""
    return int(sha256(repr(by_hand).encode()).hexdigest()[:15], 16) if by_hand else 0


def may_move(
    tx: Transaction, said: Iterable[tuple[int | None, Transcript]], by_hand: Sequence[NamedSeries]
) -> bool:
    """Whether the order of parts may change by what articles say (None: a new one): most edits leave it.

    It follows from titles, the next ones, the series that pages name, and from what is published.
    Series in the settings name files besides, which move without a word in them changed.
    """
    if by_hand or marks.get(tx, _SETTINGS) != _fingerprint(by_hand):
        return True
    return any(_one_moves(tx, some) for some in batches(said))


def _one_moves(tx: Transaction, said: Sequence[tuple[int | None, Transcript]]) -> bool:
    rows = articles.some(tx, [number for number, _ in said if number is not None])
    return any(number is None or _differs(rows[number], text) for number, text in said)


def _differs(row: Row, said: Transcript) -> bool:
    now = (said.title, said.next_title, said.metadata.series, said.metadata.part)
    before = (row.title, row.next_title, row.own_series, row.own_part)
    return row.state != articles.PUBLISHED or now != before


def rearrange(tx: Transaction, by_hand: Sequence[NamedSeries]) -> tuple[Concern, ...]:
    """Put parts in order anew if the settings name other series than before; what is unclear then."""
    if marks.get(tx, _SETTINGS) == _fingerprint(by_hand):
        return ()
    _, unclear = relink(tx, by_hand)
    publication.touch(tx)
    return unclear


def concerns(tx: Transaction, by_hand: Sequence[NamedSeries] = ()) -> tuple[Concern, ...]:
    """Say what is unclear in the order of parts as it is kept now, and of which articles."""
    return _concerns(_link(_members(tx, by_hand), by_hand))


def _concerns(linked: Linked) -> tuple[Concern, ...]:
    return tuple(Concern(*one) for one in zip(linked.notices, linked.whose, strict=True))


class _Members(Struct, frozen=True):
    """The published articles that may stand in a series: all others stand alone, however many they are.

    `former` are the keys of titles that they had, `files` the articles of files that the settings list, and
    `left` those of these files that hold them no more. What an editor took down is announced by nobody: its
    title's key is `hidden`.
    """

    rows: Mapping[int, Row]
    former: Mapping[int, Sequence[str]]
    files: Mapping[str, int]
    left: Collection[str]
    hidden: Collection[str]


def _members(
    tx: Transaction, by_hand: Sequence[NamedSeries], arriving: Iterable[tuple[str, int]] = ()
) -> _Members:
    """Gather what names a series or a next part, what stands in one, and what is named or announced."""
    rows = {row.id: row for row in articles.in_series(tx)}
    announced = {title_key(row.next_title) for row in rows.values() if row.next_title}
    parts = [part for one in by_hand for part in one.parts]
    listed = {title_key(part) for part in parts}
    bearers = namesakes.titled(tx, sorted(announced | listed), articles.PUBLISHED)
    borne = set(bearers.values())
    down = namesakes.titled(tx, sorted(announced), articles.WITHDRAWN)
    hidden = set(down.values()) - borne
    former = revisions.formerly(tx, sorted((announced - hidden | listed) - borne))
    files, left = _files(tx, set(parts), arriving) if parts else ({}, set())
    more = {*bearers, *former, *files.values()} - rows.keys()
    some = articles.some(tx, sorted(more))
    rows |= {number: row for number, row in some.items() if row.state == articles.PUBLISHED}
    return _Members(rows, former, files, left, hidden)


def _files(
    tx: Transaction, listed: set[str], arriving: Iterable[tuple[str, int]]
) -> tuple[dict[str, int], set[str]]:
    """Return the articles of listed files, and which of these left them: a file may be renamed, or gone."""
    files, left = dict[str, int](), set[str]()
    for path, number, gone in pages.articles_at(tx, listed):
        files[path] = number
        if gone:
            left.add(path)
    held, moved = set(files.values()), set[int]()
    for path, number in arriving:
        if path in listed:
            files[path] = number
            left.discard(path)
        elif number in held:
            moved.add(number)
    return files, left | {path for path, number in files.items() if number in moved}


def _link(members: _Members, by_hand: Sequence[NamedSeries]) -> Linked:
    paths, left = dict[int, list[str]](), dict[int, list[str]]()
    for path, number in members.files.items():
        (left if path in members.left else paths).setdefault(number, []).append(path)
    return link(
        [
            Member(
                row.id,
                row.title,
                _next_title(row, members.hidden),
                row.slug,
                row.own_series,
                row.own_part,
                tuple(paths.get(row.id, ())),
                tuple(left.get(row.id, ())),
                tuple(members.former.get(row.id, ())),
            )
            for row in members.rows.values()
        ],
        by_hand,
    )


def _next_title(row: Row, hidden: Collection[str]) -> str | None:
    title = row.next_title
    return None if title and hidden and title_key(title) in hidden else title


def _title(chain: Chain, rows: Mapping[int, Row]) -> str:
    return chain.title or rows[chain.article_ids[0]].title


def _owners(tx: Transaction, chains: Sequence[Chain], rows: Mapping[int, Row]) -> dict[int, Chain]:
    """Give each chain the series that its earliest placed part had before, or a new one."""
    owners: dict[int, Chain] = {}
    for chain in chains:
        before = (rows[one].series_id for one in chain.article_ids)
        owner = next((one for one in before if one is not None and one not in owners), None)
        if owner is None:
            owner = _find(tx, chain.name or _title(chain, rows), _title(chain, rows), owners)
        owners[owner] = chain
    return owners


def _find(tx: Transaction, name: str, title: str, taken: Collection[int]) -> int:
    """Return a series whose parts had all left and are back, else a new one."""
    name = addresses.series_name(name)
    known = slugs.owner(tx, "series", addresses.slug(name))
    if known is not None and known not in taken and series.is_empty(tx, known):
        return known
    slug = addresses.slug(name, taken=slugs.given(tx, "series"))
    number = series.add(tx, slug, title)
    slugs.give(tx, "series", [(slug, number)])
    return number


def _places(owners: Mapping[int, Chain], rows: Mapping[int, Row]) -> list[Place]:
    """Return the place of each; one in no chain stands alone."""
    inside = {
        article_id: Place(article_id, owner, part)
        for owner, chain in owners.items()
        for article_id, part in chain.numbers.items()
    }
    return [inside.get(number, Place(number, None, None)) for number in rows]


def _place_of(row: Row) -> Place:
    return Place(row.id, row.series_id, row.part)
