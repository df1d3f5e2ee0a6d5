"""Imports: what each brought, so that it can be undone."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Select, delete, func, insert, select, update

from syndicate.model import SubscriptionState
from syndicate.store import marks
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery
from syndicate.store.schema.people import consent, subscriber, subscription
from syndicate.store.schema.sending import suppression
from syndicate.store.schema.signups import intake, intake_row, private_feed, signup
from syndicate.store.upsert import insert_many

_BATCH = 500


class Intake(Struct, frozen=True):
    """An import: `rows` are the readers that it added or changed."""

    id: int
    newsletter: str
    source: str
    at: datetime
    undone: datetime | None
    rows: int


def begin(tx: Transaction, newsletter: str, source: str, now: datetime) -> int:
    """Write an import down and return its number."""
    key = tx.execute(
        insert(intake).values(newsletter=newsletter, source=source, at=now)
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def forget(tx: Transaction, number: int) -> None:
    """Delete an import that changed nothing."""
    tx.execute(delete(intake).where(intake.c.id == number))


def listed(tx: Transaction) -> Iterator[Intake]:
    """Yield all imports, oldest first."""
    query = (
        select(
            intake.c.id,
            intake.c.newsletter,
            intake.c.source,
            intake.c.at,
            intake.c.undone,
            func.count(intake_row.c.subscription),
        )
        .outerjoin(intake_row, intake_row.c.intake == intake.c.id)
        .group_by(intake.c.id, intake.c.newsletter, intake.c.source, intake.c.at, intake.c.undone)
        .order_by(intake.c.id)
    )
    for row in tx.execute(query):
        yield Intake(*row)


def note_additions(tx: Transaction, number: int, subscriptions: Sequence[int]) -> None:
    """Note who was added by an import."""
    rows = [{"intake": number, "subscription": one, "before": None} for one in subscriptions]
    if rows:
        insert_many(tx, intake_row, rows)


def note_changes(tx: Transaction, number: int, before: Mapping[int, tuple[str, str]]) -> None:
    """Note who was changed by an import: the name and language before it, by subscription."""
    rows = [
        {"intake": number, "subscription": one, "before": json.dumps(was, ensure_ascii=False)}
        for one, was in before.items()
    ]
    if rows:
        insert_many(tx, intake_row, rows)


def open_rows(
    tx: Transaction, number: int, after: int = 0
) -> list[tuple[int, tuple[str, str] | None]]:
    """Return some rows of an import that are not undone yet: (subscription, name and language before).

    They are in the order of their subscriptions, from the one that comes `after` another.
    """
    rows = tx.execute(
        select(intake_row.c.subscription, intake_row.c.before)
        .where(intake_row.c.intake == number, intake_row.c.subscription > after)
        .order_by(intake_row.c.subscription)
        .limit(_BATCH)
    )
    return [(row[0], tuple(json.loads(row[1])) if row[1] else None) for row in rows]


def settle(tx: Transaction, number: int, subscriptions: Sequence[int]) -> None:
    """Forget rows of an import, since they are undone."""
    tx.execute(
        delete(intake_row).where(
            intake_row.c.intake == number, intake_row.c.subscription.in_(subscriptions)
        )
    )


def finish(tx: Transaction, number: int, now: datetime) -> None:
    """Note that an import is undone."""
    tx.execute(update(intake).where(intake.c.id == number).values(undone=now))


def suppressions_of(tx: Transaction, evidence: str) -> int:
    """Count the suppressions that an import made, by their evidence."""
    theirs = suppression.c.evidence.startswith(evidence, autoescape=True)
    return tx.scalar(select(func.count()).select_from(suppression).where(theirs)) or 0


def confirmed_since(tx: Transaction, subscriptions: Sequence[int]) -> set[int]:
    """Return those whose readers have agreed by themselves since an import added them."""
    agreed = _beside_imports(subscriptions).where(consent.c.kind == "confirmed")
    return set(tx.scalars(agreed))


def not_left(tx: Transaction, subscriptions: Collection[int]) -> set[int]:
    """Return those subscriptions that are not ended."""
    lasts = subscription.c.state != SubscriptionState.LEFT.value
    return set(
        tx.scalars(select(subscription.c.id).where(subscription.c.id.in_(subscriptions), lasts))
    )


def _beside_imports(subscriptions: Sequence[int]) -> Select[tuple[int]]:
    """What is on record of subscriptions but for being imported."""
    return select(consent.c.subscription).where(
        consent.c.subscription.in_(subscriptions),
        (consent.c.kind != "confirmed") | consent.c.source.not_like("import %"),
    )


def untouched(tx: Transaction, subscriptions: Sequence[int]) -> set[int]:
    """Return those subscriptions of which nothing but an import knows."""
    some = _beside_imports(subscriptions)
    written = select(delivery.c.subscription).where(delivery.c.subscription.in_(subscriptions))
    asked = select(signup.c.subscription).where(signup.c.subscription.in_(subscriptions))
    fed = select(private_feed.c.subscription).where(private_feed.c.subscription.in_(subscriptions))
    other = select(intake_row.c.subscription).where(
        intake_row.c.subscription.in_(subscriptions), intake_row.c.before.is_not(None)
    )
    return set(
        tx.scalars(
            select(subscription.c.id).where(
                subscription.c.id.in_(subscriptions),
                subscription.c.state == SubscriptionState.ACTIVE,
                *(subscription.c.id.not_in(query) for query in (some, written, asked, fed, other)),
            )
        )
    )


def remove(tx: Transaction, gone: Collection[int]) -> None:
    """Delete subscriptions, with readers who have no other.

    Their ids are not given again: a link may name them.
    """
    last = tx.scalar(select(func.max(subscription.c.id))) or 0
    marks.raise_to(tx, marks.SUBSCRIPTION, last)
    readers = list(tx.scalars(select(subscription.c.subscriber).where(subscription.c.id.in_(gone))))
    for table in (consent, intake_row):
        tx.execute(delete(table).where(table.c.subscription.in_(gone)))
    tx.execute(delete(subscription).where(subscription.c.id.in_(gone)))
    with_others = select(subscription.c.subscriber).where(subscription.c.subscriber.in_(readers))
    tx.execute(
        delete(subscriber).where(subscriber.c.id.in_(readers), subscriber.c.id.not_in(with_others))
    )
