"""Which revisions of an article readers hold: the newest in their letters that arrived, or may have."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import TextClause, bindparam, text

from syndicate.store.database import Transaction

# Also what stood in a letter as a correction, in a closing letter or to catch up with.
_HELD = """
    SELECT d.subscription, i.article, MAX(i.revision) AS revision
    FROM variant_item i JOIN variant v ON v.id = i.variant
    JOIN edition e ON e.id = v.edition AND e.newsletter = :newsletter
    JOIN delivery d ON d.edition = v.edition AND d.variant = v.id AND d.kind = 'bulk'
        AND d.state IN ('sent', 'unknown')
    WHERE i.article IN :articles GROUP BY d.subscription, i.article
"""
_NOTED = "SELECT q.subscription, {joined} AS held FROM ({held}) q GROUP BY q.subscription"
_PAIR = "CAST(q.article AS TEXT) || ':' || CAST(q.revision AS TEXT), ','"
# In one order, so that who holds the same is in one group; SQLite goes by the order of the rows.
_JOINED = {
    "sqlite": f"group_concat({_PAIR})",
    "postgresql": f"string_agg({_PAIR} ORDER BY q.article)",
}
_RECIPIENTS = """
    SELECT q.subscription, p.address, q.revision FROM ({held}) q
    JOIN subscription s ON s.id = q.subscription JOIN subscriber p ON p.id = s.subscriber
    ORDER BY q.subscription
"""


class Recipient(NamedTuple):
    """Who has an article: `address` is None once erased; `revision` is the newest in a letter."""

    subscription: int
    address: str | None
    revision: int


def noted(tx: Transaction) -> str:
    """Return a query of who holds which of `:articles`, as `article:revision,...` by subscription."""
    joined = _JOINED[tx.dialect.name]
    return _NOTED.format(joined=joined, held=_HELD)


def read(text_: str) -> Mapping[int, int]:
    """Read what was written down of one reader: revisions by article."""
    pairs = (one.split(":") for one in text_.split(",") if one)
    return {int(article): int(revision) for article, revision in pairs}


def recipients(tx: Transaction, newsletter: str, article: int) -> Iterator[Recipient]:
    """Yield who of a newsletter has an article."""
    statement = _of_articles(_RECIPIENTS.format(held=_HELD)).execution_options(yield_per=1000)
    for row in tx.execute(statement, {"newsletter": newsletter, "articles": [article]}):
        yield Recipient(*row)


def _of_articles(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("articles", expanding=True))
