"""Requests that are not confirmed, looked for by whose they are or who made them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select

from syndicate.model import SignupKind, SignupState
from syndicate.store.database import Transaction
from syndicate.store.schema.signups import signup

_TO_CONFIRM = (SignupKind.JOIN.value, SignupKind.MOVE.value)


def of(address: str, subscriptions: Sequence[int] = ()) -> ColumnElement[bool]:
    """Requests of an address, in whichever case it was typed, and of subscriptions."""
    typed = (signup.c.address == address) | (func.lower(signup.c.address) == address.lower())
    return typed | signup.c.subscription.in_(subscriptions)


def numbers(tx: Transaction, address: str) -> list[int]:
    """Return the numbers of the requests of an address."""
    return list(tx.scalars(select(signup.c.id).where(of(address))))


def drop_of(tx: Transaction, address: str, subscriptions: Sequence[int]) -> int:
    """Delete the requests of an address and of subscriptions; how many were not confirmed."""
    gone = tx.execute(
        delete(signup).where(of(address, subscriptions)).returning(signup.c.kind, signup.c.state)
    ).fetchall()
    return sum(row.kind in _TO_CONFIRM and row.state != SignupState.DONE for row in gone)


def among(tx: Transaction, newsletter: str, addresses: Sequence[str]) -> set[str]:
    """Return which of some addresses were asked for a newsletter and have not answered, in lower case."""
    lower = func.lower(signup.c.address)
    rows = tx.scalars(
        select(lower).where(
            signup.c.newsletter == newsletter,
            signup.c.kind == SignupKind.JOIN.value,
            signup.c.state != SignupState.DONE.value,
            lower.in_([one.lower() for one in addresses]),
        )
    )
    return set(rows)


def drop_of_import(tx: Transaction, evidence: str) -> int:
    """Delete the requests that an import made, by how their evidence begins, unless confirmed; how many.

    A letter of theirs that waits is not sent: its request is gone.
    """
    theirs = (
        signup.c.kind == SignupKind.JOIN.value,
        signup.c.state != SignupState.DONE.value,
        signup.c.evidence.startswith(evidence, autoescape=True),
    )
    return tx.execute(delete(signup).where(*theirs)).rowcount


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is not confirmed: `state` is `asked` until a letter answers it, then `sent`."""

    newsletter: str | None
    kind: SignupKind
    state: SignupState
    source: str
    series: str | None
    at: datetime
    address: str = field(repr=False)
    name: str = field(repr=False)
    language: str


def unconfirmed(
    tx: Transaction, newsletter: str | None = None, address: str | None = None
) -> Iterator[Asked]:
    """Yield the requests that wait for their letter or for their reader, oldest first."""
    query = select(
        signup.c.newsletter,
        signup.c.kind,
        signup.c.state,
        signup.c.source,
        signup.c.series,
        signup.c.at,
        signup.c.address,
        signup.c.name,
        signup.c.language,
    ).where(signup.c.state != SignupState.DONE.value, signup.c.kind.in_(_TO_CONFIRM))
    if newsletter is not None:
        query = query.where(signup.c.newsletter == newsletter)
    if address is not None:
        query = query.where(of(address))
    for row in tx.execute(query.order_by(signup.c.at, signup.c.id)):
        yield Asked(row[0], SignupKind(row[1]), SignupState(row[2]), *row[3:])
