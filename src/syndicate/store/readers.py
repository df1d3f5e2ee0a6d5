"""One reader as an operator sees them: subscriptions, consent, and whether mail may go there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Select, case, func, select, update
from sqlalchemy.exc import IntegrityError

from syndicate.model import Cadence, SubscriptionState
from syndicate.store import preferences
from syndicate.store.database import Transaction
from syndicate.store.schema.people import consent, profile, subscriber, subscription
from syndicate.store.schema.sending import suppression


class ConsentRow(Struct, frozen=True):
    """When, how and on what evidence somebody joined or left."""

    at: datetime
    kind: str
    source: str
    evidence: str


class SubscriptionRow(Struct, frozen=True):
    """A reader's subscription to one newsletter."""

    id: int
    newsletter: str
    state: SubscriptionState
    language: str
    depth: str
    cadence: str
    created: datetime


def _mine(subscriber_id: int) -> Select[Any]:
    return (
        select(
            subscription.c.id,
            subscription.c.newsletter,
            subscription.c.state,
            profile.c.language,
            profile.c.depth,
            subscription.c.cadence,
            subscription.c.created,
        )
        .join(profile, profile.c.id == subscription.c.profile)
        .where(subscription.c.subscriber == subscriber_id)
        .order_by(subscription.c.id)
    )


def _row(row: Sequence[Any]) -> SubscriptionRow:
    return SubscriptionRow(row[0], row[1], SubscriptionState(row[2]), *row[3:])


def subscriptions(tx: Transaction, subscriber_id: int) -> list[SubscriptionRow]:
    """Return a reader's subscriptions, oldest first."""
    return [_row(row) for row in tx.execute(_mine(subscriber_id))]


def has_left(tx: Transaction, subscription_id: int) -> bool:
    """Whether a subscription was ended."""
    state = select(subscription.c.state).where(subscription.c.id == subscription_id)
    return tx.scalar(state) == SubscriptionState.LEFT


def left_by_link(tx: Transaction, subscription_id: int) -> datetime | None:
    """Return when a subscription was ended by the link in a letter; None when that was not the last of it.

    An address that was suppressed or erased since has no way back.
    """
    last = tx.execute(
        select(consent.c.kind, consent.c.source, consent.c.at)
        .where(consent.c.subscription == subscription_id)
        .order_by(consent.c.id.desc())
        .limit(1)
    ).first()
    if last is None or (last.kind, last.source) != ("left", "web"):
        return None
    mailable = (
        select(subscriber.c.id)
        .join(subscription, subscription.c.subscriber == subscriber.c.id)
        .where(
            subscription.c.id == subscription_id,
            subscriber.c.address_key.is_not(None),
            subscriber.c.address_key.not_in(select(suppression.c.address_key)),
        )
    )
    return last.at if tx.execute(mailable).first() else None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be written to."""

    id: int
    address: str = field(repr=False)


def person(tx: Transaction, subscription_id: int) -> Person | None:
    """Return whose subscription it is, None for one who was erased."""
    row = tx.execute(
        select(subscriber.c.id, subscriber.c.address)
        .join(subscription, subscription.c.subscriber == subscriber.c.id)
        .where(subscription.c.id == subscription_id, subscriber.c.address.is_not(None))
    ).first()
    return Person(*row) if row else None


def move(tx: Transaction, subscriber_id: int, address: str, address_key: bytes, lane: str) -> bool:
    """Give a reader another address, unless somebody else took it just now; whether it was free.

    Letters that failed did so at the old one.
    """
    its = {"address": address, "address_key": address_key, "lane": lane}
    try:
        with tx.begin_nested():
            tx.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(its))
    except IntegrityError:  # uq_subscriber_address_key
        return False
    tx.execute(
        update(subscription)
        .where(subscription.c.subscriber == subscriber_id)
        .values(
            failures=0,
            state=case(
                (subscription.c.state == SubscriptionState.HELD, SubscriptionState.ACTIVE),
                else_=subscription.c.state,
            ),
        )
    )
    return True


def return_to(tx: Transaction, subscription_id: int) -> None:
    """Make a subscription that was left active again, as it was."""
    tx.execute(
        update(subscription)
        .where(subscription.c.id == subscription_id, subscription.c.state == SubscriptionState.LEFT)
        .values(state=SubscriptionState.ACTIVE.value)
    )


def consents(tx: Transaction, subscription_id: int) -> list[ConsentRow]:
    """Return the record of a subscription's consent, oldest first."""
    rows = tx.execute(
        select(consent.c.at, consent.c.kind, consent.c.source, consent.c.evidence)
        .where(consent.c.subscription == subscription_id)
        .order_by(consent.c.id)
    )
    return [ConsentRow(*row) for row in rows]


