"""Rows that are `unknown`: which, and how evidence or an operator settles them (DELIVERY.md, rule 3)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.exc import IntegrityError

from syndicate.model import DeliveryState
from syndicate.store.control import reopen
from syndicate.store.database import Transaction
from syndicate.store.ledger import Note, advance_cursors, note_all
from syndicate.store.schema.letters import delivery, edition
from syndicate.store.schema.people import subscriber, subscription
from syndicate.store.types import from_micros, to_micros

# Why an unknown row cannot be sent again, NULL when it can. An intent would put a row of somebody
# who left, pauses, or must not be written to, back to unknown (hot.intend).
_OBJECTION = """
    CASE WHEN e.state = 'cancelled' THEN 'cancelled'
        WHEN p.address_key IS NULL THEN 'erased'
        WHEN s.state <> 'active' THEN 'unsubscribed'
        WHEN s.paused_until > :now THEN 'resting'
        WHEN EXISTS (SELECT 1 FROM suppression x WHERE x.address_key = p.address_key)
            THEN 'suppressed'
        WHEN p.address_key <> d.address_key THEN 'moved'
        WHEN EXISTS (SELECT 1 FROM variant t WHERE t.id = d.variant AND t.withdrawn > 0)
            THEN 'withdrawn'
        WHEN EXISTS (SELECT 1 FROM delivery o WHERE o.subscription = d.subscription
            AND o.kind = 'bulk' AND o.state IN ('pending', 'sending')) THEN 'open'
    END
"""
_OF_ROW = """
    FROM delivery d JOIN edition e ON e.id = d.edition
    JOIN subscription s ON s.id = d.subscription JOIN subscriber p ON p.id = s.subscriber
"""
_HEARD = """
    LEFT JOIN delivery_event v ON v.id = (SELECT MAX(w.id) FROM delivery_event w
        WHERE w.delivery = d.id AND w.kind = 'unknown' AND w.attempt > 0)
"""
_LIST = text(f"""
    SELECT d.id, d.key, d.variant, p.address, v.at, v.detail, {_OBJECTION} AS objection {_OF_ROW} {_HEARD}
    WHERE d.edition = :edition AND d.state = 'unknown' AND d.kind = 'bulk' ORDER BY d.id
""")
_LIST_ASKED = text(f"""
    SELECT d.id, d.key, d.variant, NULLIF(g.address, '') AS address, v.at, v.detail, 'asked' AS objection
    FROM delivery d LEFT JOIN signup g ON g.delivery = d.id {_HEARD}
    WHERE d.edition IS NULL AND d.state = 'unknown' ORDER BY d.id
""")
_RETURN = text(f"""
    UPDATE delivery SET state = 'pending', reason = NULL, not_before = :now, first_try = NULL
    WHERE id = :row AND state = 'unknown' AND EXISTS (
        SELECT 1 {_OF_ROW} WHERE d.id = :row AND ({_OBJECTION}) IS NULL)
    RETURNING edition
""")
# Also a row that was returned to pending and has not left again: it must not leave a second time.
_SETTLE = text("""
    UPDATE delivery SET state = 'sent', reason = NULL, sender = NULL, lease_until = NULL
    WHERE id IN :rows AND (state = 'unknown' OR (state = 'pending' AND was_unknown = 1))
    RETURNING id, key, attempts, subscription, upto_seq
""").bindparams(bindparam("rows", expanding=True))
_RETURNED = "returned to pending by the operator"
_POLICY = "returned to pending: the newsletter's unknown letters are sent once more"
# What the newsletter's policy sends once more, and only once: its record says so.
_ONCE_MORE = text(f"""
    SELECT d.id {_OF_ROW} WHERE d.edition = :edition AND d.state = 'unknown' AND d.kind = 'bulk'
    AND ({_OBJECTION}) IS NULL AND NOT EXISTS (SELECT 1 FROM delivery_event w
        WHERE w.delivery = d.id AND w.kind = 'pending' AND w.detail = :said) ORDER BY d.id
