"""Stopping editions: one or all, for a while or for good (DELIVERY.md, "The ledger")."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, exists, func, select, text, update

from syndicate.model import DeliveryState, EditionState
from syndicate.store import marks
from syndicate.store.database import Transaction
from syndicate.store.ledger import Note, note_all
from syndicate.store.schema.letters import delivery, delivery_event, edition
from syndicate.store.schema.sending import halt
from syndicate.store.upsert import insert_new

_CANCELLED = "cancelled"  # the reason that rows and the edition bear
_UNFINISHED = (EditionState.DRAFT, EditionState.SENDING, EditionState.PAUSED)

# In the order in which an intent takes them, so that neither waits for the other for ever.
_LOCK = text("""
    SELECT COUNT(*) FROM (SELECT id FROM delivery
        WHERE edition = :edition AND state = 'pending' AND was_unknown >= :least
        ORDER BY id FOR UPDATE) q
""")
_CANCEL = text("""
    UPDATE delivery SET state = 'cancelled', reason = 'cancelled'
    WHERE edition = :edition AND state = 'pending' AND was_unknown = 0
""")
_KEEP_UNKNOWN = text("""
    UPDATE delivery SET state = 'unknown', reason = :reason
    WHERE edition = :edition AND state = 'pending' AND was_unknown = 1 RETURNING id
""")
# A pending row of an edition at its end: a letter that was `sending` when the edition was cancelled
# and was then deferred, or one that was returned to pending while the edition was being ended.
_STRAYS = text("""
    SELECT e.id, e.state FROM edition e WHERE e.state IN ('cancelled', 'done')
    AND EXISTS (SELECT 1 FROM delivery d WHERE d.edition = e.id AND d.state = 'pending') ORDER BY e.id
""")
_REOPEN = text(
    "UPDATE edition SET state = 'sending', finished = NULL WHERE id = :edition AND state = 'done'"
)


class Dropped(Struct, frozen=True):
    """Rows that were not sent any more: `cancelled`, and those that ended as `unknown` again."""

    cancelled: int
    unknown: int


def pause_all(tx: Transaction, now: datetime) -> bool:
    """Hold all sending; whether it was not held before. What is committed to by then is under way."""
    return insert_new(tx, halt, {"id": 1, "at": now})


def resume_all(tx: Transaction) -> bool:
    """Let editions send again; whether they were held."""
    return tx.execute(delete(halt)).rowcount > 0


def all_paused(tx: Transaction) -> datetime | None:
    """Since when all sending is held, None when it is not."""
    return tx.scalar(select(halt.c.at))


def pause(tx: Transaction, edition_id: int) -> bool:
    """Pause a sending edition; whether it was sending. What is committed to by then is under way."""
    return _move(tx, edition_id, EditionState.SENDING, EditionState.PAUSED)


def resume(tx: Transaction, edition_id: int) -> bool:
    """Let a paused edition send again; whether it was paused.

    What stopped it by itself is weighed no more: its refusals are counted anew (`editions.refusals`).
    """
    last = tx.scalar(
        select(func.max(delivery_event.c.id)).where(
            exists().where(edition.c.id == edition_id, edition.c.held.is_not(None))
        )
    )
    marks.raise_to(tx, marks.weighed_of(edition_id), last or 0)
    return _move(tx, edition_id, EditionState.PAUSED, EditionState.SENDING)


def _move(tx: Transaction, edition_id: int, before: EditionState, after: EditionState) -> bool:
    done = tx.execute(
        update(edition)
        .where(edition.c.id == edition_id, edition.c.state == before)
        .values(state=after.value, held=None)
    )
    return done.rowcount > 0


def cancel(tx: Transaction, edition_id: int, now: datetime) -> bool:
    """End an edition for good; whether it was not at its end."""
    done = tx.execute(
        update(edition)
        .where(edition.c.id == edition_id, edition.c.state.in_(_UNFINISHED))
        .values(state=EditionState.CANCELLED.value, held=_CANCELLED, finished=now)
    )
    return done.rowcount > 0


def drop(tx: Transaction, edition_id: int, now: datetime) -> Dropped:
    """Cancel the rows of an edition that are not `sending`; who may have the letter stays unknown."""
    _lock(tx, edition_id, least=0)
    cancelled = tx.execute(_CANCEL, {"edition": edition_id}).rowcount
    return Dropped(cancelled, doubt_again(tx, edition_id, _CANCELLED, now))


def doubt_again(tx: Transaction, edition_id: int, reason: str, now: datetime) -> int:
    """Put rows that were ever unknown, and wait to be sent once more, back to unknown; how many."""
    _lock(tx, edition_id, least=1)
    rows = tx.execute(_KEEP_UNKNOWN, {"edition": edition_id, "reason": reason}).fetchall()
    note_all(tx, [Note(row[0], 0, DeliveryState.UNKNOWN, reason) for row in rows], now)
    return len(rows)


def _lock(tx: Transaction, edition_id: int, *, least: int) -> None:
    """Where others write at the same time, take the rows that wait; `least` 1: those ever unknown."""
    if tx.dialect.name != "sqlite":
        tx.execute(_LOCK, {"edition": edition_id, "least": least})


def once_unknown(tx: Transaction, edition_id: int) -> int:
    """Count an edition's rows that wait and were unknown before."""
    query = select(func.count()).where(
        delivery.c.edition == edition_id,
        delivery.c.state == DeliveryState.PENDING,
        delivery.c.was_unknown == 1,
    )
    return tx.scalar(query) or 0


def reopen(tx: Transaction, edition_id: int) -> None:
    """Let an edition that was done send again."""
    tx.execute(_REOPEN, {"edition": edition_id})


def has_strays(tx: Transaction) -> bool:
    """Whether editions at their end have pending rows."""
    return tx.execute(_STRAYS).first() is not None


def sweep(tx: Transaction, now: datetime) -> None:
    """Set right what came too late for an edition's end."""
    for number, state in tx.execute(_STRAYS).fetchall():
        if state == EditionState.CANCELLED:
            drop(tx, number, now)
        else:
            reopen(tx, number)
