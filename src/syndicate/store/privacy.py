"""All that is held of one person, and taking it away (MAIL.md, "Consent")."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, select, update

from syndicate.model import SubscriptionState
from syndicate.store.database import Transaction
from syndicate.store.schema import (
    consent,
    delivery,
    delivery_event,
    intake_row,
    private_feed,
    profile,
    signup,
    subscriber,
    subscription,
    suppression,
)
from syndicate.store.signups import drop_of

Record = dict[str, Any]


def held(tx: Transaction, address_key: bytes, address: str) -> Record:
    """Return all that is held of an address: records of plain values, times zone-aware."""
    person = _first(tx, select(subscriber).where(subscriber.c.address_key == address_key))
    subscriptions = (
        _all(
            tx,
            select(subscription, profile.c.filters, profile.c.language, profile.c.depth)
            .join(profile, profile.c.id == subscription.c.profile)
            .where(subscription.c.subscriber == person["id"])
            .order_by(subscription.c.id),
        )
        if person
        else []
    )
    numbers = [one["id"] for one in subscriptions]
    letters = delivery.c.subscription.in_(numbers) | (delivery.c.address_key == address_key)
    asked = (signup.c.address == address) | signup.c.subscription.in_(numbers)
    return {
        "subscriber": person,
        "subscriptions": subscriptions,
        "consent": _of(tx, consent, numbers),
        "private_feeds": _of(tx, private_feed, numbers),
        "imports": _of(tx, intake_row, numbers),
        "requests": _all(tx, select(signup).where(asked).order_by(signup.c.at)),
        "suppression": _first(
            tx, select(suppression).where(suppression.c.address_key == address_key)
        ),
        "letters": _all(tx, select(delivery).where(letters).order_by(delivery.c.id)),
        "attempts": _all(
            tx,
            select(delivery_event)
            .join(delivery, delivery.c.id == delivery_event.c.delivery)
            .where(letters)
            .order_by(delivery_event.c.id),
        ),
    }


def _of(tx: Transaction, table: Any, subscriptions: Sequence[int]) -> list[Record]:
    return _all(tx, select(table).where(table.c.subscription.in_(subscriptions)))


def _all(tx: Transaction, query: Select[Any]) -> list[Record]:
    return [dict(row) for row in tx.execute(query).mappings()]


def _first(tx: Transaction, query: Select[Any]) -> Record | None:
    row = tx.execute(query).mappings().first()
    return dict(row) if row else None


def erase(tx: Transaction, subscriber_id: int | None, address: str) -> list[int]:
    """Empty the rows of a person; ids, states and times stay, so that audits add up.

    Returns the subscriptions that were ended by it.
    """
    mine = select(subscription.c.id).where(subscription.c.subscriber == subscriber_id)
    numbers = list(tx.scalars(mine)) if subscriber_id is not None else []
    drop_of(tx, address, numbers)
    tx.execute(delete(private_feed).where(private_feed.c.subscription.in_(numbers)))
    tx.execute(update(intake_row).where(intake_row.c.subscription.in_(numbers)).values(before=None))
    tx.execute(
        update(consent).where(consent.c.subscription.in_(numbers)).values(evidence="", network=None)
    )
    active = mine.where(subscription.c.state != SubscriptionState.LEFT.value)
    ended = list(tx.scalars(active)) if numbers else []
    tx.execute(
        update(subscription)
        .where(subscription.c.id.in_(ended))
        .values(state=SubscriptionState.LEFT.value)
    )
    if subscriber_id is not None:
        tx.execute(
            update(subscriber)
            .where(subscriber.c.id == subscriber_id)
            .values(address=None, address_key=None, name="", lane="other")
        )
    return ended
