"""All that is held of one person, and taking it away (MAIL.md, "Consent")."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, delete, select, update

from syndicate.model import Preferences, SubscriptionState
from syndicate.store import decided, preferences
from syndicate.store.asked import drop_of, of
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery, delivery_event
from syndicate.store.schema.people import consent, profile, subscriber, subscription
from syndicate.store.schema.sending import suppression, suppression_event
from syndicate.store.schema.signups import intake_row, private_feed, signup

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
    return {
        "subscriber": person,
        "subscriptions": subscriptions,
        "consent": _of(tx, consent, numbers),
        "private_feeds": _of(tx, private_feed, numbers),
        "imports": _of(tx, intake_row, numbers),
        "requests": _all(tx, select(signup).where(of(address, numbers)).order_by(signup.c.at)),
        "decisions": decided.of(tx, address),
        **_known_by_key(tx, address_key),
        **_sent(tx, _letters(numbers, address_key)),
    }


def _known_by_key(tx: Transaction, address_key: bytes) -> Record:
    """Return what is known of an address without its reader: whether it is written to, and why not."""
    events = suppression_event.c
    history = select(suppression_event).where(events.address_key == address_key)
    return {
        "suppression": _first(
            tx, select(suppression).where(suppression.c.address_key == address_key)
        ),
        "suppression_history": _all(tx, history.order_by(events.id)),
    }


def _sent(tx: Transaction, letters: ColumnElement[bool]) -> Record:
    """Return the letters and what became of each attempt."""
    attempts = select(delivery_event).join(delivery, delivery.c.id == delivery_event.c.delivery)
    return {
        "letters": _all(tx, select(delivery).where(letters).order_by(delivery.c.id)),
        "attempts": _all(tx, attempts.where(letters).order_by(delivery_event.c.id)),
    }


def _letters(subscriptions: Sequence[int], address_key: bytes) -> ColumnElement[bool]:
    return delivery.c.subscription.in_(subscriptions) | (delivery.c.address_key == address_key)


def _of(tx: Transaction, table: Any, subscriptions: Sequence[int]) -> list[Record]:
    return _all(tx, select(table).where(table.c.subscription.in_(subscriptions)))


def _all(tx: Transaction, query: Select[Any]) -> list[Record]:
    return [dict(row) for row in tx.execute(query).mappings()]


def _first(tx: Transaction, query: Select[Any]) -> Record | None:
    row = tx.execute(query).mappings().first()
    return dict(row) if row else None


class Emptied(Struct, frozen=True):
    """What was taken away: the subscriptions that ended by it, and requests that were not confirmed."""

    ended: tuple[int, ...]
    requests: int


def erase(tx: Transaction, subscriber_id: int | None, address: str, address_key: bytes) -> Emptied:
    """Empty the rows of a person; ids, states, times and the forms used stay, so that audits add up.

    Also what a server said of the address: replies repeat it.
    """
    mine = select(subscription.c.id).where(subscription.c.subscriber == subscriber_id)
    numbers = list(tx.scalars(mine)) if subscriber_id is not None else []
    requests = drop_of(tx, address, numbers)
    decided.forget(tx, address)
    tx.execute(delete(private_feed).where(private_feed.c.subscription.in_(numbers)))
    tx.execute(update(intake_row).where(intake_row.c.subscription.in_(numbers)).values(before=None))
    said = {"evidence": "", "network": None, "language": None, "text": None}
    tx.execute(update(consent).where(consent.c.subscription.in_(numbers)).values(said))
    theirs = select(delivery.c.id).where(_letters(numbers, address_key))
    tx.execute(
        update(delivery_event).where(delivery_event.c.delivery.in_(theirs)).values(detail="")
    )
    ended = _empty(tx, subscriber_id, numbers) if subscriber_id is not None else []
    return Emptied(tuple(ended), requests)


def _empty(tx: Transaction, subscriber_id: int, subscriptions: Sequence[int]) -> list[int]:
    """Leave a person without address, name, language and settings; return the subscriptions that ended."""
    mine = subscription.c.id.in_(subscriptions)
    active = mine & (subscription.c.state != SubscriptionState.LEFT.value)
    ended = list(tx.scalars(select(subscription.c.id).where(active)))
    for number in subscriptions:
        preferences.put(tx, number, Preferences(language=""))
    tx.execute(update(subscription).where(mine).values(state=SubscriptionState.LEFT.value))
    tx.execute(
        update(subscriber)
        .where(subscriber.c.id == subscriber_id)
        .values(address=None, address_key=None, name="", language="", lane="other")
    )
    return ended
