"""The hot path of mail: claim, intent and finish (DELIVERY.md, "The ledger").

Each works on a group of rows in one transaction, and only a row's own fence may finish it. The
statements are written out: to build one takes longer than the database needs for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import assert_never

from syndicate.model import Decision, Delivery, DeliveryState, Done, Retry
from syndicate.outbox.lanes import FREE, Pace, Way
from syndicate.store import lanes
from syndicate.store.database import Transaction
from syndicate.store.ledger import (
    Note,
    advance_cursors,
    count_failures,
    lease_clock,
    note_all,
)
from syndicate.store.statement import Statement
from syndicate.store.suppressions import suppress
from syndicate.store.types import from_micros, to_micros

_UNKNOWN = DeliveryState.UNKNOWN
_PASSED = (DeliveryState.SENT, _UNKNOWN)  # the reader has had the letter, or may have
_EVER = to_micros(datetime.max.replace(tzinfo=UTC))

_SENDABLE = Statement(
    "SELECT id FROM edition WHERE state = 'sending' AND NOT EXISTS (SELECT 1 FROM halt) ORDER BY id"
)
_ORDER = "ORDER BY d.not_before, d.id LIMIT :limit"
# Pending rows of one edition, by the index that holds nothing else.
_DUE = f"""
    FROM delivery d WHERE d.edition = :edition AND d.state = 'pending' AND d.not_before <= :now
    AND EXISTS (SELECT 1 FROM variant v WHERE v.id = d.variant AND v.html_size IS NOT NULL)
    {_ORDER}
"""
# Transactional rows, by the same index: they belong to no edition, and somebody waits for them.
_ASKED = f"""
    FROM delivery d WHERE d.edition IS NULL AND d.kind = 'transactional' AND d.state = 'pending'
    AND d.not_before <= :now AND NOT EXISTS (SELECT 1 FROM halt)
    {_ORDER}
"""
# A subquery in the place of `due` PostgreSQL may run again for each row, beyond its limit.
_CLAIM = """
    WITH due AS (SELECT d.id {due} {lock})
    UPDATE delivery SET state = 'claimed', sender = :sender, fence = :fence, lease_until = :until
    WHERE id IN (SELECT id FROM due) AND state = 'pending' RETURNING id
"""
_AMONG = "FOR UPDATE OF d SKIP LOCKED"
_CLAIM_CHOSEN = Statement("""
    UPDATE delivery SET state = 'claimed', sender = :sender, fence = :fence, lease_until = :until
    WHERE id IN :rows AND state = 'pending' RETURNING id
""")


class _Queue:
    """Statements on one kind of due rows: when the next is, claiming them alone or among others.

    Where a lane is limited, what is due is looked at, and what was chosen is claimed by its number.
    """

    def __init__(self, due: str) -> None:
        self.next = Statement(f"SELECT d.not_before {due}")
        self._claims = [Statement(_CLAIM.format(due=due, lock=lock)) for lock in ("", _AMONG)]
        self._looks = [Statement(f"SELECT d.id, d.lane {due} {lock}") for lock in ("", _AMONG)]

    def claim(self, tx: Transaction) -> Statement:
        return self._claims[tx.dialect.name != "sqlite"]

    def look(self, tx: Transaction) -> Statement:
        return self._looks[tx.dialect.name != "sqlite"]


_OF_EDITION, _OF_REQUESTS = _Queue(_DUE), _Queue(_ASKED)

_LOCK_ROWS = Statement("SELECT subscription FROM delivery WHERE id IN :rows ORDER BY id FOR UPDATE")
_LOCK_REQUESTS = Statement("SELECT id FROM signup WHERE delivery IN :rows ORDER BY id FOR SHARE")
_LOCK_PEOPLE = Statement("""
    SELECT s.id FROM subscription s JOIN subscriber p ON p.id = s.subscriber
    WHERE s.id IN :people ORDER BY s.id FOR SHARE
