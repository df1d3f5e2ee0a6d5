"""Articles whose pages are gone, and articles that were taken down."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, update

from syndicate.store.articles import ASIDE, PUBLISHED, REMOVED, WITHDRAWN
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.schema.content import article

KEPT, ACCEPTED = 1, 2  # `guarded`: it stays, or an operator lets it go
_FIND = (
    update(article)
    .where(article.c.lost.is_not(None) | (article.c.guarded != 0))
    .values(lost=None, guarded=0)
)
# Their state is looked at afterwards: SQLite would go through all that are published.
_LOST = (
    select(
        article.c.id,
        article.c.slug,
        article.c.title,
        article.c.lost,
        article.c.guarded,
        article.c.state,
    )
    .where(article.c.lost.is_not(None))
    .order_by(article.c.lost, article.c.id)
)


class Missing(NamedTuple):
    """A published article without a page: since when, under which name it was last known."""

    id: int
    slug: str
    title: str
    lost: datetime
    guarded: int

    @property
    def stays(self) -> bool:
        """Whether it is kept because so many went at once."""
        return self.guarded == KEPT

    @property
    def accepted(self) -> bool:
        """Whether an operator lets it go all the same."""
        return self.guarded == ACCEPTED


class Down(NamedTuple):
    """An article that was taken down: `state` says by whom (`articles.REMOVED`, `WITHDRAWN`)."""

    id: int
    uid: str
    slug: str
    title: str
    language: str
    state: str
    withdrawn: datetime
    reason: str
    series_id: int | None


def lose(tx: Transaction, ids: Collection[int], now: datetime) -> None:
    """Note that no page holds these articles any more."""
    _change(tx, ids, lost=now)


def find_again(tx: Transaction, ids: Collection[int]) -> None:
    """Note that pages hold these articles."""
    for batch in batches(sorted(ids)):  # nearly all of them were never lost
        tx.execute(_FIND.where(article.c.id.in_(batch)))


def _change(tx: Transaction, ids: Collection[int], **values: object) -> None:
    for batch in batches(sorted(ids)):
        tx.execute(update(article).where(article.c.id.in_(batch)).values(**values))


def missing(tx: Transaction) -> list[Missing]:
    """Return the published articles that no page holds, oldest loss first."""
    rows = tx.execute(_LOST)
    return [Missing(*row) for *row, state in rows if state == PUBLISHED]


def guard(tx: Transaction) -> int:
    """Keep all that is missing until its pages are back or an operator accepts; how many are new."""
    return tx.execute(
        update(article)
        .where(article.c.state == PUBLISHED, article.c.lost.is_not(None), article.c.guarded == 0)
        .values(guarded=KEPT)
    ).rowcount


def accept(tx: Transaction) -> int:
    """Let go of what was kept; how many articles."""
    kept = article.c.guarded == KEPT
    return tx.execute(update(article).where(kept).values(guarded=ACCEPTED)).rowcount


def overdue(tx: Transaction, lost_by: datetime) -> list[int]:
    """Return the articles whose pages have been gone since `lost_by` or longer."""
    return sorted(one.id for one in missing(tx) if not one.stays and one.lost <= lost_by)


def returned(tx: Transaction) -> list[int]:
    """Return the articles that were taken down with their pages, and that a page holds again."""
    rows = tx.scalars(
        select(article.c.id)
        .where(article.c.state == REMOVED, article.c.lost.is_(None))
        .order_by(article.c.id)
    )
    return list(rows)


def take_down(
    tx: Transaction, ids: Collection[int], state: str, reason: str, now: datetime
) -> None:
    """Note that articles are published no more."""
    _change(tx, ids, state=state, withdrawn=now, reason=reason, guarded=0)


def put_back(tx: Transaction, ids: Collection[int]) -> None:
    """Publish articles again. One without a page is kept as if it had one, until a page comes and goes."""
    _change(tx, ids, state=PUBLISHED, withdrawn=None, reason=None, lost=None, guarded=0)


def aside(tx: Transaction) -> list[tuple[int, str, str]]:
    """Return the articles that were set aside: their numbers, titles, and why."""
    columns = (article.c.id, article.c.title, func.coalesce(article.c.reason, ""))
    return [(*row,) for row in tx.execute(select(*columns).where(article.c.state == ASIDE))]


def down(tx: Transaction) -> list[Down]:
    """Return the articles that were taken down, in the order of that."""
    rows = tx.execute(
        select(
            article.c.id,
            article.c.uid,
            article.c.slug,
            article.c.title,
            article.c.language,
            article.c.state,
            article.c.withdrawn,
            func.coalesce(article.c.reason, ""),
            article.c.series,
        )
        .where(article.c.state.in_((REMOVED, WITHDRAWN)))
        .order_by(article.c.withdrawn, article.c.id)
    )
    return [Down(*row) for row in rows]
