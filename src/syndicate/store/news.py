"""Newsletters and their append-only news logs (DELIVERY.md, "What a reader is due")."""

from datetime import datetime

from sqlalchemy import insert, select, update

from syndicate.model import News, NewsKind
from syndicate.store.database import Transaction
from syndicate.store.schema import article, news, newsletter
from syndicate.store.upsert import insert_new


def enrol(tx: Transaction, name: str, now: datetime) -> None:
    """Make a newsletter known; its news begin now."""
    insert_new(tx, newsletter, {"name": name, "last_seq": 0, "created": now})


def created(tx: Transaction, name: str) -> datetime | None:
    """When a newsletter became known: it has no slots before."""
    return tx.scalar(select(newsletter.c.created).where(newsletter.c.name == name))


def names(tx: Transaction) -> list[str]:
    """Return the newsletters that are known, in the settings or not."""
    return list(tx.scalars(select(newsletter.c.name).order_by(newsletter.c.name)))


def last_seq(tx: Transaction, name: str) -> int:
    """The newest number of a newsletter's log, 0 when it is empty or unknown."""
    return tx.scalar(select(newsletter.c.last_seq).where(newsletter.c.name == name)) or 0


def append(
    tx: Transaction, name: str, article_id: int, revision: int, kind: NewsKind, now: datetime
) -> int:
    """Append a row and return its number; the counter's row lock keeps commits in order of number."""
    seq = tx.execute(
        update(newsletter)
        .where(newsletter.c.name == name)
        .values(last_seq=newsletter.c.last_seq + 1)
        .returning(newsletter.c.last_seq)
    ).fetchall()[0][0]
    tx.execute(
        insert(news).values(
            newsletter=name, seq=seq, article=article_id, revision=revision, kind=kind.value, at=now
        )
    )
    return int(seq)


def between(tx: Transaction, name: str, after: int, upto: int) -> list[News]:
    """Return the rows in (after, upto] whose article is still published, oldest first."""
    rows = tx.execute(
        select(news.c.newsletter, news.c.seq, news.c.article, article.c.revision, news.c.kind)
        .join(article, article.c.id == news.c.article)
        .where(
            news.c.newsletter == name,
            news.c.seq > after,
            news.c.seq <= upto,
            article.c.state == "published",
        )
        .order_by(news.c.seq)
    )
    return [News(row[0], row[1], row[2], row[3], NewsKind(row[4])) for row in rows]
