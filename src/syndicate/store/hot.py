"""The hot path of mail: claim, intent and finish (DELIVERY.md, "The ledger").

Each works on a group of rows in one transaction, and only a row's own fence may finish it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Select, case, exists, null, select, update

from syndicate.model import Decision, DeliveryState, Done, EditionState, Retry, SubscriptionState
from syndicate.store.database import Transaction
from syndicate.store.ledger import advance_cursors, note
from syndicate.store.schema import (
    delivery,
    edition,
    subscriber,
    subscription,
    suppression,
    variant,
)
from syndicate.store.suppressions import suppress


@dataclass(frozen=True, slots=True)
class Sender:
    """Who claims: the process' number, its fence for this group, and how long a claim lives."""

    id: int
    fence: int
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Intent:
    """A row committed as `sending`, with everything that its letter needs.

    `dated` and so the letter's bytes are the same on every attempt.
    """

    id: int
    key: str
    fence: int
    variant_id: int
    subscription_id: int
    address: str
    address_key: bytes
    dated: datetime
    first_try: datetime
    attempts: int
    was_unknown: bool


def claim(tx: Transaction, sender: Sender, limit: int, now: datetime) -> list[int]:
    """Claim up to `limit` due rows, and return their numbers."""
    due = _due(now).limit(limit)
    if tx.dialect.name != "sqlite":
        due = due.with_for_update(of=delivery, skip_locked=True)
    claimed = tx.execute(
        update(delivery)
        .where(delivery.c.id.in_(due), delivery.c.state == DeliveryState.PENDING)
        .values(
            state=DeliveryState.CLAIMED.value,
            sender=sender.id,
            fence=sender.fence,
            lease_until=now + sender.lease,
        )
        .returning(delivery.c.id)
    ).fetchall()
    return sorted(row.id for row in claimed)


def _due(now: datetime) -> Select[Any]:
    return (
        select(delivery.c.id)
        .join(edition, edition.c.id == delivery.c.edition)
        .join(variant, variant.c.id == delivery.c.variant)
        .where(
            delivery.c.state == DeliveryState.PENDING,
            delivery.c.not_before <= now,
            edition.c.state == EditionState.SENDING,
            variant.c.html_size.is_not(None),
        )
        .order_by(delivery.c.not_before, delivery.c.id)
    )


def intend(tx: Transaction, claimed: Sequence[int], fence: int, now: datetime) -> list[Intent]:
    """Commit to sending what may still be sent; what may not is cancelled, or given back."""
    rows = tx.execute(
        select(
            delivery.c.id,
            delivery.c.key,
            delivery.c.variant,
            delivery.c.subscription,
            subscriber.c.address,
            subscriber.c.address_key,
            delivery.c.dated,
            delivery.c.first_try,
            delivery.c.attempts,
            delivery.c.was_unknown,
            _objection().label("objection"),
        )
        .join(edition, edition.c.id == delivery.c.edition)
        .join(subscription, subscription.c.id == delivery.c.subscription)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .where(
            delivery.c.id.in_(claimed),
            delivery.c.fence == fence,
            delivery.c.state == DeliveryState.CLAIMED,
        )
        .order_by(delivery.c.id)
    ).fetchall()
    for row in rows:
        if row.objection:
            _turn_away(tx, row.id, fence, row.objection, was_unknown=bool(row.was_unknown), now=now)
    intents = [
        Intent(
            id=row.id,
            key=row.key,
            fence=fence,
            variant_id=row.variant,
            subscription_id=row.subscription,
            address=row.address,
            address_key=row.address_key,
            dated=row.dated or now,
            first_try=row.first_try or now,
            attempts=row.attempts + 1,
            was_unknown=bool(row.was_unknown),
        )
        for row in rows
        if not row.objection
    ]
    _commit_to(tx, intents)
    return intents


def _objection() -> ColumnElement[str | None]:
    """Why a claimed row may not be sent after all."""
    suppressed = exists().where(suppression.c.address_key == subscriber.c.address_key)
    return case(
        (edition.c.state == EditionState.CANCELLED, "cancelled"),
        (edition.c.state != EditionState.SENDING, "paused"),
        (subscriber.c.address.is_(None), "erased"),
        (subscription.c.state != SubscriptionState.ACTIVE, "unsubscribed"),
        (suppressed, "suppressed"),
        else_=null(),
    )


def _turn_away(
    tx: Transaction,
    delivery_id: int,
    fence: int,
    objection: str,
    *,
    was_unknown: bool,
    now: datetime,
) -> None:
    if objection == "paused":
        state = DeliveryState.PENDING
    else:
        state = DeliveryState.UNKNOWN if was_unknown else DeliveryState.CANCELLED
    tx.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id, delivery.c.fence == fence)
        .values(state=state.value, reason=objection, sender=None, lease_until=None)
    )
    note(tx, delivery_id, 0, state.value, objection, now)


def _commit_to(tx: Transaction, intents: Sequence[Intent]) -> None:
    for intent in intents:
        tx.execute(
            update(delivery)
            .where(delivery.c.id == intent.id, delivery.c.fence == intent.fence)
            .values(
                state=DeliveryState.SENDING.value,
                attempts=intent.attempts,
                first_try=intent.first_try,
                dated=intent.dated,
                address_key=intent.address_key,
            )
        )


def finish(tx: Transaction, intent: Intent, decision: Decision, now: datetime) -> bool:
    """Record what became of an attempt; False when the row is no longer ours (its fence moved)."""
    match decision:
        case Done(state, reply, blamed):
            values: dict[str, Any] = {"state": state.value}
            if state is DeliveryState.UNKNOWN:
                values["was_unknown"] = 1
        case Retry(at, reply):
            values, blamed = {"state": DeliveryState.PENDING.value, "not_before": at}, False
        case _:
            assert_never(decision)
    done = tx.execute(
        update(delivery)
        .where(
            delivery.c.id == intent.id,
            delivery.c.fence == intent.fence,
            delivery.c.state == DeliveryState.SENDING,
        )
        .values(**values, sender=None, lease_until=None)
    )
    if done.rowcount == 0:
        return False
    note(tx, intent.id, intent.attempts, values["state"], reply, now)
    if values["state"] in (DeliveryState.SENT, DeliveryState.UNKNOWN):
        advance_cursors(tx, [intent.id])
    if blamed:
        suppress(tx, intent.address_key, "refused", reply, now)
    return True
