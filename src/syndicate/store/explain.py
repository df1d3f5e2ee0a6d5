"""What the ledger knows of one reader and one edition; the reader is known by the address key."""

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import case, func, or_, select

from syndicate.model import OPEN_STATES, DeliveryState, Edition, SubscriptionState
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery, delivery_event, edition, variant
from syndicate.store.schema.people import subscriber, subscription

_HAD = (DeliveryState.SENT, DeliveryState.UNKNOWN)


class LetterRow(Struct, frozen=True):
    """A row of the ledger. `superseded_by` is an edition; `is_written` whether its variant has a letter."""

    id: int
    key: str
    state: DeliveryState
    reason: str | None
    not_before: datetime
    superseded_by: int | None
    variant_id: int
    is_written: bool


class MemberRow(Struct, frozen=True):
    """A subscription with its place in the news: `start` and `cursor` are numbers of the news log."""

    id: int
    subscriber_id: int
    state: SubscriptionState
    cadence: str
    start: int
    cursor: int
    created: datetime
    paused_until: datetime | None = None


class EventRow(NamedTuple):
    """An event of a row; `attempt` is 0 when it was none."""

    at: datetime
    attempt: int
    kind: str
    detail: str


class EarlierRow(NamedTuple):
    """The row of an earlier edition, whether it is open still, and when something last became of it."""

    edition_id: int
    key: str
    is_open: bool
    last: datetime | None


def letter(tx: Transaction, edition_id: int, address_key: bytes) -> LetterRow | None:
    """Return the row of an address in an edition; it outlives the erasure of its reader.

    That of the reader who has the address now comes first, whatever it was when the letter left.
    """
    mine = delivery.c.subscription.in_(
        select(subscription.c.id)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .where(subscriber.c.address_key == address_key)
    )
    row = tx.execute(
        select(
            delivery.c.id,
            delivery.c.key,
            delivery.c.state,
            delivery.c.reason,
            delivery.c.not_before,
            delivery.c.superseded_by,
            delivery.c.variant,
            variant.c.html_size.is_not(None),
        )
        .join(variant, variant.c.id == delivery.c.variant)
        .where(delivery.c.edition == edition_id, or_(mine, delivery.c.address_key == address_key))
        .order_by(case((mine, 0), else_=1))
    ).first()
    return LetterRow(row[0], row[1], DeliveryState(row[2]), *row[3:]) if row else None


def events(tx: Transaction, delivery_id: int) -> list[EventRow]:
    """Return all that became of a row, oldest first."""
    rows = tx.execute(
        select(
            delivery_event.c.at,
            delivery_event.c.attempt,
            delivery_event.c.kind,
            delivery_event.c.detail,
        )
        .where(delivery_event.c.delivery == delivery_id)
        .order_by(delivery_event.c.id)
    )
    return [EventRow(*row) for row in rows]


def member(tx: Transaction, address_key: bytes, newsletter: str) -> MemberRow | None:
    """Return the subscription of an address to a newsletter."""
    row = tx.execute(
        select(
            subscription.c.id,
            subscription.c.subscriber,
            subscription.c.state,
            subscription.c.cadence,
            subscription.c.start,
            subscription.c.cursor,
            subscription.c.created,
            subscription.c.paused_until,
        )
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .where(subscriber.c.address_key == address_key, subscription.c.newsletter == newsletter)
    ).first()
    return MemberRow(row[0], row[1], SubscriptionState(row[2]), *row[3:]) if row else None


def newsletters_of(tx: Transaction, address_key: bytes) -> list[str]:
    """Name the newsletters that an address is or was subscribed to."""
    rows = tx.scalars(
        select(subscription.c.newsletter)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .where(subscriber.c.address_key == address_key)
        .order_by(subscription.c.newsletter)
    )
    return list(rows)


def cursor_at(tx: Transaction, member_: MemberRow, edition_id: int) -> int:
    """Return the cursor after an edition's freeze: that at which the next letter began, else today's."""
    following = (
        select(delivery.c.after_seq)
        .where(
            delivery.c.subscription == member_.id,
            delivery.c.edition > edition_id,
            delivery.c.after_seq.is_not(None),
        )
        .order_by(delivery.c.edition)
        .limit(1)
    )
    found = tx.scalar(following)
    return member_.cursor if found is None else found


def had_upto(tx: Transaction, member_: MemberRow, edition_id: int) -> int:
    """Return up to which news a reader's letters before an edition went, or the start."""
    query = select(func.max(delivery.c.upto_seq)).where(
        delivery.c.subscription == member_.id,
        delivery.c.edition < edition_id,
        delivery.c.state.in_(_HAD),
    )
    return max(tx.scalar(query) or 0, member_.start)


def had(tx: Transaction, member_: MemberRow, edition_id: int) -> bool:
    """Whether a reader's letter of an edition arrived, or may have."""
    query = select(delivery.c.id).where(
        delivery.c.subscription == member_.id,
        delivery.c.edition == edition_id,
        delivery.c.state.in_(_HAD),
    )
    return tx.execute(query).first() is not None


def same_period(
    tx: Transaction, member_: MemberRow, edition_id: int, since: str, until: str
) -> int | None:
    """Return the edition of the letter that stood for a reader's day, week or month already."""
    found: int | None = tx.scalar(
        select(delivery.c.edition)
        .where(
            delivery.c.subscription == member_.id,
            delivery.c.edition < edition_id,
            delivery.c.state != DeliveryState.CANCELLED,
            delivery.c.day.between(since, until),
        )
        .order_by(delivery.c.edition.desc())
        .limit(1)
    )
    return found


def earlier(tx: Transaction, member_: MemberRow, edition_id: int) -> EarlierRow | None:
    """Return the newest row of a reader before an edition; an open one is preferred."""
    last = (
        select(func.max(delivery_event.c.at))
        .where(delivery_event.c.delivery == delivery.c.id, delivery_event.c.attempt > 0)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(delivery.c.edition, delivery.c.key, delivery.c.state, last.label("last"))
        .where(delivery.c.subscription == member_.id, delivery.c.edition < edition_id)
        .order_by(delivery.c.edition.desc())
    ).fetchall()
    found = [EarlierRow(row[0], row[1], row[2] in OPEN_STATES, row[3]) for row in rows]
    return next((one for one in found if one.is_open), found[0] if found else None)


def replaced_by(tx: Transaction, draft: Edition) -> int | None:
    """Return the edition that took the place of a draft: it was made in the moment the draft ended."""
    ended = select(edition.c.finished).where(edition.c.id == draft.id).scalar_subquery()
    found: int | None = tx.scalar(
        select(edition.c.id)
        .where(
            edition.c.newsletter == draft.newsletter,
            edition.c.id > draft.id,
            edition.c.created == ended,
        )
        .order_by(edition.c.id)
        .limit(1)
    )
    return found
