"""Links between published pages: those that authors wrote, and all that lead nowhere."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, update

from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.outputs import Output
from syndicate.store.schema.serving import link
from syndicate.store.statement import Statement
from syndicate.store.upsert import upsert_many

# `state`: it leads somewhere, it was told of, it is yet to be looked at.
SOUND, BROKEN, NEW = range(3)
# Asked for two hundred pages at a time, for each that is made.
_OF = Statement("SELECT page, address, target, state FROM link WHERE page IN :pages")
_FORGET = Statement("DELETE FROM link WHERE page IN :pages")


class Kept(NamedTuple):
    """A link of a page: the address as the page has it, and the published path that it names."""

    page: str
    address: str
    target: str
    state: int


def put(tx: Transaction, files: Sequence[Output]) -> None:
    """Note what authors wrote in files that were made; what is known to lead nowhere stays known."""
    pages = [one.path for one in files]
    known = {(one.page, one.address) for one in of(tx, pages) if one.state == BROKEN}
    forget(tx, pages)
    rows = [
        Kept(one.path, to.address, to.target, BROKEN if (one.path, to.address) in known else NEW)
        for one in files
        for to in one.links
        if to.written or (one.path, to.address) in known
    ]
    save(tx, rows)


def save(tx: Transaction, rows: Collection[Kept]) -> None:
    """Note links."""
    upsert_many(tx, link, [one._asdict() for one in rows], ("page", "address"))


def forget(tx: Transaction, pages: Sequence[str]) -> None:
    """Forget the links of pages."""
    for some in batches(pages):
        _FORGET(tx, {"pages": some})


def doubt(tx: Transaction, removed: Sequence[str]) -> None:
    """Note that links to files that were removed are to be looked at again."""
    gone = [path.removesuffix("index.html").rstrip("/") for path in removed]
    for some in batches(gone):
        its = link.c.target.in_(some) & (link.c.state == SOUND)
        tx.execute(update(link).where(its).values(state=NEW))


def doubtful(tx: Transaction) -> list[Kept]:
    """Return the links that are to be looked at, and those that led nowhere."""
    return sorted(_where(tx, link.c.state != SOUND))


def broken(tx: Transaction) -> list[Kept]:
    """Return the links that lead nowhere, by page."""
    return sorted(_where(tx, link.c.state == BROKEN))


def of(tx: Transaction, pages: Sequence[str]) -> Iterator[Kept]:
    """Yield the links of pages that are kept."""
    for some in batches(pages):
        yield from (Kept(*row) for row in _OF(tx, {"pages": some}).fetchall())


def _where(tx: Transaction, matches: ColumnElement[bool]) -> list[Kept]:
    columns = (link.c.page, link.c.address, link.c.target, link.c.state)
    return [Kept(*row) for row in tx.execute(select(*columns).where(matches))]
