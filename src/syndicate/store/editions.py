"""Editions: one a slot, and their life from draft to done."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, update

from syndicate.model import OPEN_STATES, DeliveryState, Edition, EditionState, Opening
from syndicate.store import marks
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery, delivery_event, edition
from syndicate.store.types import is_number

_COLUMNS = (
    edition.c.id,
    edition.c.newsletter,
    edition.c.slot,
    edition.c.number,
    edition.c.state,
    edition.c.cut,
    edition.c.created,
    edition.c.started,
    edition.c.held,
    edition.c.recipients,
    edition.c.note,
    edition.c.answer_by,
    edition.c.answered,
    edition.c.asked,
    edition.c.asked_at,
)
_later = edition.alias("later")
_CORRECTS = edition.c.recipients.is_not(None)  # it goes to the readers of another, without news
# A correction takes no place of an edition with news.
_LATEST = ~exists().where(
    _later.c.newsletter == edition.c.newsletter,
    _later.c.id > edition.c.id,
    _later.c.started.is_not(None),
    or_(_CORRECTS, _later.c.recipients.is_(None)),
)
SUPERSEDED = "superseded"  # why a draft was cancelled whose place another took
_LEFT = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN)


def _edition(row: Any) -> Edition:
    found = Edition(row[0], row[1], row[2], row[3], EditionState(row[4]), *row[5:10])
    note = None if row.note is None else _opening(row.note)
    return replace(
        found,
        note=note,
        answer_by=row.answer_by,
        answered=row.answered,
        asked=row.asked,
        asked_at=row.asked_at,
    )


def _opening(text: str) -> Opening:
    said = json.loads(text)
    return Opening(**said | {name: tuple(said[name]) for name in ("opening", "order")})


def went_out() -> ColumnElement[bool]:
    """Editions that were started and not cancelled, or cancelled when a letter may have left.

    One of corrections to the readers of another took nobody further in the news.
    """
    left = exists().where(delivery.c.edition == edition.c.id, delivery.c.state.in_(_LEFT))
    return and_(
        edition.c.started.is_not(None),
        edition.c.recipients.is_(None),
        or_(edition.c.state != EditionState.CANCELLED, left),
    )


def get(tx: Transaction, edition_id: int) -> Edition:
    """Return an edition that exists."""
    return _edition(tx.execute(select(*_COLUMNS).where(edition.c.id == edition_id)).one())


def find(tx: Transaction, newsletter: str, name: str) -> Edition | None:
    """Return the edition of a number, `draft`, or `@ID` (one without a number)."""
    if name == EditionState.DRAFT:
        wanted = edition.c.state == EditionState.DRAFT
    elif name.startswith("@") and is_number(name[1:]):
        wanted = edition.c.id == int(name[1:])
    elif is_number(name):
        wanted = edition.c.number == int(name)
    else:
        return None
    row = tx.execute(select(*_COLUMNS).where(edition.c.newsletter == newsletter, wanted)).first()
    return _edition(row) if row else None


def listed(tx: Transaction, newsletter: str | None = None) -> list[Edition]:
    """Return the editions, oldest first."""
    query = select(*_COLUMNS).order_by(edition.c.id)
    if newsletter is not None:
        query = query.where(edition.c.newsletter == newsletter)
    return [_edition(row) for row in tx.execute(query)]


def in_state(tx: Transaction, state: EditionState) -> list[Edition]:
    """Return the editions of one state, oldest first."""
    return [
        _edition(row)
        for row in tx.execute(
            select(*_COLUMNS).where(edition.c.state == state).order_by(edition.c.id)
        )
    ]


def with_pages(tx: Transaction) -> list[Edition]:
    """Return the editions that have a web page: those with a number."""
    query = select(*_COLUMNS).where(edition.c.number.is_not(None)).order_by(edition.c.id)
    return [_edition(row) for row in tx.execute(query)]


def last_cut_sent(
    tx: Transaction, newsletter: str, before: int | None = None, *, calendar: bool = False
) -> int:
    """Return the cut of the last edition that sent a letter (0 if none), older than edition `before`.

    `calendar` passes over those for an article, which only some readers got.
    """
    sent = exists().where(delivery.c.edition == edition.c.id, delivery.c.state.in_(_LEFT))
    query = select(func.max(edition.c.cut)).where(
        edition.c.newsletter == newsletter, edition.c.recipients.is_(None), sent
    )
    if calendar:
        query = query.where(edition.c.slot.not_like("article:%"))
    if before is not None:
        query = query.where(edition.c.id < before)
    return max(tx.scalar(query) or 0, marks.get(tx, marks.news_of(newsletter)))


def last_served(tx: Transaction, newsletter: str) -> int:
    """Return the cut of the last edition for an article, but for drafts and what replaced drafts took."""
    query = select(func.max(edition.c.cut)).where(
        edition.c.newsletter == newsletter,
        edition.c.slot.like("article:%"),
        edition.c.state != EditionState.DRAFT,
        func.coalesce(edition.c.held, "") != SUPERSEDED,
    )
    return max(tx.scalar(query) or 0, marks.get(tx, marks.news_of(newsletter)))


def newest(tx: Transaction, newsletter: str) -> int:
    """Return the highest id of a newsletter's editions, 0 before the first."""
    query = select(func.max(edition.c.id)).where(edition.c.newsletter == newsletter)
    return tx.scalar(query) or 0


