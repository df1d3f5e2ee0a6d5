"""Take over the ids of a publication that moves here: from its feed, or from its posts (issue 5)."""

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from syndicate.articles import from_record, title_key
from syndicate.content.web.identities import Identity, Kind, list_address, read_identities
from syndicate.content.web.names import place
from syndicate.feeds.validator.values import is_absolute_iri
from syndicate.jobs.inherit import old_path, open_estate, take
from syndicate.model import Event, Tell
from syndicate.net import Answer
from syndicate.store import articles, inheritance, publication, redirects
from syndicate.store.articles import Row
from syndicate.store.database import Store, Transaction
from syndicate.store.inheritance import Inherited

_ENDINGS: dict[Kind, str] = {"rss": "rss", "atom": "atom", "json": "json", "wordpress": "rss"}
_WORDPRESS = {"feed": "rss", "feed/rss": "rss", "feed/rss2": "rss", "feed/atom": "atom"}
_LONGEST = 2000  # bytes of an id: PostgreSQL's indexes take 2,704


class Imported(Struct, frozen=True):
    """What an import did: entries read, of which so many were new, and the articles that have their ids.

    `waiting` ids have no article yet: they are taken over by the pages that come. `unusable` are no
    absolute IRIs, which Atom demands of an id, or too long. Of `doubled` ids, which several entries bear,
    the first entry counts; of ids that share an address, one of `shared`, one is taken by it and the
    others wait. `redirected` are old addresses of feeds.
    """

    read: int
    new: int
    taken: tuple[tuple[str, str], ...]
    waiting: int
    unusable: tuple[str, ...]
    redirected: tuple[str, ...]
    doubled: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


def import_ids(
    store: Store, get: Callable[[str], Answer], address: str, tell: Tell, *, dry_run: bool = False
) -> Imported:
    """Read all ids of the publication at `address`, and give them to its articles here.

    An article is known by its original address, else by its title. Articles that have come already
    take their old ids now, later ones as they come; either way with the old date, unless their page has
    one. May be repeated. Raises ListingRefused, Unreachable, Forbidden.
    """
    found: dict[str, Identity] = {}
    doubled: dict[str, None] = {}
    kinds: list[tuple[Kind, bool]] = []
    for page in read_identities(list_address(address), get):
        kinds.append((page.kind, page.wordpress))
        for one in page.entries:
            if found.setdefault(one.uid, one).address != one.address:
                doubled[one.uid] = None
        tell(Event("ids.read", {"entries": len(found)}, "debug"))
    with store.write() as tx:
        report = _take_over(tx, found, _feeds(address, *kinds[0]) if kinds else {})
        if dry_run:
            tx.rollback()
    counted = Counter(one.address for one in found.values() if one.address)
    shared = tuple(address for address, ids in counted.items() if ids > 1)
    return replace(report, doubled=tuple(doubled), shared=shared)


def _take_over(tx: Transaction, found: dict[str, Identity], feeds: dict[str, str]) -> Imported:
    usable = [one for one in found.values() if _is_usable(one.uid)]
    new = inheritance.add(tx, (_inherited(one) for one in usable))
    taken = _settle(tx)
    redirects.add(tx, feeds)
    if taken or feeds:
        publication.touch(tx)
    unusable = tuple(uid for uid in found if not _is_usable(uid))
    return Imported(len(found), new, taken, inheritance.left(tx), unusable, tuple(sorted(feeds)))


def _is_usable(uid: str) -> bool:
    return is_absolute_iri(uid) and len(uid.encode()) <= _LONGEST


def _inherited(one: Identity) -> Inherited:
    where = place(one.address) if one.address else ""
    return Inherited(one.uid, one.address, where, title_key(one.title), one.published)


def _settle(tx: Transaction) -> tuple[tuple[str, str], ...]:
    """Give the ids to the articles that are here: their slugs, and the ids that they have now."""
    estate, rows = open_estate(tx), articles.every(tx)
    own = inheritance.borne(tx)
    for row in rows:
        if row.uid in own:
            take(tx, estate, row, own[row.uid])
    settled, counted = inheritance.heirs(tx), Counter(row.title_key for row in rows)
    taken: list[tuple[str, str]] = []
    for row in rows:
        if row.id in settled:
            continue
        its = estate.give(row.canonical, row.title_key if counted[row.title_key] == 1 else None)
        take(tx, estate, row, its)
        if its is not None:
            _rename(tx, row, its)
            taken.append((row.slug, its.uid))
    return tuple(taken)


def _rename(tx: Transaction, row: Row, its: Inherited) -> None:
    """Give an article its old id, and its old date unless its page has one."""
    values: dict[str, object] = {"uid": its.uid}
    own = from_record(articles.record(tx, row.id, row.revision)).metadata.published
    if its.published and own is None:
        values |= {"published": its.published, "updated": max(its.published, row.updated)}
        if row.updated == row.published:
            values["updated"] = its.published
    articles.change(tx, row.id, values)


def _feeds(address: str, kind: Kind, wordpress: bool) -> dict[str, str]:
    """Return where old addresses of feeds lead: the one that was named, and WordPress' usual ones."""
    base = urlsplit(address).path.partition("/wp-json")[0]
    old: dict[str, str] = {}
    if wordpress:
        home = base.partition("/feed")[0].rstrip("/")
        for path, ending in _WORDPRESS.items():
            old |= {f"{home}/{path}": f"feed.{ending}", f"{home}/{path}/": f"feed.{ending}"}
    if kind != "wordpress":
        old[old_path(address)] = f"feed.{_ENDINGS[kind]}"
    return {one: new for one, new in old.items() if one.strip("/") not in {"", new}}
