"""The tags of articles, by which feeds, pages and readers choose without reading texts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import bindparam, delete, insert, select

from syndicate.articles import tag_key
from syndicate.store.articles import PUBLISHED
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.schema.content import article, article_tag
from syndicate.store.statement import Statement

# Of all tags: SQLAlchemy's own way would take as long as the database.
_PLACED = Statement(
    "SELECT article_tag.key, article_tag.name, article.id, article.language "
    "FROM article_tag JOIN article ON article.id = article_tag.article WHERE article.state = :state "
    "ORDER BY article.published DESC, coalesce(article.part, 0) DESC, article.id DESC"
)
_ITS = delete(article_tag).where(article_tag.c.article == bindparam("its"))


def put(tx: Transaction, names: Mapping[int, Sequence[str]]) -> None:
    """Give articles these tags, and no others; of two spellings of one the first counts."""
    if names:
        tx.execute(_ITS, [{"its": number} for number in names])
    if rows := [row for number, some in names.items() for row in _rows(number, some)]:
        tx.execute(insert(article_tag), rows)


def _rows(article_id: int, names: Sequence[str]) -> list[dict[str, object]]:
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(tag_key(name), name)
    return [
        {"article": article_id, "key": key, "place": place, "name": name}
        for place, (key, name) in enumerate(by_key.items())
        if key
    ]


def published(tx: Transaction) -> Mapping[int, Mapping[str, str]]:
    """Return the tags of published articles that have any: names as written, by their keys, in order."""
    rows = tx.execute(
        select(article_tag.c.article, article_tag.c.key, article_tag.c.name)
        .join(article, article.c.id == article_tag.c.article)
        .where(article.c.state == PUBLISHED)
        .order_by(article_tag.c.article, article_tag.c.place)
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row.article][row.key] = row.name
    return found


def placed(tx: Transaction) -> Iterator[tuple[str, str, int, str]]:
    """Yield the tags of published articles, the newest article's first: key, name, number, its language."""
    yield from _PLACED(tx, {"state": PUBLISHED})


def of(tx: Transaction, ids: Sequence[int]) -> Mapping[int, frozenset[str]]:
    """Return the keys of the tags of those of these articles that have any."""
    found: dict[int, set[str]] = defaultdict(set)
    for batch in batches(ids):
        some = article_tag.c.article.in_(batch)
        for row in tx.execute(select(article_tag.c.article, article_tag.c.key).where(some)):
            found[row.article].add(row.key)
    return {number: frozenset(keys) for number, keys in found.items()}
