"""How sending goes just now: its speed of late, and where the letters of open editions are."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field
from sqlalchemy import case, func, literal_column, select

from syndicate.model import DeliveryState, Edition, EditionState
from syndicate.store import control, editions
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery, delivery_event
from syndicate.store.schema.sending import lane

_MINUTE = timedelta(minutes=1)
_LAST = 1000  # events: enough for a speed, and read from the record's end however long it is
_LEAST_S = 1.0  # seconds: a burst is no speed
DEFERRED = "deferred"
_SENDING = (EditionState.SENDING, EditionState.PAUSED)


class Lately(Struct, frozen=True):
    """Letters a second that were sent in the last minute (or since the last 1000 events), by lane."""

    rate: float = 0.0
    by_lane: Mapping[str, float] = field(default_factory=dict)


class Attempt(Struct, frozen=True):
    """What an attempt to send a letter came to: sent, failed, unknown or deferred, and by what reply."""

    at: datetime
    came_to: str
    reply: str


class Sending(Struct, frozen=True):
    """An edition that is not at its end, with its letters by state."""

    edition: Edition
    states: Mapping[str, int]


def lately(tx: Transaction, now: datetime) -> Lately:
    """Measure the speed of late."""
    last = (
        select(delivery_event.c.delivery, delivery_event.c.at, delivery_event.c.kind)
        .order_by(delivery_event.c.id.desc())
        .limit(_LAST)
        .cte("last")
    )
    rows = tx.execute(
        select(last.c.at, last.c.kind, delivery.c.lane)
        .join(delivery, delivery.c.id == last.c.delivery)
        .where(last.c.at > now - _MINUTE)
    ).fetchall()
    if not rows:
        return Lately()
    span = _MINUTE if len(rows) < _LAST else now - min(row.at for row in rows)
    seconds = max(_LEAST_S, span.total_seconds())
    counts: dict[str, int] = {}
    for row in rows:
        if row.kind == DeliveryState.SENT:
            counts[row.lane] = counts.get(row.lane, 0) + 1
    by_lane = {name: number / seconds for name, number in counts.items()}
    return Lately(sum(by_lane.values()), by_lane)


def last_attempt(tx: Transaction) -> Attempt | None:
    """Return the last attempt, None if another thing was noted after it, as a pause."""
    noted = select(delivery_event).order_by(delivery_event.c.id.desc()).limit(1)
    row = tx.execute(noted).first()
    if row is None or not row.attempt:
        return None
    came_to = DEFERRED if row.kind == DeliveryState.PENDING else row.kind
    return Attempt(row.at, came_to, row.detail)


def of_no_edition(tx: Transaction) -> int:
    """Count the letters that wait and are of no edition: tests, and answers to requests."""
    pending = delivery.c.state == literal_column("'pending'")  # as the index says it
    alone = select(func.count()).where(delivery.c.edition.is_(None), pending)
    return tx.scalar(alone) or 0


def sending(tx: Transaction) -> list[Sending]:
    """Return the editions that send or are paused, oldest first."""
    found = [one for state in _SENDING for one in editions.in_state(tx, state)]
    return [
        Sending(one, editions.tally(tx, one.id)) for one in sorted(found, key=lambda one: one.id)
    ]


def by_lane(tx: Transaction, edition_id: int) -> dict[str, dict[str, int]]:
    """Count an edition's letters by lane and state, where `deferred` are those pending that were tried.

    Also those of which no server heard, which are no attempts of theirs: their first one dated them.

    It looks at every row: about a second for a million.
    """
    tried = delivery.c.dated.is_not(None) & (delivery.c.state == DeliveryState.PENDING)
    state = case((tried, DEFERRED), else_=delivery.c.state)
    rows = tx.execute(
        select(delivery.c.lane, state, func.count())
        .where(delivery.c.edition == edition_id)
        .group_by(delivery.c.lane, state)
    )
    found: dict[str, dict[str, int]] = {}
    for name, named, number in rows:
        found.setdefault(name, {})[named] = number
    return found


def oldest_due(tx: Transaction, now: datetime) -> datetime | None:
    """Since when the letter waits that could leave and waited longest; None when there is none."""
    if control.all_paused(tx):
        return None
    open_ = [one.id for one in editions.in_state(tx, EditionState.SENDING)]
    pending = delivery.c.state == literal_column("'pending'")  # as the index says it
    first = [
        tx.scalar(select(func.min(delivery.c.not_before)).where(whose, pending))
        for whose in (delivery.c.edition.is_(None), *(delivery.c.edition == one for one in open_))
    ]
    return min((at for at in first if at is not None and at <= now), default=None)


def limited(tx: Transaction) -> dict[str, float]:
    """Return the lanes that were slowed or are configured and in use: their letters a second."""
    return {row.name: row.rate for row in tx.execute(select(lane.c.name, lane.c.rate))}
