"""The addresses of feeds for one reader alone."""

import secrets
from datetime import datetime

from sqlalchemy import delete, select

from syndicate.store.database import Transaction
from syndicate.store.schema.people import subscriber, subscription
from syndicate.store.schema.signups import private_feed
from syndicate.store.upsert import insert_new

_ID_BITS = 47  # a token's subject has 48


def of(tx: Transaction, subscription_id: int) -> int | None:
    """Return the number of a subscription's feed."""
    found: int | None = tx.scalar(
        select(private_feed.c.id).where(private_feed.c.subscription == subscription_id)
    )
    return found


def add(tx: Transaction, subscription_id: int, now: datetime) -> int:
    """Make a feed for a subscription that has none, under a random number, and return that."""
    while (number := of(tx, subscription_id)) is None:
        drawn = secrets.randbits(_ID_BITS)
        insert_new(tx, private_feed, {"id": drawn, "subscription": subscription_id, "at": now})
    return number


def drop(tx: Transaction, subscription_id: int) -> None:
    """Delete a subscription's feed."""
    tx.execute(delete(private_feed).where(private_feed.c.subscription == subscription_id))


def get(tx: Transaction, number: int) -> tuple[int, str] | None:
    """Return the subscription and the newsletter of a feed; None when it was revoked."""
    row = tx.execute(
        select(subscription.c.id, subscription.c.newsletter)
        .join(private_feed, private_feed.c.subscription == subscription.c.id)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .where(private_feed.c.id == number, subscriber.c.address_key.is_not(None))
    ).first()
    return (row.id, row.newsletter) if row else None
