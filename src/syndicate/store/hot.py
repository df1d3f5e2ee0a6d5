"""The hot path of mail: claim, intent and finish (DELIVERY.md, "The ledger").

Each works on a group of rows in one transaction, and only a row's own fence may finish it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    exists,
    literal_column,
    null,
    select,
    update,
)

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
from syndicate.store.ledger import Note, advance_cursors, lease_clock, note_all
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
_PASSED = (DeliveryState.SENT, _UNKNOWN)  # the reader has had the letter, or may have
_INTEND = (
    update(delivery)
    .where(delivery.c.id == bindparam("row"), delivery.c.fence == bindparam("under"))
    .values(
        state=DeliveryState.SENDING.value,
        attempts=bindparam("attempt"),
        first_try=bindparam("first_try"),
        dated=bindparam("dated"),
        address_key=bindparam("address_key"),
    )
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who claims: the process' number, its fence for this group, and how long a claim lives."""

    id: int
    fence: int
    lease: timedelta


def claim(tx: Transaction, sender: Sender, limit: int, now: datetime) -> list[int]:
    """Claim up to `limit` due rows, and return their numbers; older editions come first."""
    claimed: list[int] = []
    for edition_id in sendable(tx):
        claimed += _claim(tx, edition_id, sender, limit - len(claimed), now)
        if len(claimed) == limit:
            break
    return claimed


def sendable(tx: Transaction) -> list[int]:
    """Return the editions whose letters may leave now."""
    ready = select(edition.c.id).where(edition.c.state == EditionState.SENDING)
    return [row.id for row in tx.execute(ready.order_by(edition.c.id))]


def _claim(
    tx: Transaction, edition_id: int, sender: Sender, limit: int, now: datetime
) -> list[int]:
    due = _due(edition_id, now).limit(limit)
    if tx.dialect.name != "sqlite":
        due = due.with_for_update(of=delivery, skip_locked=True)
    # As a subquery PostgreSQL may run it again for each row, beyond its limit.
    chosen = due.cte("due")
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


def _due(edition_id: int, now: datetime) -> Select[Any]:
    """Pending rows of one edition, by the index that holds nothing else."""
    rendered = exists().where(variant.c.id == delivery.c.variant, variant.c.html_size.is_not(None))
    return (
        select(delivery.c.id)
        .where(
            delivery.c.edition == edition_id,
            delivery.c.state == literal_column("'pending'"),  # as the index says it
            delivery.c.not_before <= now,
            rendered,
        )
        .order_by(delivery.c.not_before, delivery.c.id)
    )


def any_due(tx: Transaction, now: datetime) -> bool:
    """Whether a row could be claimed now."""
    return any(tx.execute(_due(one, now).limit(1)).first() for one in sendable(tx))


def next_due(tx: Transaction) -> datetime | None:
    """When the next row may be claimed."""
    waits = [tx.scalar(_next(edition_id)) for edition_id in sendable(tx)]
    return min((wait for wait in waits if wait is not None), default=None)


def _next(edition_id: int) -> Select[Any]:
    due = _due(edition_id, datetime.max.replace(tzinfo=UTC))
    return due.with_only_columns(delivery.c.not_before).limit(1)


def intend(tx: Transaction, claimed: Sequence[int], fence: int, now: datetime) -> list[Delivery]:
    """Commit to sending what may still be sent; what may not is cancelled, or given back."""
    _lock(tx, claimed)
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


def _lock(tx: Transaction, claimed: Sequence[int]) -> None:
    """Where others write at the same time, let nobody take a row over, or leave, until the commit."""
    if tx.dialect.name == "sqlite":
        return
    rows = select(delivery.c.id, delivery.c.subscription).where(delivery.c.id.in_(claimed))
    people = [row.subscription for row in tx.execute(rows.with_for_update())]
    tx.execute(
        select(subscription.c.id)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .where(subscription.c.id.in_(people))
        .order_by(subscription.c.id)
        .with_for_update(read=True)
    )


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
    note_all(tx, [Note(delivery_id, 0, state, objection)], now)


def _commit_to(tx: Transaction, intents: Sequence[Delivery]) -> None:
    if intents:
        tx.execute(
            _INTEND,
            [
                {
                    "row": intent.id,
                    "under": intent.fence,
                    "attempt": intent.attempts + 1,
                    "first_try": intent.first_try,
                    "dated": intent.dated,
                    "address_key": intent.address_key,
                }
                for intent in intents
            ],
        )


def finish(tx: Transaction, landed: Sequence[tuple[Delivery, Decision]], now: datetime) -> set[int]:
    """Record what became of attempts; return the rows that were still ours (their fence stands)."""
    alike: dict[tuple[int, tuple[tuple[str, Any], ...]], list[int]] = {}
    for letter, decision in landed:
        changes = tuple(_changes(letter, decision).items())
        alike.setdefault((letter.fence, changes), []).append(letter.id)
    ours = {
        number
        for (fence, changes), numbers in alike.items()
        for number in _conclude(tx, numbers, fence, dict(changes))
    }
    mine = [(letter, decision) for letter, decision in landed if letter.id in ours]
    notes = [
        Note(letter.id, letter.attempts + 1, _end(letter, decision), decision.reply)
        for letter, decision in mine
    ]
    note_all(tx, notes, now)
    advance_cursors(tx, [one.delivery_id for one in notes if one.kind in _PASSED])
    for letter, decision in mine:
        if isinstance(decision, Done) and decision.suppress:
            suppress(tx, letter.address_key, "refused", decision.reply, now)
    return ours


def _end(letter: Delivery, decision: Decision) -> DeliveryState:
    """Return the state a row gets. What may have arrived once ends sent or unknown, never failed."""
    match decision:
        case Done(state):
            return _UNKNOWN if letter.was_unknown and state is not DeliveryState.SENT else state
        case Retry():
            return DeliveryState.PENDING
        case _:
            assert_never(decision)


def _changes(letter: Delivery, decision: Decision) -> dict[str, Any]:
    state = _end(letter, decision)
    changes: dict[str, Any] = {"state": state.value, "sender": None, "lease_until": None}
    if state is _UNKNOWN:
        changes["was_unknown"] = 1
    if isinstance(decision, Retry):
        changes["not_before"] = decision.at
        if not decision.counts:
            changes["attempts"] = letter.attempts
            if letter.attempts == 0:
                changes["first_try"] = None
    return changes


def _conclude(
    tx: Transaction, numbers: Sequence[int], fence: int, changes: dict[str, Any]
) -> list[int]:
    concluded = tx.execute(
        update(delivery)
        .where(
            delivery.c.id.in_(numbers),
            delivery.c.fence == fence,
            delivery.c.state == DeliveryState.SENDING,
        )
        .values(**changes)
        .returning(delivery.c.id)
    ).fetchall()
    return [row.id for row in concluded]
