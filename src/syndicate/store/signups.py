"""Requests of readers: written by a page, answered by a letter, confirmed, and purged."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update

from syndicate.model import DeliveryState, Signup, SignupKind, SignupState, Terms
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery
from syndicate.store.schema.signups import signup, turn
from syndicate.store.upsert import insert_new, upsert

_ANSWERING = 0x73796E64  # the lock of whoever answers; the number only has to be ours alone
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
TTL = timedelta(days=7)  # how long a token is good for, and how long an unconfirmed address is kept
_ID_BITS = 47  # a token's subject has 48
_COLUMNS = (
    signup.c.id,
    signup.c.kind,
    signup.c.state,
    signup.c.newsletter,
    signup.c.address,
    signup.c.name,
    signup.c.language,
    signup.c.series,
    signup.c.source,
    signup.c.evidence,
    signup.c.at,
    signup.c.subscription,
    signup.c.form,
    signup.c.version,
    signup.c.text,
    signup.c.network,
)


def add(
    tx: Transaction,
    kind: SignupKind,
    address: str,
    language: str,
    now: datetime,
    *,
    newsletter: str | None = None,
    name: str = "",
    series: str | None = None,
    source: str = "web",
    evidence: str = "",
    terms: Terms | None = None,
    due: datetime | None = None,
    subscription_id: int | None = None,
) -> int:
    """Write a request down and return its number."""
    (number,) = _numbers(tx, 1)
    values = _values(kind, address, language, now, newsletter, name, series, source, evidence)
    agreed = (
        {
            "form": terms.form,
            "version": terms.version,
            "text": terms.text,
            "network": terms.network,
        }
        if terms
        else {}
    )
    tx.execute(
        insert(signup).values(
            id=number, **values, **agreed, due=due or now, subscription=subscription_id
        )
    )
    return number


def add_many(
    tx: Transaction,
    people: Sequence[tuple[str, str, str]],
    newsletter: str,
    source: str,
    evidence: str,
    now: datetime,
) -> None:
    """Write down that an operator asks for people: (address, name, language) each."""
    rows = [
        {
            "id": number,
            "due": now,
            **_values(
                SignupKind.JOIN, address, language, now, newsletter, name, None, source, evidence
            ),
        }
        for number, (address, name, language) in zip(_numbers(tx, len(people)), people, strict=True)
    ]
    if rows:
        tx.execute(insert(signup), rows)


def _values(
    kind: SignupKind,
    address: str,
    language: str,
    now: datetime,
    newsletter: str | None,
    name: str,
    series: str | None,
    source: str,
    evidence: str,
) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "state": SignupState.ASKED.value,
        "newsletter": newsletter,
        "address": address,
        "name": name,
        "language": language,
        "series": series,
        "source": source,
        "evidence": evidence,
        "at": now,
    }


def _numbers(tx: Transaction, count: int) -> list[int]:
    """Draw numbers that no request has."""
    found: set[int] = set()
    while len(found) < count:
        drawn = {secrets.randbits(_ID_BITS) for _ in range(count - len(found))}
        found |= drawn - set(tx.scalars(select(signup.c.id).where(signup.c.id.in_(drawn))))
    return list(found)


def get(tx: Transaction, number: int) -> Signup | None:
    """Return a request, None when it was purged."""
    query = select(*_COLUMNS).where(signup.c.id == number)
    row = tx.execute(query).first()
    return _signup(row) if row else None


def lock(tx: Transaction, number: int) -> None:
    """Where others write at the same time, let nobody else confirm a request until the commit."""
    if tx.dialect.name != "sqlite":
        tx.execute(select(signup.c.id).where(signup.c.id == number).with_for_update())


def due(tx: Transaction, now: datetime, limit: int) -> list[Signup]:
    """Return requests whose turn has come, first come first served.

    Nobody else answers any until the commit: how many letters an address had is looked up for each.
    """
    if tx.dialect.name != "sqlite":
        tx.execute(text("SELECT pg_advisory_xact_lock(:who)"), {"who": _ANSWERING})
    query = (
        select(*_COLUMNS)
        .where(signup.c.state == SignupState.ASKED.value, signup.c.due <= now)
        .order_by(signup.c.due, signup.c.id)
        .limit(limit)
    )
    return [_signup(row) for row in tx.execute(query)]


def any_due(tx: Transaction, now: datetime) -> bool:
    """Whether the turn of a request has come, or one is so old that it has to be purged."""
    turn_ = (signup.c.state == SignupState.ASKED.value) & (signup.c.due <= now)
    for ready in (turn_, signup.c.at <= now - TTL):
        if tx.execute(select(signup.c.id).where(ready).limit(1)).first():
            return True
    return False


def answer(
    tx: Transaction,
    one: Signup,
    kind: SignupKind,
    key: str,
    address_key: bytes,
    lane: str,
    now: datetime,
    subscription_id: int | None = None,
) -> None:
    """Put the letter that answers a request into the ledger: it leaves at once."""
    made = tx.execute(
        insert(delivery).values(
            key=key,
            kind="transactional",
            address_key=address_key,
            state=DeliveryState.PENDING.value,
            not_before=now,
            attempts=0,
            was_unknown=0,
            lane=lane,
        )
    ).inserted_primary_key
    assert made is not None
    tx.execute(
        update(signup)
        .where(signup.c.id == one.id)
        .values(
            kind=kind.value,
            state=SignupState.SENT.value,
            delivery=made[0],
            subscription=subscription_id,
        )
    )


def postpone(tx: Transaction, number: int, due: datetime) -> None:
    """Let a request wait for its turn."""
    tx.execute(update(signup).where(signup.c.id == number).values(due=due))


def letters_to(tx: Transaction, address_key: bytes, prefix: str) -> list[datetime]:
    """Return when letters whose keys begin with `prefix` went, or are about to go, to an address."""
    at = func.coalesce(delivery.c.dated, delivery.c.not_before)
    rows = tx.scalars(
        select(at).where(
            delivery.c.edition.is_(None),
            delivery.c.address_key == address_key,
            delivery.c.key.startswith(prefix, autoescape=True),
            delivery.c.state != DeliveryState.CANCELLED,
        )
    )
    return list(rows)


def complete(tx: Transaction, number: int, subscription_id: int) -> None:
    """Note that a request was confirmed: its address is kept by the reader's own row from now on."""
    tx.execute(
        update(signup)
        .where(signup.c.id == number)
        .values(state=SignupState.DONE.value, address="", name="", subscription=subscription_id)
    )


