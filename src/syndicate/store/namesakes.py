"""Articles by what they say and are called: what a page may be, and who bears a title."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.schema.content import article
from syndicate.store.statement import Statement


class Alike(NamedTuple):
    """What an article is recognised by."""

    id: int
    digest: str
    title_key: str
    canonical: str | None


_BEARS = "SELECT id, digest, title_key, canonical FROM article WHERE"
_OF_DIGEST = Statement(f"{_BEARS} digest IN :some")
_OF_TITLE = Statement(f"{_BEARS} title_key IN :some")
_OF_ORIGINAL = Statement(f"{_BEARS} canonical IN :some")


def alike(
    tx: Transaction, digests: Iterable[str], title_keys: Iterable[str], canonicals: Iterable[str]
) -> list[Alike]:
    """Return the articles of any of these content hashes, titles or original addresses, oldest first."""
    found: dict[int, Alike] = {}
    wanted = ((_OF_DIGEST, digests), (_OF_TITLE, title_keys), (_OF_ORIGINAL, canonicals))
    for bearing, values in wanted:
        for batch in batches(values):
            for row in bearing(tx, {"some": batch}).fetchall():
                found.setdefault(row[0], Alike(*row))
    return [found[number] for number in sorted(found)]


def titled(tx: Transaction, keys: Iterable[str], *states: str) -> dict[int, str]:
    """Return the articles of some titles' keys, in any state or one of some, and their keys."""
    found: dict[int, str] = {}
    for batch in batches(keys):
        some = select(article.c.id, article.c.title_key).where(article.c.title_key.in_(batch))
        rows = tx.execute(some.where(article.c.state.in_(states)) if states else some)
        found |= {row.id: row.title_key for row in rows}
    return found
