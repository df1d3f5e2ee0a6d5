"""Ids taken over from a publication that moved here, so that its readers see nothing as new (issue 5)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

from syndicate import addresses
from syndicate.articles import Transcript
from syndicate.content.web.names import place, site
from syndicate.store import articles, inheritance, redirects
from syndicate.store.articles import Row
from syndicate.store.database import Transaction
from syndicate.store.inheritance import Inherited


class Estate(Struct):
    """What waits for its articles, and the sites that it came from. An id is given out once."""

    by_place: dict[str, Inherited] = field(default_factory=dict)
    by_title: dict[str, Inherited] = field(default_factory=dict)
    sites: frozenset[str] = frozenset()

    def give(self, canonical: str | None, title: str | None) -> Inherited | None:
        """Return the id of an article's original address, else of its title, and give it to no other.

        Without a `title` only the address counts.
        """
        found = self.by_place.get(place(canonical)) if canonical else None
        found = found or (self.by_title.get(title) if title else None)
        if found is not None:
            self.by_place.pop(found.place, None)
            self.by_title.pop(found.title_key, None)
        return found


def open_estate(tx: Transaction) -> Estate:
    """Read what is there to be taken over. A title that several entries bear says nothing."""
    if inheritance.is_empty(tx):
        return Estate()
    waiting = inheritance.waiting(tx)
    counted = Counter(one.title_key for one in waiting)
    return Estate(
        {one.place: one for one in waiting if one.address},
        {one.title_key: one for one in waiting if counted[one.title_key] == 1 and one.title_key},
        frozenset(site(one) for one in inheritance.addresses(tx) if one),
    )


def bequeath(
    estate: Estate, arrivals: Callable[[], Iterator[tuple[str, Transcript]]]
) -> Mapping[str, Inherited]:
    """Return what each new page inherits, by its path; those that share a title inherit by address."""
    if not estate.by_place and not estate.by_title:
        return {}
    counted = Counter(text.title_key for _, text in arrivals())
    given: dict[str, Inherited] = {}
    for path, text in arrivals():
        key = text.title_key
        found = estate.give(text.metadata.canonical, key if counted[key] == 1 else None)
        if found is not None:
            given[path] = found
    return given


def take(tx: Transaction, estate: Estate, row: Row, its: Inherited | None) -> None:
    """Note that an article took over its id; its old addresses lead to it from now on."""
    if its is not None:
        inheritance.take(tx, its.uid, row.id)
    old = {one for one in (its.address if its else None, row.canonical) if one}
    moved = {old_path(one) for one in old if site(one) in estate.sites}
    new = addresses.article_path(row.slug)
    leads = {one: new for one in moved if one.strip("/") not in {"", new.strip("/")}}
    if leads:
        redirects.add(tx, leads)


def take_all(tx: Transaction, estate: Estate, its: Mapping[int, Inherited | None]) -> None:
    """Note what new articles took over, by their numbers."""
    heirs = [number for number, one in its.items() if one is not None or estate.sites]
    for number, row in articles.some(tx, heirs).items():
        take(tx, estate, row, its[number])


def old_path(address: str) -> str:
    """Return an old address as `store.redirects` knows it: what follows the host, decoded."""
    parts = urlsplit(address)
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return f"{unquote(parts.path) or '/'}{query}"
