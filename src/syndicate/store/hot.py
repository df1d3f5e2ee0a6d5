"""The hot path of mail: claim, intent and finish (DELIVERY.md, "The ledger").

Each works on a group of rows, and only a row's own fence may finish it. A claim is a choice, which the
intent makes good in the same transaction (decision 0035). The statements are written out: to build one
takes longer than the database needs for it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, assert_never

from msgspec import Struct

from syndicate.model import Decision, Delivery, DeliveryState, Done, Retry
from syndicate.outbox.lanes import FREE, Pace, Way
from syndicate.store import lanes, precedence
from syndicate.store.database import Transaction
from syndicate.store.ledger import (
    Note,
    advance_cursors,
    count_failures,
    lease_clock,
    note_all,
)
from syndicate.store.queues import Queue, queues
from syndicate.store.statement import Statement
from syndicate.store.suppressions import suppress_many
from syndicate.store.types import from_micros, to_micros

_UNKNOWN = DeliveryState.UNKNOWN
_PASSED = (DeliveryState.SENT, _UNKNOWN)  # the reader has had the letter, or may have
_EVER = to_micros(datetime.max.replace(tzinfo=UTC))

# `objection`: why a claimed row may not be sent after all. A request without an address was confirmed.
# `moved`: it would be sent once more as another letter, or a second one of its edition to one mailbox.
_LOOK = Statement("""
    SELECT d.id, d.was_unknown, d.key, d.edition, d.variant, d.subscription, d.upto_seq, d.lane, g.id,
        COALESCE(p.address, g.address), COALESCE(p.address_key, d.address_key), d.attempts,
        d.first_try, d.dated, p.address_key IS NOT NULL AND d.address_key IS DISTINCT FROM p.address_key,
        CASE WHEN e.state = 'cancelled' THEN 'cancelled'
            WHEN e.state <> 'sending' OR EXISTS (SELECT 1 FROM halt) THEN 'paused'
            WHEN d.edition IS NULL AND COALESCE(g.address, '') = '' THEN 'expired'
            WHEN d.edition IS NOT NULL AND p.address IS NULL THEN 'erased'
            WHEN s.state <> 'active' THEN 'unsubscribed'
            WHEN s.paused_until > :now THEN 'resting'
            WHEN EXISTS (SELECT 1 FROM suppression x
                WHERE x.address_key = COALESCE(p.address_key, d.address_key)) THEN 'suppressed'
            WHEN g.kind IN ('welcome', 'known') AND NOT EXISTS (
                SELECT 1 FROM subscription r JOIN subscriber q ON q.id = r.subscriber
                WHERE r.id = g.subscription AND r.state = 'active' AND q.address_key = d.address_key)
                THEN 'unsubscribed'
            WHEN d.edition IS NOT NULL AND d.address_key IS DISTINCT FROM p.address_key
                AND (d.was_unknown = 1 OR EXISTS (SELECT 1 FROM delivery o
                    WHERE o.edition = d.edition AND o.address_key = p.address_key)) THEN 'moved'
            WHEN EXISTS (SELECT 1 FROM variant v WHERE v.id = d.variant AND v.withdrawn > 0)
                THEN 'withdrawn'
        END AS objection
    FROM delivery d LEFT JOIN edition e ON e.id = d.edition
    LEFT JOIN subscription s ON s.id = d.subscription LEFT JOIN subscriber p ON p.id = s.subscriber
    LEFT JOIN signup g ON d.edition IS NULL AND g.delivery = d.id
    WHERE d.id IN :rows AND d.state = 'pending' ORDER BY d.id
""")
_TURN_AWAY = Statement("UPDATE delivery SET state = :state, reason = :reason WHERE id = :row")
# The first attempt is what dates a letter.
_INTEND = Statement("""
    UPDATE delivery SET state = 'sending', sender = :sender, fence = :fence, lease_until = :until,
        attempts = attempts + 1, first_try = COALESCE(first_try, :now), dated = COALESCE(dated, :now)
    WHERE id IN :rows
