"""The history of the main feed: its closed documents, and what is to be in the next (RFC 5005, 4)."""

from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import func, select

from syndicate.store.articles import PUBLISHED
from syndicate.store.batches import BATCH
from syndicate.store.database import Transaction
from syndicate.store.schema.serving import archive, archive_entry
from syndicate.store.statement import Statement
from syndicate.store.upsert import insert_all, upsert_many

# All articles are gone through for it, in one statement and once.
_ENTERING = Statement(
    "SELECT article.id, CASE WHEN archive_entry.article IS NULL THEN 1 ELSE 0 END AS first "
    "FROM article LEFT JOIN archive_entry ON archive_entry.article = article.id "
    "WHERE article.state = :state AND (archive_entry.article IS NULL OR ("
    "archive_entry.document < :document AND article.updated > archive_entry.updated AND NOT EXISTS ("
    "SELECT 1 FROM archive_entry later WHERE later.article = archive_entry.article "
    "AND later.document > archive_entry.document))) "
    "ORDER BY first, article.published, coalesce(article.part, 0), article.id"
)


class Closed(Struct, frozen=True):
    """A closed document: its number, and what its head said when it was closed."""

    number: int
    title: str
    description: str
    author: str
    language: str


class Kept(NamedTuple):
    """An entry of a document: what it said when the document was closed.

    `first` is 1 for what was published first, 0 for what was edited after its own document was closed.
    `series` is the series around it as JSON, None outside one.
    """

    document: int
    article: int
    first: int
    revision: int
    published: datetime
    updated: datetime
    part: int | None = None
    series: str | None = None


def last(tx: Transaction) -> int:
    """The number of the newest closed document; 0 before the first."""
    return tx.scalar(select(func.max(archive.c.number))) or 0


def closed(tx: Transaction) -> list[Closed]:
    """Return the closed documents, oldest first."""
    return [Closed(*row) for row in tx.execute(select(archive).order_by(archive.c.number))]


def close(tx: Transaction, document: Closed) -> None:
    """Close a document."""
    insert_all(tx, archive, [asdict(document)])


def save(tx: Transaction, entries: Sequence[Kept]) -> None:
    """Put entries into their documents, or fix anew what they say there."""
    upsert_many(tx, archive_entry, [one._asdict() for one in entries], ("document", "article"))


def newest(tx: Transaction) -> dict[int, tuple[int, datetime]]:
    """Return the newest document of each article that was ever in one, and its `updated` there."""
    columns = (archive_entry.c.article, archive_entry.c.document, archive_entry.c.updated)
    rows = tx.execute(select(*columns).order_by(archive_entry.c.document))
    return {row.article: (row.document, row.updated) for row in rows}


def inside(tx: Transaction, document: int) -> dict[int, int]:
    """Return the articles in a document, with whether they were published first there (1) or not (0)."""
    entries = select(archive_entry.c.article, archive_entry.c.first)
    rows = tx.execute(entries.where(archive_entry.c.document == document))
    return {row.article: row.first for row in rows}


def entering(tx: Transaction, document: int) -> Iterator[tuple[int, int]]:
    """Yield the published articles that enter a document, the open one, as `inside` has them, by their dates.

    First come those of closed documents that were edited since (0), then those that are in none (1).
    """
    yield from _ENTERING(tx, {"state": PUBLISHED, "document": document})


def entries(tx: Transaction, document: int) -> list[Kept]:
    """Return the entries of a document, newest first as feeds show them."""
    rows = tx.execute(
        select(archive_entry)
        .where(archive_entry.c.document == document)
        .order_by(
            archive_entry.c.published.desc(),
            func.coalesce(archive_entry.c.part, 0).desc(),
            archive_entry.c.article.desc(),
        )
    )
    return [Kept(*row) for row in rows]


def members(tx: Transaction) -> "dict[int, array[int]]":
    """Return the articles of every document, the open one included, by its number."""
    columns = select(archive_entry.c.document, archive_entry.c.article)
    found: dict[int, array[int]] = {}
    rows = tx.execute(columns.order_by(archive_entry.c.document, archive_entry.c.article))
    for some in rows.partitions(BATCH):
        for document, number in some:
            found.setdefault(document, array("q")).append(number)
    return found
