"""When articles were or will be published, and where they stand among those of their series."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from syndicate.store.articles import SCHEDULED
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.schema.content import article
from syndicate.store.statement import Statement
from syndicate.store.types import from_micros


class Placed(NamedTuple):
    """Where an article stands, when it was published, and whether it is nobody's news."""

    id: int
    series_id: int | None
    part: int | None
    is_backlog: bool
    published: datetime
    updated: datetime


_PLACED = Statement(
    "SELECT id, series, part, backlog, published, updated FROM article WHERE id IN :ids"
)
_DATE = update(article).where(article.c.id == bindparam("dated"))


def due(tx: Transaction, now: datetime) -> list[int]:
    """Return the articles whose time has come, in the order of their dates and parts.

    Who takes a page away before that does not want it to come out.
    """
    place = (article.c.published, article.c.series, article.c.part, article.c.id)
    scheduled = select(article.c.id).where(
        article.c.state == SCHEDULED, article.c.published <= now, article.c.lost.is_(None)
    )
    return list(tx.scalars(scheduled.order_by(*place)))


def placed(tx: Transaction, ids: Iterable[int]) -> Iterator[Placed]:
    """Yield where those of these articles stand that there are."""
    for batch in batches(ids):
        for number, series, part, backlog, *dates in _PLACED(tx, {"ids": batch}).fetchall():
            yield Placed(number, series, part, bool(backlog), *map(from_micros, dates))


def of_series(tx: Transaction, series: Collection[int]) -> dict[int, list[tuple[int, datetime]]]:
    """Return the articles of some series, and when each was published."""
    found: dict[int, list[tuple[int, datetime]]] = {}
    for batch in batches(sorted(series)):
        its = article.c.series.in_(batch)
        for row in tx.execute(
            select(article.c.series, article.c.id, article.c.published).where(its)
        ):
            found.setdefault(row.series, []).append((row.id, row.published))
    return found


def put(tx: Transaction, given: Mapping[int, tuple[datetime, datetime]]) -> None:
    """Set when articles were published, and updated."""
    rows = [
        {"dated": number, "published": published, "updated": updated}
        for number, (published, updated) in given.items()
    ]
    if rows:
        tx.execute(_DATE, rows)
