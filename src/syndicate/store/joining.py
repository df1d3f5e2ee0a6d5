"""Many readers at once: how an import finds and inserts them, in a few statements for them all."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, select

from syndicate.model import Preferences, SubscriptionState
from syndicate.store import marks
from syndicate.store.database import Transaction
from syndicate.store.preferences import intern_profile
from syndicate.store.schema.people import consent, profile, subscriber, subscription
from syndicate.store.subscribers import start_of_new
from syndicate.store.upsert import insert_many


class Standing(Struct, frozen=True):
    """A reader who is known, and the subscription to one newsletter, if there ever was one.

    `language` is that of the reader, `speaks` that of the subscription.
    """

    subscriber_id: int
    name: str
    language: str
    subscription_id: int | None
    state: SubscriptionState | None
    speaks: str | None


class Newcomer(Struct, frozen=True):
    """A reader to be: `lane` is the group of the address' domain."""

    address: str
    address_key: bytes
    lane: str
    name: str
    language: str


def standings(tx: Transaction, newsletter: str, keys: Sequence[bytes]) -> dict[bytes, Standing]:
    """Return who of these address keys is known."""
    its = and_(
        subscription.c.subscriber == subscriber.c.id, subscription.c.newsletter == newsletter
    )
    rows = tx.execute(
        select(
            subscriber.c.address_key,
            subscriber.c.id,
            subscriber.c.name,
            subscriber.c.language,
            subscription.c.id,
            subscription.c.state,
            profile.c.language,
        )
        .outerjoin(subscription, its)
        .outerjoin(profile, profile.c.id == subscription.c.profile)
        .where(subscriber.c.address_key.in_(keys))
    )
    return {
        row[0]: Standing(*row[1:5], SubscriptionState(row[5]) if row[5] else None, row[6])
        for row in rows
    }


def add(tx: Transaction, people: Sequence[Newcomer], now: datetime) -> dict[bytes, int]:
    """Insert subscribers and return their numbers by address key."""
    if not people:
        return {}
    rows = [
        {
            "address": one.address,
            "address_key": one.address_key,
            "lane": one.lane,
            "name": one.name,
            "language": one.language,
            "created": now,
        }
        for one in people
    ]
    insert_many(tx, subscriber, rows)
    keys = [one.address_key for one in people]
    found = tx.execute(
        select(subscriber.c.address_key, subscriber.c.id).where(subscriber.c.address_key.in_(keys))
    )
    return {row[0]: row[1] for row in found}


def subscribe(
    tx: Transaction, newsletter: str, wishes: Mapping[int, Preferences], now: datetime
) -> None:
    """Insert active subscriptions of `wishes`: subscribers and what they want."""
    start = start_of_new(tx, newsletter)
    profiles = {wanted: intern_profile(tx, wanted) for wanted in set(wishes.values())}
    rows = [
        {
            "newsletter": newsletter,
            "subscriber": number,
            "state": SubscriptionState.ACTIVE.value,
            "start": start,
            "cursor": start,
            "profile": profiles[wanted],
            "cadence": wanted.cadence.value,
            "hour": wanted.hour,
            "zone": wanted.zone,
            "paused_until": wanted.paused_until,
            "created": now,
        }
        for number, wanted in wishes.items()
    ]
    if rows:
        insert_many(tx, subscription, rows, **marks.next_id(tx, subscription, marks.SUBSCRIPTION))


def numbers(tx: Transaction, newsletter: str, subscribers: Sequence[int]) -> dict[int, int]:
    """Return the subscriptions of subscribers to a newsletter, by subscriber."""
    rows = tx.execute(
        select(subscription.c.subscriber, subscription.c.id).where(
            subscription.c.newsletter == newsletter, subscription.c.subscriber.in_(subscribers)
        )
    )
    return {row[0]: row[1] for row in rows}


class Agreed(Struct, frozen=True):
    """A record of consent; `network` is the keyed hash of the network address, if one is known."""

    subscription: int
    at: datetime
    source: str
    evidence: str
    network: bytes | None


def record_consents(tx: Transaction, agreed: Sequence[Agreed]) -> None:
    """Append to the record of consent."""
    rows = [
        {
            "kind": "confirmed",
            "subscription": one.subscription,
            "at": one.at,
            "source": one.source,
            "evidence": one.evidence,
            "network": one.network,
        }
        for one in agreed
    ]
    insert_many(tx, consent, rows)
