"""Addresses that must not be mailed, known by their keyed hash alone; they outlive subscribers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from syndicate.store.database import Transaction
from syndicate.store.schema import subscriber, suppression
from syndicate.store.senders import count_departure
from syndicate.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why and since when an address is not written to; `evidence` is what was said."""

    reason: str
    evidence: str
    at: datetime


def suppress(
    tx: Transaction, address_key: bytes, reason: str, evidence: str, now: datetime
) -> None:
    """Suppress an address; the first reason stays.

    Where others write at the same time, it waits for an intent that has just looked (`hot.intend`).
    """
    if tx.dialect.name != "sqlite":
        person = select(subscriber.c.id).where(subscriber.c.address_key == address_key)
        tx.execute(person.with_for_update())
    values = {"address_key": address_key, "reason": reason, "evidence": evidence, "at": now}
    if insert_new(tx, suppression, values):
        count_departure(tx)


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
