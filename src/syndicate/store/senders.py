"""The processes that send, the fences they reserve, and the identity that the witness knows."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, insert, or_, select, true, update

from syndicate.store import marks
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery
from syndicate.store.schema.sending import sender, sending
from syndicate.store.statement import Statement

Rows = ColumnElement[bool]  # a condition on the ledger's rows

_LATEST = 20  # more than send at one time
FENCES = 16  # groups a process may claim before the witness has to know of more


# Asked for every few rounds, so that they are written out.
_RESERVE = Statement("UPDATE sending SET fence = fence + :more RETURNING fence")
_IDENTITY = Statement("""
    SELECT identity, fence, departures,
        (SELECT id FROM edition WHERE started IS NOT NULL ORDER BY id DESC LIMIT 1)
    FROM sending
""")


class Process(NamedTuple):
    """A process on a machine: `boot` and `began` tell it from every other one of the same pid."""

    host: str
    boot: str
    pid: int
    began: str


class Identity(NamedTuple):
    """What the witness file is compared with: who we are, and how far things had come.

    `fence` is the last one reserved, `editions` the id of the last one started, and
    `departures` counts who left or was suppressed since there is an identity.
    """

    identity: str
    fence: int
    editions: int
    departures: int


def register(tx: Transaction, process: Process, now: datetime) -> int:
    """Make a sending process known and return its number."""
    key = tx.execute(insert(sender).values(**process._asdict(), at=now)).inserted_primary_key
    assert key is not None
    return int(key[0])


def holders(tx: Transaction) -> dict[int, Process]:
    """Return the processes that hold rows now."""
    rows = tx.execute(
        select(sender.c.id, sender.c.host, sender.c.boot, sender.c.pid, sender.c.began).where(
            sender.c.id.in_(select(delivery.c.sender).where(delivery.c.sender.is_not(None)))
        )
    )
    return {row[0]: Process(*row[1:]) for row in rows}


def latest(tx: Transaction) -> list[Process]:
    """Return the processes that began to send last."""
    about = (sender.c.host, sender.c.boot, sender.c.pid, sender.c.began)
    rows = tx.execute(select(*about).order_by(sender.c.id.desc()).limit(_LATEST))
    return [Process(*row) for row in rows]


def everyones() -> Rows:
    """Rows of any sender: on SQLite whoever holds the sending lock is the only one alive."""
    return true()


def own(sender_id: int) -> Rows:
    """Rows of one sender."""
    return delivery.c.sender == sender_id


def dead_or_expired(dead: list[int], now: datetime) -> Rows:
    """Rows of senders known to be dead, or whose lease has run out."""
    return or_(delivery.c.sender.in_(dead), delivery.c.lease_until < now)


def identity(tx: Transaction) -> Identity | None:
    """Return the sending identity, None before anything was sent."""
    rows = _IDENTITY(tx, {}).fetchall()
    if not rows:
        return None
    ((name, fence, departures, last),) = rows
    return Identity(name, fence, max(last or 0, marks.get(tx, marks.EDITION)), departures)


def found(tx: Transaction, name: str) -> None:
    """Begin a sending identity."""
    tx.execute(insert(sending).values(id=1, identity=name, namespace=name, fence=0, departures=0))


def found_again(tx: Transaction, name: str, fence: int, departures: int) -> None:
    """Begin another sending identity: whatever knows the old one is an old copy from now on."""
    if identity(tx) is None:
        found(tx, name)
    tx.execute(update(sending).values(identity=name, fence=fence, departures=departures))


def namespace(tx: Transaction) -> str:
    """Return what our letters' keys begin with outside this database, once somebody has sent."""
    return str(tx.scalar(select(sending.c.namespace)))


def count_departures(tx: Transaction, more: int) -> None:
    """Count who is not to be mailed any more: an old copy would not know."""
    if more:
        tx.execute(update(sending).values(departures=sending.c.departures + more))


def reserve_fences(tx: Transaction) -> int:
    """Reserve a range of fences and return the number before its first."""
    ((last,),) = _RESERVE(tx, {"more": FENCES}).fetchall()
    return int(last) - FENCES
