"""Articles that wait to become a newsletter's news."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select

from syndicate.digests.settling import Waiting
from syndicate.model import NewsKind
from syndicate.store.articles import PUBLISHED
from syndicate.store.database import Transaction
from syndicate.store.schema.content import article, series
from syndicate.store.schema.news import news_wait
from syndicate.store.upsert import insert_many


def add(
    tx: Transaction, newsletter: str, articles: Sequence[int], kind: NewsKind, now: datetime
) -> None:
    """Let articles wait; one that waits already goes on as it does."""
    rows = [
        {"newsletter": newsletter, "article": number, "kind": kind.value, "since": now}
        for number in articles
    ]
    if rows:
        insert_many(tx, news_wait, rows)


def of(tx: Transaction, newsletter: str) -> list[Waiting]:
    """Return what waits and is published, first come first."""
    rows = tx.execute(
        select(
            news_wait.c.article,
            news_wait.c.kind,
            news_wait.c.since,
            article.c.series,
            article.c.part,
            series.c.announced,
            article.c.lost,
        )
        .join(article, article.c.id == news_wait.c.article)
        .outerjoin(series, series.c.id == article.c.series)
        .where(news_wait.c.newsletter == newsletter, article.c.state == PUBLISHED)
        .order_by(news_wait.c.since, news_wait.c.article)
    )
    return [
        Waiting(
            row.article,
            NewsKind(row.kind),
            row.since,
            row.series,
            row.part,
            incomplete=row.announced is not None,
            lost=row.lost is not None,
        )
        for row in rows
    ]


def forget(tx: Transaction, newsletter: str, articles: Collection[int]) -> None:
    """Take away what waits no more."""
    if articles:
        its = news_wait.c.article.in_(sorted(articles))
        tx.execute(delete(news_wait).where(news_wait.c.newsletter == newsletter, its))


def any_of_series(tx: Transaction, newsletter: str, series_id: int) -> bool:
    """Whether a part of a series waits."""
    its = exists().where(
        news_wait.c.newsletter == newsletter,
        news_wait.c.article == article.c.id,
        article.c.series == series_id,
    )
    return bool(tx.scalar(select(its)))
