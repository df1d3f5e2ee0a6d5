"""Every state that an article was ever in."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import select

from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.schema.content import revision
from syndicate.store.statement import Statement
from syndicate.store.upsert import insert_all

_OF_DIGESTS = Statement("SELECT digest, article FROM revision WHERE digest IN :digests ORDER BY at")


class Revision(Struct, frozen=True):
    """A state of an article's text: `change` is first, cosmetic or significant; `digest` its content hash."""

    number: int
    at: datetime
    change: str
    title: str
    digest: str


class Said(NamedTuple):
    """What an article said: `record` as `articles.to_record` writes it, as JSON."""

    article_id: int
    number: int
    digest: str
    title_key: str
    change: str
    record: str


def add(tx: Transaction, every: Iterable[Said], now: datetime) -> None:
    """Keep what articles said."""
    rows = [
        {
            "article": one.article_id,
            "number": one.number,
            "digest": one.digest,
            "title_key": one.title_key,
            "change": one.change,
            "record": one.record,
            "at": now,
        }
        for one in every
    ]
    insert_all(tx, revision, rows)


def listed(tx: Transaction, article_id: int) -> list[Revision]:
    """Return the revisions of an article, oldest first."""
    rows = tx.execute(
        select(
            revision.c.number,
            revision.c.at,
            revision.c.change,
            revision.c.record,
            revision.c.digest,
        )
        .where(revision.c.article == article_id)
        .order_by(revision.c.number)
    )
    return [
        Revision(row.number, row.at, row.change, json.loads(row.record)["title"], row.digest)
        for row in rows
    ]


def of_digests(tx: Transaction, digests: Iterable[str]) -> dict[str, int]:
    """Return the articles that ever had a text of these content hashes; of several the last."""
    found: dict[str, int] = {}
    for batch in batches(digests):
        found |= dict(_OF_DIGESTS(tx, {"digests": batch}).fetchall())
    return found


def formerly(tx: Transaction, keys: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Return which articles once had a title of these keys, and which."""
    found: dict[int, set[str]] = {}
    for batch in batches(keys):
        some = revision.c.title_key.in_(batch)
        rows = tx.execute(select(revision.c.article, revision.c.title_key).where(some))
        for number, key in rows:
            found.setdefault(number, set()).add(key)
    return {number: tuple(sorted(some)) for number, some in found.items()}
