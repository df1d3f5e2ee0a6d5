"""Articles that an editor left out of a newsletter."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from syndicate.store.database import Transaction
from syndicate.store.schema.news import left_out
from syndicate.store.upsert import insert_many


def add(tx: Transaction, newsletter: str, articles: Sequence[int], now: datetime) -> None:
    """Leave articles out of a newsletter."""
    rows = [{"newsletter": newsletter, "article": number, "at": now} for number in articles]
    if rows:
        insert_many(tx, left_out, rows)


def of(tx: Transaction, newsletter: str) -> set[int]:
    """Return what is left out of a newsletter."""
    return set(tx.scalars(select(left_out.c.article).where(left_out.c.newsletter == newsletter)))


def remove(tx: Transaction, newsletter: str, article_id: int) -> bool:
    """Put an article back; whether it was left out."""
    its = (left_out.c.newsletter == newsletter) & (left_out.c.article == article_id)
    return tx.execute(delete(left_out).where(its)).rowcount > 0
