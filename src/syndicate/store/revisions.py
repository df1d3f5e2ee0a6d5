"""Every state that an article was ever in."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

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