""")
# `objection`: why a claimed row may not be sent after all. A request without an address was confirmed.
_LOOK = Statement("""
    SELECT d.id, d.key, d.variant, d.subscription, d.upto_seq, COALESCE(p.address, g.address) AS address,
        COALESCE(p.address_key, d.address_key) AS address_key, d.dated,
        d.first_try, d.attempts, d.was_unknown, d.edition, d.lane, g.id AS signup,
        CASE WHEN e.state = 'cancelled' THEN 'cancelled'
            WHEN e.state <> 'sending' OR EXISTS (SELECT 1 FROM halt) THEN 'paused'
            WHEN d.edition IS NULL AND COALESCE(g.address, '') = '' THEN 'expired'
            WHEN d.edition IS NOT NULL AND p.address IS NULL THEN 'erased'
            WHEN s.state <> 'active' THEN 'unsubscribed'
            WHEN s.paused_until > :now THEN 'resting'
            WHEN EXISTS (SELECT 1 FROM suppression x
                WHERE x.address_key = COALESCE(p.address_key, d.address_key)) THEN 'suppressed'
            WHEN EXISTS (SELECT 1 FROM variant v WHERE v.id = d.variant AND v.withdrawn > 0)
                THEN 'withdrawn'
        END AS objection
    FROM delivery d LEFT JOIN edition e ON e.id = d.edition
    LEFT JOIN subscription s ON s.id = d.subscription LEFT JOIN subscriber p ON p.id = s.subscriber
    LEFT JOIN signup g ON d.edition IS NULL AND g.delivery = d.id
    WHERE d.id IN :rows AND d.fence = :fence AND d.state = 'claimed' ORDER BY d.id
""")
_TURN_AWAY = Statement("""
    UPDATE delivery SET state = :state, reason = :reason, sender = NULL, lease_until = NULL
    WHERE id = :row AND fence = :fence
""")
_INTEND = Statement("""
    UPDATE delivery SET state = 'sending', attempts = :attempt, first_try = :first_try,
        dated = :dated, address_key = :address_key
    WHERE id = :row AND fence = :fence
""")
_FINISH = Statement("""
    UPDATE delivery SET state = :state, reason = :reason, sender = NULL, lease_until = NULL,
        was_unknown = CASE WHEN :state = 'unknown' THEN 1 ELSE was_unknown END,
        not_before = COALESCE(CAST(:again AS BIGINT), not_before),
        attempts = COALESCE(CAST(:attempts AS BIGINT), attempts),
        first_try = CASE WHEN CAST(:attempts AS BIGINT) = 0 THEN NULL ELSE first_try END
    WHERE id IN :rows AND fence = :fence AND state = 'sending' RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who claims: the process' number, its fence for this group, and how long a claim lives."""

    id: int
    fence: int
    lease: timedelta


def claim(
    tx: Transaction,
    sender: Sender,
    limit: int,
    now: datetime,
    way: Way = FREE,
    pace: Pace = MappingProxyType({}),
) -> list[int]:
    """Claim up to `limit` due rows, and return their numbers: transactional ones, then older editions.

    Rows of lanes that `pace` limits take their tokens; those for which there is none wait their turn.
    """
    values = {
        "now": to_micros(now),
        "sender": sender.id,
        "fence": sender.fence,
        "until": to_micros(lease_clock(tx, now) + sender.lease),
    }
    claimed: list[int] = []
    for queue, edition_id in _queues(tx):
        left = {"edition": edition_id, "limit": limit - len(claimed)}
        if pace:
            look = partial(_look, tx, queue, edition_id, now)
            chosen, pace = lanes.pick(tx, way, pace, look, limit - len(claimed), now)
            found = _CLAIM_CHOSEN(tx, values | {"rows": chosen}).fetchall()
        else:
            found = queue.claim(tx)(tx, values | left).fetchall()
        claimed += sorted(row[0] for row in found)
        if len(claimed) == limit:
            break
    return claimed


def _look(
    tx: Transaction, queue: _Queue, edition_id: int | None, now: datetime, limit: int
) -> list[tuple[int, str]]:
    values = {"edition": edition_id, "now": to_micros(now), "limit": limit}
    return [(row.id, row.lane) for row in queue.look(tx)(tx, values)]


def any_due(tx: Transaction, now: datetime) -> bool:
    """Whether a row could be claimed now."""
    at = next_due(tx)
    return at is not None and at <= now


def next_due(tx: Transaction) -> datetime | None:
    """When the next row may be claimed."""
    waits = [
        queue.next(tx, {"edition": edition_id, "now": _EVER, "limit": 1}).scalar()
        for queue, edition_id in _queues(tx)
    ]
    return min((from_micros(wait) for wait in waits if wait is not None), default=None)


