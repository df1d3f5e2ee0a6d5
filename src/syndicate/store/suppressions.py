"""Addresses that must not be mailed, known by their keyed hash alone; they outlive subscribers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, func, insert, select, update

from syndicate.store import precedence
from syndicate.store.database import Transaction
from syndicate.store.schema.people import subscriber
from syndicate.store.schema.sending import suppression, suppression_event
from syndicate.store.senders import count_departures
from syndicate.store.upsert import insert_new


class Suppression(Struct, frozen=True):
    """Why and since when an address is not written to; `evidence` is what was said."""

    reason: str
    evidence: str
    at: datetime


def suppress(
    tx: Transaction, address_key: bytes, reason: str, evidence: str, now: datetime
) -> bool:
    """Suppress an address; whether it was not before."""
    return suppress_many(tx, [(address_key, reason, evidence)], now) > 0


def suppress_many(tx: Transaction, those: Sequence[tuple[bytes, str, str]], now: datetime) -> int:
    """Suppress addresses, given as (key, reason, evidence); how many were not before.

    The first reason of each stays, and any other is kept beside it.
    Where others write at the same time, it waits for an intent that has just looked (`hot.intend`).
    """
    if not those:
        return 0
    precedence.addresses(tx, [key for key, _, _ in those])
    new = sum(_suppress(tx, *one, now) for one in those)
    count_departures(tx, new)
    return new


def _suppress(
    tx: Transaction, address_key: bytes, reason: str, evidence: str, now: datetime
) -> bool:
    values = {"address_key": address_key, "reason": reason, "evidence": evidence, "at": now}
    new = insert_new(tx, suppression, values)
    if new or not _is_noted(tx, address_key, reason):
        _note(tx, address_key, "suppressed" if new else "repeated", reason, evidence, now)
    return new


def _is_noted(tx: Transaction, address_key: bytes, reason: str) -> bool:
    """Whether a reason was given since an address was lifted last: a list read twice says nothing new."""
    its = suppression_event.c.address_key == address_key
    lifted = select(func.max(suppression_event.c.id)).where(
        its, suppression_event.c.kind == "lifted"
    )
    found = select(suppression_event.c.id).where(
        its,
        suppression_event.c.reason == reason,
        suppression_event.c.id > func.coalesce(lifted.scalar_subquery(), 0),
    )
    return tx.execute(found.limit(1)).first() is not None


def blank(tx: Transaction, address_key: bytes) -> None:
    """Empty what was said of an address: its keyed hash, the reasons and their times stay."""
    for one in (suppression, suppression_event):
        tx.execute(update(one).where(one.c.address_key == address_key).values(evidence=""))


class Happened(Struct, frozen=True):
    """A step of an address: `kind` is suppressed, repeated (for a further reason) or lifted."""

    at: datetime
    kind: str
    reason: str
    evidence: str


def history(tx: Transaction, address_key: bytes) -> list[Happened]:
    """Return the steps of an address, oldest first."""
    rows = tx.execute(
        select(
            suppression_event.c.at,
            suppression_event.c.kind,
            suppression_event.c.reason,
            suppression_event.c.evidence,
        )
        .where(suppression_event.c.address_key == address_key)
        .order_by(suppression_event.c.id)
    )
    return [Happened(*row) for row in rows]


def lift(tx: Transaction, address_key: bytes, evidence: str, now: datetime) -> bool:
    """Take a suppression away, and keep why; whether there was one."""
    gone = tx.execute(delete(suppression).where(suppression.c.address_key == address_key)).rowcount
    if gone:
        _note(tx, address_key, "lifted", "operator", evidence, now)
    return gone > 0


def _note(
    tx: Transaction, address_key: bytes, kind: str, reason: str, evidence: str, now: datetime
) -> None:
    values = {"address_key": address_key, "kind": kind, "reason": reason, "evidence": evidence}
    tx.execute(insert(suppression_event).values(**values, at=now))


@dataclass(frozen=True, slots=True)
class Listed:
    """A suppression; `address` is None where no reader of it is known."""

    address_key: bytes
    reason: str
    evidence: str
    at: datetime
    address: str | None = field(repr=False)


def listed(tx: Transaction) -> Iterator[Listed]:
    """Yield every suppression, oldest first."""
    query = (
        select(
            suppression.c.address_key,
            suppression.c.reason,
            suppression.c.evidence,
            suppression.c.at,
            subscriber.c.address,
        )
        .outerjoin(subscriber, subscriber.c.address_key == suppression.c.address_key)
        .order_by(suppression.c.at, suppression.c.address_key)
    )
    for row in tx.execute(query.execution_options(yield_per=1000)):
        yield Listed(*row)


def among(tx: Transaction, address_keys: Sequence[bytes]) -> set[bytes]:
    """Return which of these addresses must not be mailed."""
    keys = suppression.c.address_key
    return set(tx.scalars(select(keys).where(keys.in_(address_keys))))


def find(tx: Transaction, address_key: bytes) -> Suppression | None:
    """Return why an address must not be mailed, None when it may."""
    row = tx.execute(
        select(suppression.c.reason, suppression.c.evidence, suppression.c.at).where(
            suppression.c.address_key == address_key
        )
    ).first()
    return Suppression(*row) if row else None
