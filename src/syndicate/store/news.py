"""Newsletters and their append-only news logs (DELIVERY.md, "What a reader is due")."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, insert, select, update

from syndicate.model import Log, News, NewsKind, Story
from syndicate.store import tags
from syndicate.store.articles import PUBLISHED
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.schema.content import article, series
from syndicate.store.schema.news import left_out, news, news_wait, newsletter
from syndicate.store.upsert import insert_new

_COLUMNS = (news.c.newsletter, news.c.seq, news.c.article, news.c.revision, news.c.kind)
_NEXT = (
    update(newsletter)
    .where(newsletter.c.name == bindparam("newsletter"))
    .values(last_seq=newsletter.c.last_seq + 1)
    .returning(newsletter.c.last_seq)
)


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
    seq = tx.execute(_NEXT, {"newsletter": name}).fetchall()[0][0]
    row = {"article": article_id, "revision": revision, "kind": kind.value, "at": now}
    tx.execute(insert(news), {"newsletter": name, "seq": seq, **row})
    return int(seq)


def lock(tx: Transaction, *names: str) -> None:
    """Where others write at the same time, let no other edition of newsletters be cut or started."""
    if tx.dialect.name != "sqlite":
        its = select(newsletter.c.name).where(newsletter.c.name.in_(names))
        tx.execute(its.order_by(newsletter.c.name).with_for_update())


def served(tx: Transaction, name: str) -> int:
    """Up to which number the news were cut for those who want a letter with each article."""
    return tx.scalar(select(newsletter.c.served).where(newsletter.c.name == name)) or 0


def serve(tx: Transaction, name: str, upto: int) -> None:
    """Note that the news up to a number were cut for those who want a letter with each article."""
    tx.execute(update(newsletter).where(newsletter.c.name == name).values(served=upto))


def noted(tx: Transaction, name: str) -> str | None:
    """Which file the last editor's note was that an edition used."""
    return tx.scalar(select(newsletter.c.noted).where(newsletter.c.name == name))


def note_used(tx: Transaction, name: str, mark: str) -> None:
    """Remember the file of a note that an edition uses."""
    tx.execute(update(newsletter).where(newsletter.c.name == name).values(noted=mark))


def first_after(tx: Transaction, name: str, after: int) -> News | None:
    """Return the first article's news of its own after a number that is still published."""
    row = tx.execute(
        select(*_COLUMNS)
        .join(article, article.c.id == news.c.article)
        .where(
            news.c.newsletter == name,
            news.c.seq > after,
            news.c.kind == NewsKind.NEW,
            article.c.state == PUBLISHED,
        )
        .order_by(news.c.seq)
        .limit(1)
    ).first()
    return _news(row) if row else None


def is_logged(tx: Transaction, name: str, article_id: int) -> bool:
    """Whether an article is or was news."""
    its = select(news.c.seq).where(
        news.c.article == article_id, news.c.newsletter == name, news.c.kind == NewsKind.NEW
    )
    return tx.execute(its.limit(1)).first() is not None


def between(tx: Transaction, name: str, after: int, upto: int) -> list[News]:
    """Return the rows in (after, upto] whose article is still published, oldest first."""
    rows = tx.execute(
        select(*_COLUMNS)
        .join(article, article.c.id == news.c.article)
        .where(
            news.c.newsletter == name,
            news.c.seq > after,
            news.c.seq <= upto,
            article.c.state == PUBLISHED,
        )
        .order_by(news.c.seq)
    )
    return [_news(row) for row in rows]


def has_closed(tx: Transaction, name: str, series_id: int) -> bool:
    """Whether a closing letter of a series was news."""
    its = (
        select(news.c.seq)
        .join(article, article.c.id == news.c.article)
        .where(
            news.c.newsletter == name,
            news.c.kind == NewsKind.OMNIBUS,
            article.c.series == series_id,
        )
    )
    return tx.execute(its.limit(1)).first() is not None


def log(tx: Transaction, name: str, after: int, upto: int) -> Log:
    """Return what is to be chosen from for letters that begin after `after` at the earliest."""
    return log_of(tx, name, named(tx, name, after, upto), upto)


def named(tx: Transaction, name: str, after: int, upto: int) -> set[int]:
    """Return the articles that have rows in (after, upto], published or not."""
    recent = news.c.newsletter == name, news.c.seq > after, news.c.seq <= upto
    return set(tx.scalars(select(news.c.article).where(*recent).distinct()))


def log_of(
    tx: Transaction, name: str, articles: Collection[int], upto: int, *, waiting: bool = False
) -> Log:
    """Return the news up to `upto` of some articles, and of the other parts of their series.

    An article that is news only beyond `upto`, that waits to become news, or that an editor left out
    is no story of it. `waiting`: what waits is one all the same.
    """
    families = {
        number
        for some in batches(sorted(articles))
        for number in tx.scalars(select(article.c.series).where(article.c.id.in_(some)))
        if number is not None
    }
    facts = {
        row.id: row
        for column, ids in ((article.c.id, articles), (article.c.series, families))
        for some in batches(sorted(ids))
        for row in tx.execute(_facts(name, waiting=waiting).where(column.in_(some)))
    }
    every = _rows_of(tx, name, facts)
    rows = tuple(row for row in every if row.seq <= upto)
    later = {row.article_id for row in every} - {row.article_id for row in rows}
    told = [row for number, row in facts.items() if row.mailable and number not in later]
    keys = tags.of(tx, [row.id for row in told])
    stories = {
        one.id: Story(
            one.id, one.revision, one.language, keys.get(one.id, frozenset()), one.series, one.part
        )
        for one in told
    }
    return Log(rows, stories, {row.id: row.series for row in facts.values() if row.series})


def _facts(name: str, *, waiting: bool) -> Select[Any]:
    """What is asked of articles; `mailable`: published, and neither waiting nor left out."""
    waits = exists().where(
        news_wait.c.newsletter == name,
        news_wait.c.article == article.c.id,
        news_wait.c.kind == NewsKind.NEW,
    )
    out = exists().where(left_out.c.newsletter == name, left_out.c.article == article.c.id)
    mailable = (article.c.state == PUBLISHED) & ~out
    if not waiting:
        mailable &= ~waits
    return select(
        article.c.id,
        article.c.revision,
        article.c.language,
        series.c.slug.label("series"),
        article.c.part,
        mailable.label("mailable"),
    ).outerjoin(series, series.c.id == article.c.series)


def _rows_of(tx: Transaction, name: str, ids: Collection[int]) -> list[News]:
    found = [
        _news(row)
        for some in batches(sorted(ids))
        for row in tx.execute(
            select(*_COLUMNS).where(news.c.article.in_(some), news.c.newsletter == name)
        )
    ]
    return sorted(found, key=lambda row: row.seq)


def _news(row: Any) -> News:
    return News(row[0], row[1], row[2], row[3], NewsKind(row[4]))