""")


class Unsettled(Struct, frozen=True):
    """A row of which nobody knows whether its letter arrived: since when, and the last thing heard.

    `objection` says why it cannot be sent again: cancelled, erased, unsubscribed, resting, suppressed,
    moved (to another address), withdrawn (an article in it is), open (another letter of the
    subscription is), or asked (it answers a request).
    """

    id: int
    key: str
    variant_id: int | None
    address: str | None
    at: datetime | None
    reply: str | None
    objection: str | None


class Tried(NamedTuple):
    """A row whose letter may have been seen by a mail server."""

    id: int
    key: str
    state: DeliveryState
    was_unknown: bool


def unsettled(tx: Transaction, edition_id: int | None, now: datetime) -> list[Unsettled]:
    """Return an edition's unknown rows, in the order of the freeze; without one those of no edition."""
    query = _LIST_ASKED
    if edition_id is not None:
        query = _LIST.bindparams(edition=edition_id, now=to_micros(now))
    return [
        Unsettled(
            id=row.id,
            key=row.key,
            variant_id=row.variant,
            address=row.address,
            at=None if row.at is None else from_micros(row.at),
            reply=row.detail,
            objection=row.objection,
        )
        for row in tx.execute(query)
    ]


def count_unsettled(tx: Transaction) -> int:
    """Count the unknown rows there are; each edition's are counted by its index."""
    unknown = delivery.c.state == DeliveryState.UNKNOWN.value
    whose = (delivery.c.edition.in_(select(edition.c.id)), delivery.c.edition.is_(None))
    return sum(
        tx.scalar(select(func.count()).select_from(delivery).where(one, unknown)) or 0
        for one in whose
    )


def tried(tx: Transaction) -> Iterator[Tried]:
    """Yield every row that somebody began to send, or may have in a time that this database lost."""
    query = select(delivery.c.id, delivery.c.key, delivery.c.state, delivery.c.was_unknown).where(
        delivery.c.dated.is_not(None) | (delivery.c.was_unknown == 1)
    )
    for row in tx.execute(query.execution_options(yield_per=1000)):
        yield Tried(row[0], row[1], DeliveryState(row[2]), bool(row[3]))


def addresses(tx: Transaction, rows: Sequence[int]) -> dict[int, str]:
    """Return the addresses that rows go to, but for the erased."""
    found = tx.execute(
        select(delivery.c.id, subscriber.c.address)
        .join(subscription, subscription.c.id == delivery.c.subscription)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .where(delivery.c.id.in_(rows), subscriber.c.address.is_not(None))
    )
    return {row[0]: row[1] for row in found}


def settle(tx: Transaction, proofs: Mapping[int, str], now: datetime) -> list[str]:
    """Turn rows that may have arrived into `sent`, each by its evidence; return the keys of those."""
    rows = tx.execute(_SETTLE, {"rows": sorted(proofs)}).fetchall()
    notes = [Note(row.id, row.attempts, DeliveryState.SENT, proofs[row.id]) for row in rows]
    note_all(tx, notes, now)
    advance_cursors(tx, [(row.subscription, row.upto_seq) for row in rows])
    return [row.key for row in rows]


def send_once_more(tx: Transaction, edition_id: int, now: datetime) -> int:
    """Return to pending what may have arrived and was not yet sent once more; how many rows."""
    given = {"edition": edition_id, "said": _POLICY, "now": to_micros(now)}
    rows = tx.scalars(_ONCE_MORE, given).all()
    return sum(return_to_pending(tx, row, now, _POLICY) for row in rows)


def return_to_pending(tx: Transaction, row: int, now: datetime, why: str = _RETURNED) -> bool:
    """Let an unknown row be sent once more, as itself; whether nothing stood against it.

    To be called for one row a transaction: a freeze may give its subscription another open row at
    the same time, and only one of the two can be.
    """
    try:
        with tx.begin_nested():
            found = tx.execute(_RETURN, {"row": row, "now": to_micros(now)}).fetchall()
    except IntegrityError:  # ix_delivery_one_open: the freeze was first
        return False
    for one in found:
        reopen(tx, one.edition)
        note_all(tx, [Note(row, 0, DeliveryState.PENDING, why)], now)
    return bool(found)
