"""Series and the places of articles in them."""

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, func, insert, or_, select, update

from syndicate.model import Part, Series
from syndicate.store.articles import PUBLISHED
from syndicate.store.database import Transaction
from syndicate.store.schema.content import article, series


class Place(Struct, frozen=True):
    """Where an article stands: `series_id` and `part` are None for one that stands alone."""

    article_id: int
    series_id: int | None
    part: int | None


def load(tx: Transaction) -> dict[int, Series]:
    """Return every series that has a published part, by its number."""
    parts: dict[int, list[Part]] = {}
    rows = tx.execute(
        select(
            article.c.series,
            article.c.part,
            article.c.title,
            article.c.id,
            article.c.slug,
            article.c.uid,
            article.c.canonical,
            article.c.state,
        )
        .where(article.c.series.is_not(None))
        .order_by(article.c.series, article.c.part)
    )
    for number, *part, state in rows:
        if state == PUBLISHED:  # asked of the database, it would go through all articles instead
            parts.setdefault(number, []).append(Part(*part))
    return {
        row.id: _series(row, parts[row.id]) for row in tx.execute(select(series)) if row.id in parts
    }


def _series(row: Any, parts: list[Part]) -> Series:
    coming = [Part(number, title) for number, title in json.loads(row.announced or "[]")]
    ordered = sorted([*parts, *coming], key=lambda part: part.number)
    return Series(row.slug, row.title, tuple(ordered))


def add(tx: Transaction, slug: str, title: str) -> int:
    """Insert a series and return its number."""
    key = tx.execute(
        insert(series).values(slug=slug, title=title, announced=None)
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def last_of_complete(tx: Transaction, series_id: int) -> int | None:
    """Return the last part of a series of which all is there, None when something is to come.

    That is known where every part but the last names the next one, and the last names none.
    """
    rows = tx.execute(
        select(article.c.id, article.c.next_title)
        .where(article.c.series == series_id, article.c.state == PUBLISHED)
        .order_by(article.c.part)
    ).fetchall()
    names_next = [row.next_title is not None for row in rows]
    whole = len(rows) > 1 and names_next == [True] * (len(rows) - 1) + [False]
    coming = tx.scalar(select(series.c.announced).where(series.c.id == series_id))
    return rows[-1].id if whole and coming is None else None


def slugs(tx: Transaction) -> set[str]:
    """Return the slugs of all series, also of those whose parts have left."""
    return set(tx.scalars(select(series.c.slug)))


def is_empty(tx: Transaction, series_id: int) -> bool:
    """Whether no article belongs to a series, not even one that was taken down."""
    found = select(article.c.id).where(article.c.series == series_id).limit(1)
    return tx.execute(found).first() is None


def describe(
    tx: Transaction, series_id: int, title: str, coming: Sequence[tuple[int, str]]
) -> bool:
    """Set a series' title, and the numbers and titles of announced parts; whether that changed anything."""
    announced = json.dumps(coming, ensure_ascii=False) if coming else None
    changed = tx.execute(
        update(series)
        .where(
            series.c.id == series_id,
            or_(
                series.c.title != title, func.coalesce(series.c.announced, "") != (announced or "")
            ),
        )
        .values(title=title, announced=announced)
    )
    return changed.rowcount > 0


def place(tx: Transaction, places: list[Place]) -> None:
    """Move articles to their places."""
    if places:
        statement = (
            update(article)
            .where(article.c.id == bindparam("one"))
            .values(series=bindparam("its_series"), part=bindparam("its_part"))
        )
        rows = [
            {"one": p.article_id, "its_series": p.series_id, "its_part": p.part} for p in places
        ]
        tx.execute(statement, rows)
