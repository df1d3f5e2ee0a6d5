"""What a copy of the database cannot know, and settling it one way or the other (DELIVERY.md, rule 8)."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, text, update

from syndicate.model import OPEN_STATES, EditionState, SignupState
from syndicate.store import marks
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery, edition, run
from syndicate.store.schema.people import subscription
from syndicate.store.schema.signups import signup
from syndicate.store.types import to_micros

RESTORED = "restored"  # why a row is unknown, or a draft cancelled
_LIVE = (EditionState.SENDING, EditionState.PAUSED)
_EVIDENCE = "restored: it may have been mailed after this copy was made"

_NOTE = text("""
    INSERT INTO delivery_event (delivery, at, attempt, kind, detail)
    SELECT id, :now, 0, 'unknown', :detail FROM delivery
    WHERE state IN ('pending', 'sending')
""")
_SKIP_ROWS = text("""
    UPDATE delivery
    SET state = 'unknown', was_unknown = 1, reason = :reason, sender = NULL, lease_until = NULL
    WHERE state IN ('pending', 'sending')
""")
_LAST = "(SELECT n.last_seq FROM newsletter n WHERE n.name = subscription.newsletter)"
_SKIP_NEWS = text(f"UPDATE subscription SET cursor = {_LAST} WHERE cursor < {_LAST}")
_AWAIT = text("""
    SELECT COUNT(*), MIN(s.cursor) FROM subscription s JOIN subscriber p ON p.id = s.subscriber
    WHERE s.newsletter = :newsletter AND s.state = 'active' AND s.cursor < :last AND p.address_key IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address_key = p.address_key)
    AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.subscription = s.id AND d.upto_seq >= :last
        AND d.state IN ('pending', 'sending'))
""")
_HELD_BY = text("""
    SELECT o.host, o.pid FROM delivery d JOIN sender o ON o.id = d.sender
    WHERE d.state = 'sending' AND d.lease_until > :now LIMIT 1
""")


class OpenEdition(NamedTuple):
    """An edition that has not ended, and how many of its letters stand in each state."""

    id: int
    state: EditionState
    letters: Counter[str]


def open_editions(tx: Transaction) -> list[OpenEdition]:
    """Return the drafts, the editions that are being sent, and those with open letters."""
    rows = tx.execute(
        select(edition.c.id, edition.c.state, delivery.c.state, func.count(delivery.c.id))
        .join(delivery, delivery.c.edition == edition.c.id, isouter=True)
        .where(
            edition.c.state.in_((EditionState.DRAFT, *_LIVE))
            | edition.c.id.in_(
                select(delivery.c.edition).where(delivery.c.state.in_(OPEN_STATES)).distinct()
            )
        )
        .group_by(edition.c.id, edition.c.state, delivery.c.state)
        .order_by(edition.c.id)
    )
    found: dict[int, OpenEdition] = {}
    for number, state, letter, count in rows:
        one = found.setdefault(number, OpenEdition(number, EditionState(state), Counter()))
        if letter is not None:
            one.letters[letter] = count
    return list(found.values())


def awaiting(tx: Transaction, newsletter: str, last: int) -> tuple[int, int]:
    """Count who would be mailed news up to `last` by a next edition, and how far the least is served."""
    readers, least = tx.execute(_AWAIT, {"newsletter": newsletter, "last": last}).one()
    return readers, last if least is None else least


def last_edition(tx: Transaction) -> int:
    """Return the highest id of an edition that this database knows, drafts too."""
    return tx.scalar(select(func.max(edition.c.id))) or 0


def last_planned_run(tx: Transaction, task: str) -> datetime | None:
    """When a slot of the calendar was last taken."""
    planned = run.c.slot.not_like("manual:%") & run.c.slot.not_like("article:%")
    last: datetime | None = tx.scalar(select(func.max(run.c.at)).where(run.c.task == task, planned))
    return last


def living_sender(tx: Transaction, now: datetime) -> str | None:
    """Name a process whose claims still stand; only where several machines send does that tell."""
    row = tx.execute(_HELD_BY, {"now": to_micros(now)}).first()
    return f"process {row.pid} on {row.host}" if row else None


def skip_letters(tx: Transaction, now: datetime) -> int:
    """Take every open letter as one that may have arrived; how many there were."""
    tx.execute(_NOTE, {"now": to_micros(now), "detail": _EVIDENCE})
    return tx.execute(_SKIP_ROWS, {"reason": RESTORED}).rowcount


def skip_requests(tx: Transaction) -> None:
    """Take every request as answered: a link in a letter of the lost time still works."""
    tx.execute(
        update(signup)
        .where(signup.c.state == SignupState.ASKED)
        .values(state=SignupState.SENT.value)
    )


def skip_news(tx: Transaction) -> int:
    """Take all news as mailed to every subscription, whatever its state; how many that moved."""
    return tx.execute(_SKIP_NEWS).rowcount


def end_editions(tx: Transaction, now: datetime) -> None:
    """End the editions that were being sent: nothing of them is open."""
    tx.execute(
        update(edition)
        .where(edition.c.state.in_(_LIVE))
        .values(state=EditionState.DONE.value, blocked=0, held=None, finished=now)
    )


def cancel_drafts(tx: Transaction, upto: int, now: datetime) -> int:
    """Cancel the drafts of ids up to `upto`, which may have been started elsewhere; how many."""
    return tx.execute(
        update(edition)
        .where(edition.c.state == EditionState.DRAFT, edition.c.id <= upto)
        .values(state=EditionState.CANCELLED.value, held=RESTORED, finished=now)
    ).rowcount


def leave_gaps(tx: Transaction, upto: int, readers: int) -> None:
    """Let ids begin above `upto` for editions, and `readers` further on for subscriptions.

    Letters of the lost time name both: their links must not end the subscription of somebody else.
    """
    marks.raise_ids(tx, edition, marks.EDITION, upto)
    last = tx.scalar(select(func.max(subscription.c.id))) or 0
    marks.raise_ids(tx, subscription, marks.SUBSCRIPTION, last + readers)
