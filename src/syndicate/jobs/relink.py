"""Put articles in their series: a series keeps its number and address while its parts come and move."""

from collections.abc import Iterable, Mapping, Sequence

from syndicate import addresses
from syndicate.articles.series import Chain, Linked, Member, link
from syndicate.model import Notice
from syndicate.store import articles, series, slugs
from syndicate.store.articles import Row
from syndicate.store.database import Transaction
from syndicate.store.series import Place


def relink(tx: Transaction) -> tuple[bool, tuple[Notice, ...]]:
    """Put all articles in their places; whether any place changed, and what is unclear."""
    rows = {row.id: row for row in articles.every(tx)}
    linked = _link(rows.values())
    owners = _owners(tx, linked.chains, rows)
    renamed = [
        series.describe(tx, owner, _title(chain, rows), chain.next_title)
        for owner, chain in owners.items()
    ]
    moved = [place for place in _places(owners, rows) if place != _place_of(rows[place.article_id])]
    series.place(tx, moved)
    return any(renamed) or bool(moved), linked.notices


def notices(tx: Transaction) -> tuple[Notice, ...]:
    """Say what is unclear in the order of parts as it is kept now."""
    return _link(articles.every(tx)).notices


def _link(rows: Iterable[Row]) -> Linked:
    """Chain what is published: the parts of a series do not wait for a draft, nor show it."""
    members = [
        Member(row.id, row.title, row.next_title, row.slug, row.own_series, row.own_part)
        for row in rows
        if row.state != articles.DRAFT
    ]
    return link(members)


def _owners(tx: Transaction, chains: Sequence[Chain], rows: Mapping[int, Row]) -> dict[int, Chain]:
    """Give each chain the series that its earliest placed part had before, or a new one."""
    owners: dict[int, Chain] = {}
    for chain in chains:
        before = (rows[one].series_id for one in chain.article_ids)
        owner = next((one for one in before if one is not None and one not in owners), None)
        owners[owner or _add(tx, _title(chain, rows))] = chain
    return owners


def _title(chain: Chain, rows: Mapping[int, Row]) -> str:
    return chain.name or rows[chain.article_ids[0]].title


def _add(tx: Transaction, title: str) -> int:
    slug = addresses.slug(title, taken=slugs.taken(tx, "series"))
    number = series.add(tx, slug, title)
    slugs.give(tx, "series", slug, number)
    return number


def _places(owners: Mapping[int, Chain], rows: Mapping[int, Row]) -> list[Place]:
    """Every article's place; one in no chain stands alone."""
    inside = {
        article_id: Place(article_id, owner, part)
        for owner, chain in owners.items()
        for part, article_id in enumerate(chain.article_ids, 1)
    }
    return [inside.get(number, Place(number, None, None)) for number in rows]


def _place_of(row: Row) -> Place:
    return Place(row.id, row.series_id, row.part)