def _queues(tx: Transaction) -> Iterator[tuple[_Queue, int | None]]:
    """Yield what may be claimed from, in order: requests first, since somebody waits."""
    yield _OF_REQUESTS, None
    for row in _SENDABLE(tx, {}).fetchall():
        yield _OF_EDITION, row[0]


def intend(tx: Transaction, claimed: Sequence[int], fence: int, now: datetime) -> list[Delivery]:
    """Commit to sending what may still be sent; what may not is cancelled, or given back."""
    _lock(tx, claimed)
    rows = _LOOK(tx, {"rows": claimed, "fence": fence, "now": to_micros(now)}).fetchall()
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
            upto_seq=row.upto_seq,
            address=row.address,
            address_key=row.address_key,
            dated=now if row.dated is None else from_micros(row.dated),
            first_try=now if row.first_try is None else from_micros(row.first_try),
            attempts=row.attempts,
            was_unknown=bool(row.was_unknown),
            edition_id=row.edition,
            lane=row.lane,
            signup_id=row.signup,
        )
        for row in rows
        if not row.objection
    ]
    _commit_to(tx, intents)
    return intents


def _lock(tx: Transaction, claimed: Sequence[int]) -> None:
    """Where others write at the same time, let nobody take a row over, or leave, until the commit."""
    if tx.dialect.name != "sqlite":
        people = [row[0] for row in _LOCK_ROWS(tx, {"rows": claimed}) if row[0] is not None]
        _LOCK_PEOPLE(tx, {"people": people})
        _LOCK_REQUESTS(tx, {"rows": claimed})


def _turn_away(
    tx: Transaction,
    delivery_id: int,
    fence: int,
    objection: str,
    *,
    was_unknown: bool,
    now: datetime,
) -> None:
    if was_unknown:
        state = _UNKNOWN  # to send it once more is decided anew
    else:
        state = DeliveryState.PENDING if objection == "paused" else DeliveryState.CANCELLED
    values = {"state": state.value, "reason": objection, "row": delivery_id, "fence": fence}
    _TURN_AWAY(tx, values)
    note_all(tx, [Note(delivery_id, 0, state, objection)], now)


def _commit_to(tx: Transaction, intents: Sequence[Delivery]) -> None:
    rows = [
        {
            "row": intent.id,
            "fence": intent.fence,
            "attempt": intent.attempts + 1,
            "first_try": to_micros(intent.first_try),
            "dated": to_micros(intent.dated),
            "address_key": intent.address_key,
        }
        for intent in intents
    ]
    _INTEND.for_each(tx, rows)


def finish(tx: Transaction, landed: Sequence[tuple[Delivery, Decision]], now: datetime) -> set[int]:
    """Record what became of attempts; return the rows that were still ours (their fence stands)."""
    alike: dict[tuple[tuple[str, object], ...], list[int]] = {}
    for letter, decision in landed:
        alike.setdefault(tuple(_changes(letter, decision).items()), []).append(letter.id)
    ours: set[int] = set()
    for changes, rows in alike.items():
        finished = _FINISH(tx, dict(changes) | {"rows": rows}).fetchall()
        ours |= {row[0] for row in finished}
    mine = [(letter, decision) for letter, decision in landed if letter.id in ours]
    notes = [
        Note(letter.id, letter.attempts + 1, _end(letter, decision), decision.reply)
        for letter, decision in mine
    ]
    note_all(tx, notes, now)
    passed = [letter for letter, decision in mine if _end(letter, decision) in _PASSED]
    advance_cursors(
        tx, [(one.subscription_id, one.upto_seq) for one in passed if one.subscription_id]
    )
    failed = [one for one, decision in mine if _end(one, decision) is DeliveryState.FAILED]
    count_failures(tx, [one.subscription_id for one in failed if one.subscription_id])
    for letter, decision in mine:
        if isinstance(decision, Done) and decision.blames == "address":
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


def _changes(letter: Delivery, decision: Decision) -> dict[str, object]:
    """Return what a row gets, under its fence; `reason` of a failed one is what the refusal blamed."""
    retry = decision if isinstance(decision, Retry) else None
    return {
        "fence": letter.fence,
        "state": _end(letter, decision).value,
        "reason": decision.blames if isinstance(decision, Done) else None,
        "again": to_micros(retry.at) if retry else None,
        "attempts": letter.attempts if retry and not retry.counts else None,
    }
