"""Articles, their revisions, and entries made of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any

from msgspec import Struct
from msgspec.json import decode
from sqlalchemy import bindparam, func, or_, select, update

from syndicate.articles import from_record
from syndicate.model import Entry, Series
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.schema.content import article, revision
from syndicate.store.statement import Statement
from syndicate.store.types import from_micros, is_number
from syndicate.store.upsert import insert_all

PUBLISHED = "published"
DRAFT = "draft"  # picked up, and neither published nor mailed until its page says so no more
SCHEDULED = "scheduled"  # its page bears a date that is still to come: it is published then
KEPT_BACK = (DRAFT, SCHEDULED)
REMOVED = "removed"  # its page is gone: it comes back with it
WITHDRAWN = "withdrawn"  # by an editor: it comes back when an editor says so
ASIDE = "aside"  # it would break a feed: it comes back with another text


class Row(Struct, frozen=True):
    """An article without its text. `digest` is its content hash; `series` and `part` its place.

    `canonical`, `own_series` and `own_part` are what its page says; `lost` is since when no page holds it,
    of which readers see nothing.
    `gist` names what the search index shows of its text.
    """

    id: int
    uid: str
    slug: str
    title: str
    title_key: str
    next_title: str | None
    language: str
    state: str
    revision: int
    digest: str
    gist: str
    published: datetime
    updated: datetime
    series_id: int | None
    part: int | None
    canonical: str | None
    own_series: str | None
    own_part: int | None
    lost: datetime | None = None

    def said(self) -> tuple[object, ...]:
        """Return all that readers could see a change of, in a tuple: its `repr` costs a tenth of ours."""
        return _SAID(self)


_SAID = attrgetter(*(name for name in Row.__struct_fields__ if name != "lost"))
_COLUMNS = (
    article.c.id,
    article.c.uid,
    article.c.slug,
    article.c.title,
    article.c.title_key,
    article.c.next_title,
    article.c.language,
    article.c.state,
    article.c.revision,
    article.c.digest,
    article.c.gist,
    article.c.published,
    article.c.updated,
    article.c.series,
    article.c.part,
    article.c.canonical,
    article.c.own_series,
    article.c.own_part,
    article.c.lost,
)


# The same as `Row.said`, as the database keeps it: of very many articles it is asked for their names alone.
_NAMES = [one.name for one in _COLUMNS]
_SAY = Statement(
    f"SELECT {', '.join(_NAMES[:-1])} FROM article WHERE id >= :first AND id < :end ORDER BY id"
)
_SOME = Statement(f"SELECT {', '.join(_NAMES)} FROM article WHERE id IN :ids")
_OF_UIDS = Statement("SELECT uid, id FROM article WHERE uid IN :uids")
_DATES = slice(_NAMES.index("published"), _NAMES.index("updated") + 1)
_STATE = _NAMES.index("state")
series_of = itemgetter(_NAMES.index("series"))
_LINE = ("id", "published", "part", "slug", "title", "language", "series")
line_of = itemgetter(*map(_NAMES.index, _LINE))
place_of = itemgetter(*map(_NAMES.index, ("slug", "updated")))
found_of = itemgetter(*map(_NAMES.index, ("id", "slug", "published", "gist")))
_NEWEST_FIRST = (
    article.c.published.desc(),
    func.coalesce(article.c.part, 0).desc(),
    article.c.id.desc(),
)
# Of all articles, and of some hundred texts: SQLAlchemy's own way would take as long as the database.
_PLACED = Statement(
    "SELECT id, language, series FROM article WHERE state = :state "
    "ORDER BY published DESC, coalesce(part, 0) DESC, id DESC"
)
_UPDATES = Statement(
    "SELECT state, slug, updated FROM article WHERE id >= :first AND id < :end ORDER BY id"
)
_NOT_NEWS = Statement(
    "SELECT id, state FROM article WHERE id IN :ids AND (backlog = 1 OR state != :published) ORDER BY id"
)
_CHANGE = update(article).where(article.c.id == bindparam("changed"))
_ITS = (revision.c.article == bindparam("article"), revision.c.number == bindparam("number"))
_RECORD = select(revision.c.record).where(*_ITS)
# One alone is loaded for each page that is made: SQLAlchemy's own way would take most of the time.
_ENTRIES = Statement(
    "SELECT a.id, a.uid, a.slug, r.number, a.published, a.updated, r.record, a.series, a.part "
    "FROM article a JOIN revision r ON r.article = a.id "
    "WHERE r.article IN :articles AND r.number IN :numbers"
)


def _row(row: Sequence[Any]) -> Row:
    return Row(*row)


def _from_driver(row: Sequence[Any]) -> Row:
    """The same of what the driver gives, which knows no times."""
    dates = map(from_micros, row[_DATES])
    lost = None if row[-1] is None else from_micros(row[-1])
    return Row(*(*row[: _DATES.start], *dates, *row[_DATES.stop : -1], lost))


def every(tx: Transaction) -> list[Row]:
    """Return all articles, oldest first."""
    return [_row(row) for row in tx.execute(select(*_COLUMNS).order_by(article.c.id)).all()]


def said(tx: Transaction, first: int, end: int) -> list[tuple[Any, ...]]:
    """Return what the published articles from number `first` up to `end`, exclusive, say, by their numbers.

    `series_of` chooses from a row, and from the columns of several `line_of`, `place_of` and `found_of` what
    lists with their order, sitemaps and the search index show.
    """
    rows = _SAY(tx, {"first": first, "end": end}).fetchall()
    return [row for row in rows if row[_STATE] == PUBLISHED]


def in_series(tx: Transaction) -> list[Row]:
    """Return the published articles that stand in a series, name one, or announce a next part."""
    columns = (article.c.series, article.c.own_series, article.c.next_title)
    concerned = or_(*(one.is_not(None) for one in columns))
    return [
        _row(row)
        for row in tx.execute(select(*_COLUMNS).where(article.c.state == PUBLISHED, concerned))
    ]


def published(tx: Transaction) -> list[Row]:
    """Return the published articles, newest first; of one instant the later part, or article."""
    rows = tx.execute(
        select(*_COLUMNS).where(article.c.state == PUBLISHED).order_by(*_NEWEST_FIRST)
    )
    return [_row(row) for row in rows.all()]


def placed(tx: Transaction) -> Iterator[tuple[int, str, int | None]]:
    """Yield the published articles, newest first: the number, the language and the series of each."""
    yield from _PLACED(tx, {"state": PUBLISHED})


def updates(tx: Transaction, first: int, end: int) -> Iterator[tuple[str, datetime]]:
    """Yield slugs of published articles, of the numbers that `said` takes, and when each last changed."""
    read = lru_cache(1)(from_micros)  # pages beside each other often bear one time
    rows = _UPDATES(tx, {"first": first, "end": end})
    return ((slug, read(updated)) for state, slug, updated in rows if state == PUBLISHED)


def backlog(tx: Transaction, ids: Collection[int]) -> set[int]:
    """Return those of these articles that came as old, and are nobody's news."""
    old = select(article.c.id).where(article.c.backlog == 1)
    return {
        one
        for some in batches(sorted(ids))
        for one in tx.scalars(old.where(article.c.id.in_(some)))
    }


