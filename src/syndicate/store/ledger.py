"""The ledger beside its hot path: what waits, who sends what, what a dead sender leaves behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, text, update

from syndicate.model import DeliveryState, EditionState
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery, edition
from syndicate.store.statement import Statement
from syndicate.store.types import from_micros, to_micros

MOST_FAILURES = 3  # failed letters in a row (DELIVERY.md)
# A correction moves nobody on, and ends a row of failures all the same.
_ADVANCE = Statement("""
    UPDATE subscription SET failures = 0, cursor = CASE WHEN cursor < :upto THEN :upto ELSE cursor END
    WHERE id IN :readers AND (cursor < :upto OR failures > 0)
""")
# Who gets nothing for so long is looked at by a person, before yet another letter is tried.
_FAILED = Statement(f"""
    UPDATE subscription SET failures = failures + 1, state = CASE
        WHEN state = 'active' AND failures + 1 >= {MOST_FAILURES} THEN 'held' ELSE state END
    WHERE id = :reader
""")
_NOTE = Statement("""
    INSERT INTO delivery_event (delivery, at, attempt, kind, detail)
    VALUES (:delivery, :at, :attempt, :kind, :detail)
""")


def waiting(tx: Transaction) -> int:
    """How many rows of sending editions are pending."""
    return (
        tx.scalar(
            select(func.count())
            .select_from(delivery)
            .join(edition, edition.c.id == delivery.c.edition)
            .where(
                delivery.c.state == DeliveryState.PENDING, edition.c.state == EditionState.SENDING
            )
        )
        or 0
    )


def lease_clock(tx: Transaction, now: datetime) -> datetime:
    """The clock that leases go by: the database's where several machines send, else our own."""
    if tx.dialect.name == "sqlite":
        return now
    micros = tx.scalar(
        text("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)")
    )
    assert micros is not None
    return from_micros(micros)


def renew(tx: Transaction, sender_id: int, lease: timedelta, now: datetime) -> None:
    """Lengthen the leases of everything that a living sender holds."""
    until = lease_clock(tx, now) + lease
    tx.execute(
        update(delivery)
        .where(delivery.c.sender == sender_id, delivery.c.state == DeliveryState.SENDING)
        .values(lease_until=until)
    )


def others_hold(tx: Transaction, sender_id: int) -> bool:
    """Whether other senders hold rows, which are unknown if their leases run out."""
    query = select(delivery.c.id).where(
        delivery.c.state == DeliveryState.SENDING,
        delivery.c.sender != sender_id,
        delivery.c.lease_until.is_not(None),
    )
    return tx.execute(query.limit(1)).first() is not None


def settle_dead(tx: Transaction, dead: ColumnElement[bool], now: datetime) -> int:
    """Take over from senders that are gone: what they were sending becomes `unknown`; how many.

    Nobody can say whether such a letter arrived (RFC 1047).
    """
    lost = tx.execute(
        update(delivery)
        .where(delivery.c.state == DeliveryState.SENDING, dead)
        .values(state=DeliveryState.UNKNOWN.value, was_unknown=1, sender=None, lease_until=None)
        .returning(delivery.c.id, delivery.c.attempts, delivery.c.subscription, delivery.c.upto_seq)
    ).fetchall()
    ended = "the sending process ended"
    note_all(tx, [Note(row.id, row.attempts, DeliveryState.UNKNOWN, ended) for row in lost], now)
    advance_cursors(tx, [(row.subscription, row.upto_seq) for row in lost])
    return len(lost)


def advance_cursors(tx: Transaction, reached: Sequence[tuple[int, int | None]]) -> None:
    """Move readers past what their letters held, never back; (subscription, last news) each."""
    readers: dict[int, list[int]] = {}
    for number, upto in reached:
        if upto is not None:
            readers.setdefault(upto, []).append(number)
    for upto, numbers in readers.items():
        _ADVANCE(tx, {"readers": numbers, "upto": upto})


def count_failures(tx: Transaction, subscriptions: Sequence[int]) -> None:
    """Count a failed letter against each; after three in a row a subscription is held."""
    _FAILED.for_each(tx, [{"reader": number} for number in subscriptions])


class Note(NamedTuple):
    """An event of a row: what became of its attempt (0: of no attempt), and the evidence."""

    delivery_id: int
    attempt: int
    kind: DeliveryState
    detail: str


def note_all(tx: Transaction, notes: Sequence[Note], now: datetime) -> None:
    """Append to the record of rows."""
    at = to_micros(now)
    rows = [
        {"delivery": number, "at": at, "attempt": attempt, "kind": kind.value, "detail": detail}
        for number, attempt, kind, detail in notes
    ]
    _NOTE.for_each(tx, rows)
