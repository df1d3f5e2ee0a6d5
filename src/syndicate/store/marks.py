"""Marks: numbers that a database remembers beyond its rows (DELIVERY.md, rule 8).

A copy that was put back does not know what its later self gave away. Once it may send again, ids and
numbers begin above these marks, and news up to them count as mailed.
"""

from typing import Any

from sqlalchemy import Table, delete, func, select, text

from syndicate.store.database import Transaction
from syndicate.store.schema.copies import mark
from syndicate.store.statement import Statement
from syndicate.store.upsert import upsert

COPIED = "copied"  # microseconds since 1970: when this copy was made; gone once it may send
EDITION = "edition"  # the highest id that an edition may have had elsewhere
SUBSCRIPTION = "subscription"  # likewise of a subscription
PUBLISHING = "publishing"  # 1 while files may stand that are not noted; stays after a kill
GATE = "gate"  # the release that looked last at what is published, as a number
PAGES = "pages"  # how often pages were noted

_GET = Statement("SELECT value FROM mark WHERE name = :name")
_COUNT = Statement(
    "INSERT INTO mark (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = mark.value + 1"
)


def number_of(newsletter: str) -> str:
    """Name the highest number that an edition of a newsletter may have had elsewhere."""
    return f"number:{newsletter}"


def news_of(newsletter: str) -> str:
    """Name the last news of a newsletter that counts as mailed, whoever subscribes."""
    return f"news:{newsletter}"


def weighed_of(edition_id: int) -> str:
    """Name the last event of letters that somebody has seen who let a stopped edition go on."""
    return f"weighed:{edition_id}"


def get(tx: Transaction, name: str) -> int:
    """Return a mark, 0 when there is none."""
    found = _GET(tx, {"name": name}).fetchall()
    return int(found[0][0]) if found else 0


def count(tx: Transaction, name: str) -> None:
    """Count one more; who counts the same meanwhile waits for the end of this transaction."""
    _COUNT(tx, {"name": name})


def raise_to(tx: Transaction, name: str, value: int) -> None:
    """Set a mark unless it is higher already."""
    if value > get(tx, name):
        upsert(tx, mark, {"name": name, "value": value}, ["name"])


def put(tx: Transaction, name: str, value: int) -> None:
    """Set a mark, whatever it was; 0 takes it away."""
    if value == get(tx, name):
        return
    if value:
        upsert(tx, mark, {"name": name, "value": value}, ["name"])
    else:
        forget(tx, name)


def forget(tx: Transaction, name: str) -> None:
    """Take a mark away."""
    tx.execute(delete(mark).where(mark.c.name == name))


def raise_ids(tx: Transaction, table: Table, name: str, value: int) -> None:
    """Let the ids of a table's next rows begin above `value`."""
    raise_to(tx, name, value)
    if tx.dialect.name != "sqlite":
        sequence = text(
            "SELECT setval(pg_get_serial_sequence(:table, 'id'), "
            "GREATEST(:value, nextval(pg_get_serial_sequence(:table, 'id'))))"
        )
        tx.execute(sequence, {"table": table.name, "value": value})


def next_id(tx: Transaction, table: Table, name: str) -> dict[str, Any]:
    """Return the `id` for an insert that has to be above a mark; nothing where a sequence gives it.

    SQLite gives the highest id plus one, and takes NULL (no higher mark) for that.
    """
    if tx.dialect.name != "sqlite":
        return {}
    last = select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery()
    above = select(mark.c.value + 1).where(mark.c.name == name, mark.c.value >= last)
    return {"id": above.scalar_subquery()}
