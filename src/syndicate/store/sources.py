"""Sources of pages on the web: how each stands, and what is known of its pages."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import delete, func, or_, select, update

from syndicate.store.database import Transaction
from syndicate.store.schema.web import web_page, web_source
from syndicate.store.upsert import insert_new, upsert

PageState = Literal["listed", "kept", "gone", "copy", "refused"]


class SourceState(Struct, frozen=True):
    """How a source stands. `error` is why the last pass failed, or what it could not read."""

    name: str
    place: str
    next_try: datetime
    etag: str | None = None
    modified: str | None = None
    succeeded: datetime | None = None
    failed: datetime | None = None
    error: str | None = None
    failures: int = 0


class WebPage(Struct, frozen=True):
    """A page on the web: listed and not yet fetched, kept, gone, a copy of another, or refused.

    `moved` is where it is asked for. `instead` is the title of another text that stands in its place, and is
    not yet believed. Without `next_try` it is asked for when its list says so.
    """

    source: str
    key: str
    address: str
    state: PageState = "listed"
    moved: str | None = None
    via: str | None = None
    version: str | None = None
    published: datetime | None = None
    files: tuple[str, ...] = ()
    etag: str | None = None
    modified: str | None = None
    changed: datetime | None = None
    failures: int = 0
    error: str | None = None
    instead: str | None = None
    instead_since: datetime | None = None
    next_try: datetime | None = None


def begin(tx: Transaction, name: str, place: str, now: datetime, until: datetime) -> bool:
    """Take a source that is due, until `until` if nothing is heard of it; False if it is not due.

    One that reads another place than before begins anew.
    """
    new = {"name": name, "place": place, "failures": 0, "next_try": until}
    if insert_new(tx, web_source, new):
        return True
    other = web_source.c.place != place
    taken = (
        update(web_source)
        .where(web_source.c.name == name, or_(web_source.c.next_try <= now, other))
        .values(next_try=until)
        .returning(web_source.c.name)
    )
    if not tx.execute(taken).fetchall():
        return False
    anew = {"place": place, "etag": None, "modified": None, "failures": 0, "error": None}
    found = tx.execute(
        update(web_source).where(web_source.c.name == name, other).values(anew).returning(other)
    )
    if found.fetchall():
        tx.execute(delete(web_page).where(web_page.c.source == name))
    return True


def hold(tx: Transaction, name: str, until: datetime) -> None:
    """Keep a source that is being fetched from others for longer."""
    tx.execute(update(web_source).where(web_source.c.name == name).values(next_try=until))


def due(tx: Transaction, places: Mapping[str, str], now: datetime) -> list[str]:
    """Name the sources that are to be fetched now, of those in the settings: name and place."""
    known = states(tx)
    return [
        name
        for name, place in places.items()
        if name not in known or known[name].place != place or known[name].next_try <= now
    ]


def states(tx: Transaction) -> dict[str, SourceState]:
    """Return how every source stands that was ever fetched."""
    names = SourceState.__struct_fields__
    rows = tx.execute(select(*(web_source.c[name] for name in names)))
    return {row.name: SourceState(**row._mapping) for row in rows}  # noqa: SLF001 - its public name


def save(tx: Transaction, state: SourceState) -> None:
    """Note how a source stands."""
    upsert(tx, web_source, asdict(state), keys=("name",))


def pages(tx: Transaction, source: str) -> dict[str, WebPage]:
    """Return what is known of a source's pages, by key."""
    names = WebPage.__struct_fields__
    rows = tx.execute(
        select(*(web_page.c[name] for name in names))
        .where(web_page.c.source == source)
        .order_by(web_page.c.key)
    )
    return {
        row.key: WebPage(**{**row._mapping, "files": tuple(row.files.splitlines())})  # noqa: SLF001
        for row in rows
    }


def save_page(tx: Transaction, page: WebPage) -> None:
    """Note what is known of a page."""
    values = asdict(page) | {"files": "\n".join(page.files)}
    upsert(tx, web_page, values, keys=("source", "key"))


def forget_pages(tx: Transaction, source: str, keys: Collection[str]) -> None:
    """Forget pages that the source no longer lists."""
    for key in keys:
        tx.execute(delete(web_page).where(web_page.c.source == source, web_page.c.key == key))


def counts(tx: Transaction) -> dict[str, dict[str, int]]:
    """Return how many pages of each source are in which state."""
    rows = tx.execute(
        select(
            web_page.c.source,
            web_page.c.state,
            func.count(),
        ).group_by(web_page.c.source, web_page.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for source, state, number in rows:
        found.setdefault(source, {})[state] = number
    return found


def errors(tx: Transaction, source: str) -> list[str]:
    """Return why pages of a source could not be read."""
    rows = tx.scalars(
        select(web_page.c.error)
        .where(web_page.c.source == source, web_page.c.error.is_not(None))
        .order_by(web_page.c.key)
    )
    return [error for error in rows if error]
