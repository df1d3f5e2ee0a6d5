"""Every state that an article was ever in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from syndicate.store.articles import BATCH
from syndicate.store.database import Transaction
from syndicate.store.schema import revision


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of an article's text: `change` is first, cosmetic or significant; `digest` its content hash."""

    number: int
    at: datetime
    change: str
    title: str
    digest: str


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


def formerly(tx: Transaction, keys: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Return which articles once had a title of these keys, and which."""
    found: dict[int, set[str]] = {}
    for start in range(0, len(keys), BATCH):
        some = revision.c.title_key.in_(keys[start : start + BATCH])
        rows = tx.execute(select(revision.c.article, revision.c.title_key).where(some))
        for number, key in rows:
            found.setdefault(number, set()).add(key)
    return {number: tuple(sorted(some)) for number, some in found.items()}