def add_draft(
    tx: Transaction,
    newsletter: str,
    slot: str,
    cut: int,
    held: str | None,
    now: datetime,
    recipients: int | None = None,
    note: str | None = None,
) -> Edition:
    """Insert the draft of a slot; an older draft is cancelled first (at most one a newsletter).

    Without a note of its own it takes over that of the older draft.
    """
    older = tx.execute(
        update(edition)
        .where(edition.c.newsletter == newsletter, edition.c.state == EditionState.DRAFT)
        .values(state=EditionState.CANCELLED.value, held=SUPERSEDED, finished=now)
        .returning(edition.c.note)
    ).fetchall()
    key = tx.execute(
        insert(edition).values(
            **marks.next_id(tx, edition, marks.EDITION),
            newsletter=newsletter,
            slot=slot,
            state=EditionState.DRAFT.value,
            cut=cut,
            held=held,
            blocked=0,
            recipients=recipients,
            note=note or next((row.note for row in older), None),
            created=now,
        )
    ).inserted_primary_key
    assert key is not None
    return get(tx, int(key[0]))


def next_number(tx: Transaction, newsletter: str) -> int:
    """Return the number of the next edition; they start at 1."""
    last = tx.scalar(select(func.max(edition.c.number)).where(edition.c.newsletter == newsletter))
    return max(last or 0, marks.get(tx, marks.number_of(newsletter))) + 1


def start(tx: Transaction, edition_id: int, number: int | None, now: datetime) -> bool:
    """Turn a draft into a sending edition; whether it still was a draft."""
    done = tx.execute(
        update(edition)
        .where(edition.c.id == edition_id, edition.c.state == EditionState.DRAFT)
        .values(state=EditionState.SENDING.value, number=number, started=now, held=None)
    )
    return done.rowcount > 0


def set_blocked(tx: Transaction, edition_id: int, blocked: int) -> None:
    """Note how many members an edition's freeze left out."""
    tx.execute(update(edition).where(edition.c.id == edition_id).values(blocked=blocked))


def blocked(tx: Transaction, edition_id: int) -> int:
    """Return how many members an edition's freeze left out; only the latest edition has to do with it."""
    return tx.scalar(select(edition.c.blocked).where(edition.c.id == edition_id, _LATEST)) or 0


def can_end(tx: Transaction, edition_id: int) -> bool:
    """Whether nothing of an edition is open, nor what those who were left out wait for.

    They wait for a letter that a freeze cannot supersede: one on its way, sent once more, or a
    correction of later; and a correction for any.
    """
    one = edition.alias("other")
    stays = or_(delivery.c.state != DeliveryState.PENDING, delivery.c.was_unknown == 1, _CORRECTS)
    waited_for = exists().where(
        delivery.c.edition == one.c.id,
        one.c.newsletter == edition.c.newsletter,
        delivery.c.state.in_(OPEN_STATES),
        or_(
            and_(one.c.id < edition.c.id, stays),
            and_(one.c.id > edition.c.id, one.c.recipients.is_not(None)),
        ),
    )
    own = exists().where(delivery.c.edition == edition.c.id, delivery.c.state.in_(OPEN_STATES))
    waits = and_(edition.c.blocked > 0, _LATEST, waited_for)
    query = select(edition.c.id).where(edition.c.id == edition_id, ~own, ~waits)
    return tx.execute(query).first() is not None


def finish(tx: Transaction, edition_id: int, now: datetime) -> bool:
    """End a sending edition that has no open row; whether this call did it."""
    still_open = exists().where(delivery.c.edition == edition_id, delivery.c.state.in_(OPEN_STATES))
    done = tx.execute(
        update(edition)
        .where(edition.c.id == edition_id, edition.c.state == EditionState.SENDING, ~still_open)
        .values(state=EditionState.DONE.value, finished=now)
    )
    return done.rowcount > 0


def stop(tx: Transaction, edition_id: int, reason: str) -> bool:
    """Pause a sending edition for a reason of its own, which stays until somebody resumes it."""
    done = tx.execute(
        update(edition)
        .where(edition.c.id == edition_id, edition.c.state == EditionState.SENDING)
        .values(state=EditionState.PAUSED.value, held=reason)
    )
    return done.rowcount > 0


def refusals(tx: Transaction, edition_id: int) -> Counter[str]:
    """Count an edition's letters at their end, as `finished`, and those refused by what was blamed.

    Once somebody let it go on though it had stopped by itself, only what ended since counts.
    """
    ended = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN)
    query = (
        select(delivery.c.state, delivery.c.reason, func.count(delivery.c.id.distinct()))
        .where(delivery.c.edition == edition_id, delivery.c.state.in_(ended))
        .group_by(delivery.c.state, delivery.c.reason)
    )
    if since := marks.get(tx, marks.weighed_of(edition_id)):
        its = delivery_event.c.delivery == delivery.c.id
        query = query.join(delivery_event, its).where(
            delivery_event.c.id > since, delivery_event.c.kind == delivery.c.state
        )
    rows = tx.execute(query)
    found = Counter(finished=0)
    for state, reason, count in rows:
        found["finished"] += count
        if state == DeliveryState.FAILED and reason in {"address", "message"}:
            found[reason] += count
    return found


def tally(tx: Transaction, edition_id: int) -> dict[str, int]:
    """Count an edition's deliveries by state: every state is named, zeros included."""
    rows = tx.execute(
        select(delivery.c.state, func.count())
        .where(delivery.c.edition == edition_id)
        .group_by(delivery.c.state)
    )
    found = {row[0]: row[1] for row in rows}
    return {state.value: found.get(state.value, 0) for state in DeliveryState}