def drop(tx: Transaction, number: int) -> None:
    """Delete a request that is answered by nothing."""
    tx.execute(delete(signup).where(signup.c.id == number))


def purge(tx: Transaction, now: datetime) -> int:
    """Delete requests that are 7 days old, whatever became of them, and turns that have passed."""
    tx.execute(delete(turn).where(turn.c.taken < now))
    return tx.execute(delete(signup).where(signup.c.at <= now - TTL)).rowcount


def taken(tx: Transaction, name: str) -> datetime | None:
    """Return until when the turns of a bucket are taken; nobody else takes one until the commit."""
    query = select(turn.c.taken).where(turn.c.name == name)
    if tx.dialect.name != "sqlite":
        insert_new(tx, turn, {"name": name, "taken": _LONG_AGO})  # also a new bucket is ours alone
        query = query.with_for_update()
    found: datetime | None = tx.scalar(query)
    return found


def take_until(tx: Transaction, name: str, until: datetime) -> None:
    """Note until when the turns of a bucket are taken."""
    upsert(tx, turn, {"name": name, "taken": until}, ["name"])


def _signup(row: Any) -> Signup:
    terms = (
        Terms(row.form, row.version, row.language, row.text, row.network)
        if row.form is not None
        else None
    )
    return Signup(
        id=row.id,
        kind=SignupKind(row.kind),
        state=SignupState(row.state),
        newsletter=row.newsletter,
        address=row.address,
        name=row.name,
        language=row.language,
        series=row.series,
        source=row.source,
        evidence=row.evidence,
        terms=terms,
        at=row.at,
        subscription_id=row.subscription,
    )
