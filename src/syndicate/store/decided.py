"""Who approved or held an edition: an editor by address, or an operator by name."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from syndicate.store.database import Transaction
from syndicate.store.schema import edition

_SOMEBODY = "an editor"  # who was erased


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