""")
# The address may have changed since the freeze; it seldom has, and is in an index.
_READDRESS = Statement("UPDATE delivery SET address_key = :address_key WHERE id = :row")
# A fence is given to nobody else: of rows that stand under one of ours each is ours still.
_FINISH = Statement("""
    UPDATE delivery SET state = :state, reason = :reason, sender = NULL, lease_until = NULL,
        was_unknown = CASE WHEN :state = 'unknown' THEN 1 ELSE was_unknown END,
        not_before = COALESCE(CAST(:again AS BIGINT), not_before),
        attempts = COALESCE(CAST(:attempts AS BIGINT), attempts),
        first_try = CASE WHEN CAST(:attempts AS BIGINT) = 0 THEN NULL ELSE first_try END
    WHERE id IN :rows AND fence IN :fences AND state = 'sending' RETURNING id
""")
_CHANGED = ("state", "reason", "again", "attempts")


class Sender(Struct, frozen=True):
    """Who sends: the process' number, its fence for this group, and how long its lease lasts."""

    id: int
    fence: int
    lease: timedelta


def claim(
    tx: Transaction,
    limit: int,
    now: datetime,
    way: Way = FREE,
    pace: Pace = MappingProxyType({}),
    *,
    tests: bool = False,
) -> list[int]:
    """Claim up to `limit` due rows, and return their numbers: transactional ones, then older editions.

    Nobody else claims them until this transaction ends; to keep one, `intend` in it. With `tests` none
    but test letters. Rows of lanes that `pace` limits take their tokens; those for which there is none
    wait their turn.
    """
    claimed: list[int] = []
    for queue, edition_id in queues(tx, tests=tests):
        room = limit - len(claimed)
        look = partial(_look, tx, queue, edition_id, now)
        if pace:
            chosen, pace = lanes.pick(tx, way, pace, look, room, now)
        else:
            chosen = [row for row, _ in look(room)]
        claimed += sorted(chosen)
        if len(claimed) == limit:
            break
    return claimed


def _look(
    tx: Transaction, queue: Queue, edition_id: int | None, now: datetime, limit: int
) -> list[tuple[int, str]]:
    values = {"edition": edition_id, "now": to_micros(now), "limit": limit}
    return [(row, lane) for row, lane in queue.look(tx)(tx, values)]


def any_due(tx: Transaction, now: datetime) -> bool:
    """Whether a row could be claimed now."""
    at = next_due(tx)
    return at is not None and at <= now


def next_due(tx: Transaction, *, tests: bool = False) -> datetime | None:
    """When the next row may be claimed; with `tests` of a test letter."""
    waits = [
        at
        for queue, edition_id in queues(tx, tests=tests)
        for (at,) in queue.next(tx, {"edition": edition_id, "now": _EVER, "limit": 1}).fetchall()
    ]
    return from_micros(min(waits)) if waits else None


def intend(
    tx: Transaction, sender: Sender, claimed: Sequence[int], now: datetime, *, taken: bool = False
) -> list[Delivery]:
    """Commit to sending what waits and may be sent; what may not is cancelled, or waits on.

    Nobody takes a row over, or leaves, until the commit; `taken`: `finish` saw to that already.
    """
    if not taken:
        precedence.letters(tx, claimed)
    intents: list[Delivery] = []
    for row in _LOOK(tx, {"rows": claimed, "now": to_micros(now)}).fetchall():
        number, was_unknown, *about, moved, objection = row
        if objection:
            _turn_away(tx, number, objection, was_unknown=bool(was_unknown), now=now)
            continue
        intent = _intent(number, sender.fence, about, bool(was_unknown), now)
        intents.append(intent)
        if moved:
            _READDRESS(tx, {"address_key": intent.address_key, "row": number})
    _commit_to(tx, sender, intents, now)
    return intents