def not_news(tx: Transaction, ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return those of some hundred articles that are not published, or nobody's news, and their states."""
    rows = _NOT_NEWS(tx, {"ids": ids, "published": PUBLISHED}).fetchall()
    return [(number, state) for number, state in rows]


def in_state(tx: Transaction, *states: str) -> set[int]:
    """Return the articles in any of some states."""
    return set(tx.scalars(select(article.c.id).where(article.c.state.in_(states))))


def others(tx: Transaction) -> list[tuple[int, str]]:
    """Return the articles that are not published, and what they are instead, by their numbers."""
    rows = tx.execute(
        select(article.c.id, article.c.state)
        .where(article.c.state != PUBLISHED)
        .order_by(article.c.id)
    )
    return [(number, state) for number, state in rows]


def of_uids(tx: Transaction, uids: Sequence[str]) -> dict[str, int]:
    """Return the articles of some ids."""
    return dict(_OF_UIDS(tx, {"uids": uids}).fetchall())


def get(tx: Transaction, article_id: int) -> Row:
    """Return an article that exists."""
    return some(tx, [article_id])[article_id]


def some(tx: Transaction, ids: Sequence[int]) -> dict[int, Row]:
    """Return those of these articles that there are, by their numbers."""
    found: dict[int, Row] = {}
    for batch in batches(ids):
        rows = _SOME(tx, {"ids": batch}).fetchall()
        found |= {row[0]: _from_driver(row) for row in rows}
    return found


def record(tx: Transaction, article_id: int, number: int) -> dict[str, object]:
    """Return what a revision says, as `articles.to_record` wrote it."""
    found = tx.scalar(_RECORD, {"article": article_id, "number": number})
    return dict(decode(found or "{}"))


def parts(tx: Transaction, ids: Sequence[int]) -> dict[int, int | None]:
    """Return which part of its series each article is."""
    return {number: row.part for number, row in some(tx, ids).items()}


def find(tx: Transaction, name: str) -> Row | None:
    """Return the article of a slug or an id."""
    wanted = (
        or_(article.c.slug == name, article.c.id == int(name))
        if is_number(name)
        else article.c.slug == name
    )
    row = tx.execute(select(*_COLUMNS).where(wanted).order_by(article.c.id)).first()
    return _row(row) if row else None


def of_title(tx: Transaction, key: str) -> Row | None:
    """Return the newest article of a title's key."""
    query = select(*_COLUMNS).where(article.c.title_key == key).order_by(article.c.id.desc())
    row = tx.execute(query).first()
    return _row(row) if row else None


def published_among(tx: Transaction, ids: Sequence[int]) -> set[int]:
    """Return which of some articles are published."""
    return {number for number, row in some(tx, ids).items() if row.state == PUBLISHED}


def add(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert articles, some hundred at most, and return their numbers, in their order."""
    insert_all(tx, article, rows)
    numbers = of_uids(tx, [row["uid"] for row in rows])
    return [numbers[row["uid"]] for row in rows]


def change(tx: Transaction, article_id: int, values: Mapping[str, Any]) -> None:
    """Change some columns of an article."""
    tx.execute(_CHANGE, {**values, "changed": article_id})


def entries(
    tx: Transaction, wanted: Sequence[tuple[int, int]], series: Mapping[int, Series]
) -> Iterator[Entry]:
    """Load articles at given revisions, `(article, revision)`, in the order asked for."""
    for some in batches(wanted):
        asked = {"articles": [one for one, _ in some], "numbers": list({one for _, one in some})}
        found = {(row[0], row[3]): row for row in _ENTRIES(tx, asked).fetchall()}
        yield from (_entry(found[one], series) for one in some if one in found)


def _entry(row: Sequence[Any], series: Mapping[int, Series]) -> Entry:
    number, uid, slug, version, published, updated, record, its, part = row
    said, around = from_record(decode(record)), series.get(its) if its else None
    dates = from_micros(published), from_micros(updated)
    return Entry(number, uid, slug, version, *dates, said, around, part)


def count(tx: Transaction) -> int:
    """How many articles are published."""
    return tx.scalar(select(func.count()).where(article.c.state == PUBLISHED)) or 0
