"""The hot path of mail: claim, intent and finish (DELIVERY.md, "The ledger").

Each works on a group of rows in one transaction, and only a row's own fence may finish it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Select, case, exists, null, select, update

from syndicate.model import (
    Decision,
    Delivery,
    DeliveryState,
    Done,
    EditionState,
    Retry,
    SubscriptionState,
)
from syndicate.store.database import Transaction
from syndicate.store.ledger import advance_cursors, lease_clock, note
from syndicate.store.schema import (
    delivery,
    edition,
    subscriber,
    subscription,
    suppression,
    variant,
)
from syndicate.store.suppressions import suppress

_UNKNOWN = DeliveryState.UNKNOWN


@dataclass(frozen=True, slots=True)
class Sender:
    """Who claims: the process' number, its fence for this group, and how long a claim lives."""

    id: int
    fence: int
    lease: timedelta


def claim(tx: Transaction, sender: Sender, limit: int, now: datetime) -> list[int]:
    """Claim up to `limit` due rows, and return their numbers."""
    due = _due(now).limit(limit)
    if tx.dialect.name != "sqlite":
        due = due.with_for_update(of=delivery, skip_locked=True)
    chosen = due.cte(
        "due"
    )  # as a subquery PostgreSQL may run it again for each row, beyond its limit
    claimed = tx.execute(
        update(delivery)
        .where(delivery.c.id.in_(select(chosen.c.id)), delivery.c.state == DeliveryState.PENDING)
        .values(
            state=DeliveryState.CLAIMED.value,
            sender=sender.id,
            fence=sender.fence,
            lease_until=lease_clock(tx, now) + sender.lease,
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


def any_due(tx: Transaction, now: datetime) -> bool:
    """Whether a row could be claimed now."""
    return tx.execute(_due(now).limit(1)).first() is not None


def intend(tx: Transaction, claimed: Sequence[int], fence: int, now: datetime) -> list[Delivery]:
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
        Delivery(
            id=row.id,
            key=row.key,
            fence=fence,
            variant_id=row.variant,
            subscription_id=row.subscription,
            address=row.address,
            address_key=row.address_key,
            dated=row.dated or now,
            first_try=row.first_try or now,
            attempts=row.attempts,
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


def _commit_to(tx: Transaction, intents: Sequence[Delivery]) -> None:
    for intent in intents:
        tx.execute(
            update(delivery)
            .where(delivery.c.id == intent.id, delivery.c.fence == intent.fence)
            .values(
                state=DeliveryState.SENDING.value,
                attempts=intent.attempts + 1,
                first_try=intent.first_try,
                dated=intent.dated,
                address_key=intent.address_key,
            )
        )


def finish(tx: Transaction, letter: Delivery, decision: Decision, now: datetime) -> bool:
    """Record what became of an attempt; False when the row is no longer ours (its fence moved)."""
    values: dict[str, Any]
    match decision:
        case Done():
            state = _end(letter, decision.state)
            values = {
                "state": state.value,
                "was_unknown": int(letter.was_unknown or state is _UNKNOWN),
            }
        case Retry():
            values = {"state": DeliveryState.PENDING.value, "not_before": decision.at}
        case _:
            assert_never(decision)
    done = tx.execute(
        update(delivery)
        .where(
            delivery.c.id == letter.id,
            delivery.c.fence == letter.fence,
            delivery.c.state == DeliveryState.SENDING,
        )
        .values(**values, sender=None, lease_until=None)
    )
    if done.rowcount == 0:
        return False
    note(tx, letter.id, letter.attempts + 1, values["state"], decision.reply, now)
    if values["state"] in {DeliveryState.SENT, DeliveryState.UNKNOWN}:
        advance_cursors(tx, [letter.id])
    if isinstance(decision, Done) and decision.suppress:
        suppress(tx, letter.address_key, "refused", decision.reply, now)
    return True


def _end(letter: Delivery, state: DeliveryState) -> DeliveryState:
    """A letter that may have arrived once ends sent or unknown, never failed."""
    return _UNKNOWN if letter.was_unknown and state is not DeliveryState.SENT else state