def _intent(
    number: int, fence: int, about: Sequence[Any], was_unknown: bool, now: datetime
) -> Delivery:
    """Read a row of `_LOOK`, as it will be after `_INTEND`."""
    key, edition, variant, reader, upto, lane, signup, *to, attempts, first, dated = about
    return Delivery(
        id=number,
        key=key,
        fence=fence,
        edition_id=edition,
        variant_id=variant,
        subscription_id=reader,
        upto_seq=upto,
        lane=lane,
        signup_id=signup,
        address=to[0],
        address_key=to[1],
        attempts=attempts,
        first_try=now if first is None else from_micros(first),
        dated=now if dated is None else from_micros(dated),
        was_unknown=was_unknown,
    )


def _readers(letters: Iterable[Delivery]) -> list[int]:
    return [one.subscription_id for one in letters if one.subscription_id]


def _turn_away(
    tx: Transaction,
    delivery_id: int,
    objection: str,
    *,
    was_unknown: bool,
    now: datetime,
) -> None:
    if was_unknown:
        state = _UNKNOWN  # to send it once more is decided anew
    else:
        state = DeliveryState.PENDING if objection == "paused" else DeliveryState.CANCELLED
    _TURN_AWAY(tx, {"state": state.value, "reason": objection, "row": delivery_id})
    note_all(tx, [Note(delivery_id, 0, state, objection)], now)


def _commit_to(tx: Transaction, sender: Sender, intents: Sequence[Delivery], now: datetime) -> None:
    if intents:
        until = to_micros(lease_clock(tx, now) + sender.lease)
        owner = {"sender": sender.id, "fence": sender.fence, "until": until}
        _INTEND(tx, {**owner, "rows": [one.id for one in intents], "now": to_micros(now)})


def finish(
    tx: Transaction,
    landed: Sequence[tuple[Delivery, Decision]],
    now: datetime,
    leaving: Sequence[int] = (),
) -> set[int]:
    """Record what became of attempts; return the rows that were still ours (their fence stands).

    `leaving` are the rows that the same transaction commits to sending after this: to nobody who is
    suppressed here. They are taken with the others.
    """
    precedence.letters(tx, leaving, _readers(letter for letter, _ in landed))
    ends = [(letter, decision, _end(letter, decision)) for letter, decision in landed]
    ours = _finish(tx, ends)
    mine = [one for one in ends if one[0].id in ours]
    notes = [
        Note(letter.id, letter.attempts + 1, end, decision.reply) for letter, decision, end in mine
    ]
    note_all(tx, notes, now)
    passed = [letter for letter, _, end in mine if end in _PASSED]
    advance_cursors(
        tx, [(one.subscription_id, one.upto_seq) for one in passed if one.subscription_id]
    )
    failed = [letter for letter, _, end in mine if end is DeliveryState.FAILED]
    count_failures(tx, _readers(failed))
    refused = [
        (letter.address_key, "refused", decision.reply)
        for letter, decision, _ in mine
        if isinstance(decision, Done) and decision.blames == "address"
    ]
    suppress_many(tx, refused, now)
    return ours


def _finish(tx: Transaction, ends: Sequence[tuple[Delivery, Decision, DeliveryState]]) -> set[int]:
    """Change the rows, those together that get the same; return which of them were still ours."""
    alike: dict[tuple[object, ...], list[Delivery]] = {}
    for letter, decision, end in ends:
        alike.setdefault(_changes(letter, decision, end), []).append(letter)
    ours: set[int] = set()
    for changes, letters in alike.items():
        values = dict(zip(_CHANGED, changes, strict=True))
        values["rows"] = [letter.id for letter in letters]
        values["fences"] = sorted({letter.fence for letter in letters})
        ours.update(row for (row,) in _FINISH(tx, values).fetchall())
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


def _changes(letter: Delivery, decision: Decision, end: DeliveryState) -> tuple[object, ...]:
    """Return what a row gets, as `_CHANGED` names it; `reason` is what a refusal blamed."""
    if isinstance(decision, Done):
        return end.value, decision.blames, None, None
    attempts = None if decision.counts else letter.attempts
    return end.value, None, to_micros(decision.at), attempts
