"""The letters of one edition as an operator looks at them: to whom, and what became of each."""

from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy import and_, func, or_, select

from syndicate.model import DeliveryState, Edition
from syndicate.store.database import Transaction
from syndicate.store.editions import SUPERSEDED
from syndicate.store.schema.letters import delivery, delivery_event, edition
from syndicate.store.schema.people import subscriber, subscription


class LetterRow(Struct, frozen=True):
    """One letter. `address` is the reader's present one, None once erased; `reason` the last reply."""

    key: str
    address: str | None
    state: str
    attempts: int
    reason: str | None


def of_edition(
    tx: Transaction, edition_id: int, state: DeliveryState | None = None
) -> Iterator[LetterRow]:
    """Yield an edition's letters, of one state if it is named, in the order of the freeze."""
    last = (
        select(func.max(delivery_event.c.id))
        .where(delivery_event.c.delivery == delivery.c.id)
        .correlate(delivery)
        .scalar_subquery()
    )
    query = (
        select(
            delivery.c.key,
            subscriber.c.address,
            delivery.c.state,
            delivery.c.attempts,
            func.coalesce(delivery_event.c.detail, delivery.c.reason),
        )
        .join(subscription, subscription.c.id == delivery.c.subscription)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .outerjoin(delivery_event, delivery_event.c.id == last)
        .where(delivery.c.edition == edition_id)
        .order_by(delivery.c.id)
    )
    if state is not None:
        query = query.where(delivery.c.state == state)
    for row in tx.execute(query.execution_options(yield_per=1000)):
        yield LetterRow(*row)


def replaced(tx: Transaction, later: Edition) -> dict[int, int]:
    """Count the waiting letters that an edition took the place of, by the edition they were of.

    A draft that it took the place of is there too: it had none yet.
    """
    rows = tx.execute(
        select(edition.c.id, func.count(delivery.c.id))
        .join(
            delivery,
            and_(delivery.c.edition == edition.c.id, delivery.c.superseded_by == later.id),
            isouter=True,
        )
        .where(edition.c.newsletter == later.newsletter, edition.c.id < later.id)
        .where(
            or_(
                delivery.c.id.is_not(None),
                and_(edition.c.held == SUPERSEDED, edition.c.finished == later.created),
            )
        )
        .group_by(edition.c.id)
        .order_by(edition.c.id)
    )
    return {row[0]: row[1] for row in rows}
