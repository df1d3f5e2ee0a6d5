"""Subscribers, their subscriptions, and the record of their consent."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import case, func, insert, select, update

from syndicate.model import Subscriber, SubscriptionState, Terms
from syndicate.store import asked, marks
from syndicate.store.database import Transaction
from syndicate.store.editions import went_out
from syndicate.store.schema.letters import edition
from syndicate.store.schema.people import consent, profile, subscriber, subscription
from syndicate.store.schema.sending import suppression
from syndicate.store.senders import count_departures


class Listed(Struct, frozen=True):
    """One subscription as operators see it; `suppressed` says why its address is not written to."""

    address: str | None
    name: str
    newsletter: str
    state: str
    language: str
    created: datetime
    suppressed: str | None


def find(tx: Transaction, address_key: bytes) -> Subscriber | None:
    """Return the subscriber of an address."""
    row = tx.execute(
        select(
            subscriber.c.id, subscriber.c.address, subscriber.c.name, subscriber.c.language
        ).where(subscriber.c.address_key == address_key)
    ).first()
    return Subscriber(*row) if row else None


def start_of_new(tx: Transaction, newsletter: str) -> int:
    """Return where a new subscription begins: the greatest cut of an edition that went out.

    A cancelled edition counts once one of its letters may have left (DELIVERY.md).
    """
    last = tx.scalar(
        select(func.max(edition.c.cut)).where(edition.c.newsletter == newsletter, went_out())
    )
    return max(last or 0, marks.get(tx, marks.news_of(newsletter)))


def leave(tx: Transaction, subscription_id: int) -> bool:
    """End a subscription; whether it was not ended before."""
    done = tx.execute(
        update(subscription)
        .where(
            subscription.c.id == subscription_id,
            subscription.c.state != SubscriptionState.LEFT.value,
        )
        .values(state=SubscriptionState.LEFT.value)
    )
    count_departures(tx, done.rowcount)
    return done.rowcount > 0


def come_back(tx: Transaction, subscription_id: int, newsletter: str) -> None:
    """Let somebody who had left, or was held, read again: what was mailed meanwhile stays behind.

    It changes nothing for who reads it already.
    """
    start = start_of_new(tx, newsletter)
    passed = case((subscription.c.cursor > start, subscription.c.cursor), else_=start)
    tx.execute(
        update(subscription)
        .where(
            subscription.c.id == subscription_id,
            subscription.c.state != SubscriptionState.ACTIVE.value,
        )
        .values(state=SubscriptionState.ACTIVE.value, failures=0, start=passed, cursor=passed)
    )


def newsletter_of(tx: Transaction, subscription_id: int) -> tuple[str, str] | None:
    """Return a subscription's newsletter and the language of its reader, None once that one was erased."""
    row = tx.execute(
        select(subscription.c.newsletter, profile.c.language)
        .join(profile, profile.c.id == subscription.c.profile)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .where(subscription.c.id == subscription_id, subscriber.c.address.is_not(None))
    ).first()
    return (row.newsletter, row.language) if row else None


def record_consent(
    tx: Transaction,
    subscription_id: int,
    kind: str,
    source: str,
    evidence: str,
    now: datetime,
    terms: Terms | None = None,
) -> None:
    """Append to the record of who agreed to what, when and how."""
    tx.execute(
        insert(consent).values(
            subscription=subscription_id,
            at=now,
            kind=kind,
            source=source,
            evidence=evidence,
            **(asdict(terms) if terms else {}),
        )
    )


def with_unconfirmed(tx: Transaction, newsletter: str | None = None) -> Iterator[Listed]:
    """Yield every subscription, then who asked for one and has not confirmed."""
    yield from listed(tx, newsletter)
    for one in asked.unconfirmed(tx, newsletter):
        if one.newsletter is not None:
            yield Listed(
                one.address, one.name, one.newsletter, "unconfirmed", one.language, one.at, None
            )


def listed(tx: Transaction, newsletter: str | None = None) -> Iterator[Listed]:
    """Yield every subscription, oldest first."""
    query = (
        select(
            subscriber.c.address,
            subscriber.c.name,
            subscription.c.newsletter,
            subscription.c.state,
            profile.c.language,
            subscription.c.created,
            suppression.c.reason + ": " + suppression.c.evidence,
        )
        .join(subscription, subscription.c.subscriber == subscriber.c.id)
        .join(profile, profile.c.id == subscription.c.profile)
        .outerjoin(suppression, suppression.c.address_key == subscriber.c.address_key)
        .order_by(subscription.c.id)
    )
    if newsletter is not None:
        query = query.where(subscription.c.newsletter == newsletter)
    for row in tx.execute(query.execution_options(yield_per=1000)):
        yield Listed(*row)
