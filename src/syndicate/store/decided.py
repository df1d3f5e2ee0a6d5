"""What editors are asked of a draft, and who approved or held it: editors by address, operators by name."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, func, or_, select, update

from syndicate.model import EditionState
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import edition

_SOMEBODY = "an editor"  # who was erased


def ask(
    tx: Transaction, edition_id: int, content: str, until: datetime, held: str, now: datetime
) -> None:
    """Note what editors are asked about, and until when they may answer: the draft waits for them."""
    values = {"asked": content, "asked_at": now, "answer_by": until, "answered": None, "held": held}
    tx.execute(_waiting(edition_id).values(values))


def answer(tx: Transaction, edition_id: int, said: str, held: str | None = None) -> None:
    """Note what editors said of a draft, and who, and if it is held, why."""
    values = {"answered": said} | ({} if held is None else {"held": held})
    tx.execute(_waiting(edition_id).values(values))


def _waiting(edition_id: int) -> Update:
    return update(edition).where(edition.c.id == edition_id, edition.c.state == EditionState.DRAFT)


def approved_by(who: str) -> str:
    """Say who approved an edition."""
    return f"approved by {who}"


def held_by(who: str) -> tuple[str, str]:
    """Say who held an edition, and why it waits."""
    return f"held by {who}", f"{who} holds it"


def of(tx: Transaction, address: str) -> list[dict[str, Any]]:
    """Return the editions that somebody decided on, and how."""
    its = (edition.c.id, edition.c.newsletter, edition.c.number, edition.c.answered, edition.c.held)
    query = select(*its).where(_by(address)).order_by(edition.c.id)
    return [dict(row) for row in tx.execute(query).mappings()]


def forget(tx: Transaction, address: str) -> None:
    """Leave what was decided, and not by whom."""
    answered, held = func.lower(edition.c.answered), func.lower(edition.c.held)
    theirs, nobodys = _words(address), _words(_SOMEBODY)
    for said, instead in zip(theirs, nobodys, strict=True):
        for column, is_said in ((edition.c.answered, answered), (edition.c.held, held)):
            tx.execute(update(edition).where(is_said == said).values({column: instead}))


def _by(address: str) -> ColumnElement[bool]:
    words = _words(address)
    return or_(*(func.lower(one).in_(words) for one in (edition.c.answered, edition.c.held)))


def _words(who: str) -> tuple[str, ...]:
    return tuple(one.lower() for one in (approved_by(who), *held_by(who)))
