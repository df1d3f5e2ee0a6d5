"""Addresses that must not be mailed, known by their keyed hash alone; they outlive subscribers."""

from datetime import datetime

from sqlalchemy import select

from syndicate.store.database import Transaction
from syndicate.store.schema import subscriber, suppression
from syndicate.store.upsert import insert_new


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
    insert_new(tx, suppression, values)


def is_suppressed(tx: Transaction, address_key: bytes) -> bool:
    """Whether an address must not be mailed."""
    return (
        tx.execute(
            select(suppression.c.reason).where(suppression.c.address_key == address_key)
        ).first()
        is not None
    )