def rename(tx: Transaction, subscriber_id: int, name: str) -> None:
    """Change how a reader is called."""
    tx.execute(update(subscriber).where(subscriber.c.id == subscriber_id).values(name=name))


def speak(tx: Transaction, subscription_id: int, language: str) -> None:
    """Change the language of a subscription's letters, and of what else its reader is told."""
    wishes = preferences.get(tx, subscription_id)
    assert wishes is not None
    preferences.put(tx, subscription_id, replace(wishes, language=language))


def any_wants_each(tx: Transaction, newsletter: str) -> bool:
    """Whether an active reader of a newsletter wants a letter with each article."""
    found = select(subscription.c.id).where(
        subscription.c.newsletter == newsletter,
        subscription.c.state == SubscriptionState.ACTIVE,
        subscription.c.cadence == Cadence.EACH,
    )
    return tx.execute(found.limit(1)).first() is not None


def cadences(tx: Transaction) -> dict[str, dict[Cadence, int]]:
    """Count the active subscriptions of each newsletter by cadence."""
    rows = tx.execute(
        select(subscription.c.newsletter, subscription.c.cadence, func.count())
        .where(subscription.c.state == SubscriptionState.ACTIVE)
        .group_by(subscription.c.newsletter, subscription.c.cadence)
        .order_by(subscription.c.newsletter, subscription.c.cadence)
    )
    found: dict[str, dict[Cadence, int]] = {}
    for name, cadence, count in rows:
        found.setdefault(name, {})[Cadence(cadence)] = count
    return found


def active_by_newsletter(tx: Transaction) -> dict[str, int]:
    """Count the active subscriptions of each newsletter, in the settings or not."""
    rows = tx.execute(
        select(subscription.c.newsletter, func.count())
        .where(subscription.c.state == SubscriptionState.ACTIVE)
        .group_by(subscription.c.newsletter)
        .order_by(subscription.c.newsletter)
    )
    return {row[0]: row[1] for row in rows}


def free(tx: Transaction, subscription_id: int, *, skip_to: int | None) -> None:
    """Let a held subscription get letters again; `skip_to` passes over the news up to there."""
    values = {"state": SubscriptionState.ACTIVE, "failures": 0}
    if skip_to is not None:
        values["cursor"] = skip_to
    tx.execute(
        update(subscription)
        .where(subscription.c.id == subscription_id, subscription.c.state == SubscriptionState.HELD)
        .values(values)
    )


def held(tx: Transaction) -> int:
    """How many subscriptions are held, since letter after letter failed."""
    query = select(func.count()).where(subscription.c.state == SubscriptionState.HELD)
    return tx.scalar(query) or 0


def group_of(tx: Transaction, newsletter: str, address_key: bytes) -> tuple[int, int, int] | None:
    """Return cursor, start and profile of an active subscription, None for whom there is none."""
    row = tx.execute(
        select(subscription.c.cursor, subscription.c.start, subscription.c.profile)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .where(
            subscription.c.newsletter == newsletter,
            subscription.c.state == SubscriptionState.ACTIVE.value,
            subscriber.c.address_key == address_key,
        )
    ).first()
    return (row[0], row[1], row[2]) if row else None
