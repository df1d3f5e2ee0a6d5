"""Letters that hold an article which is taken down, or left out of their newsletter (DELIVERY.md).

What is `sending` goes its way, and what arrived stays. All that waits gets a letter without the
article; one that was tried before is cancelled instead, since a server may have seen it, and its
reader's cursor gives the rest back.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, text

from syndicate.store.database import Transaction

WITHDRAWN = "withdrawn"  # the reason that rows bear

_COUNT = text("""
    UPDATE variant SET withdrawn = (
        SELECT COUNT(*) FROM variant_item i JOIN article a ON a.id = i.article
        WHERE i.variant = variant.id AND (a.state <> 'published' OR EXISTS (
            SELECT 1 FROM left_out l JOIN edition e ON e.newsletter = l.newsletter
            WHERE l.article = i.article AND e.id = variant.edition)))
    WHERE id IN (SELECT variant FROM variant_item WHERE article IN :articles)
""").bindparams(bindparam("articles", expanding=True))
_HOLDING = text("""
    SELECT v.id, v.edition, v.hash, v.language, v.depth FROM variant v
    WHERE v.withdrawn > 0
    AND v.id IN (SELECT variant FROM variant_item WHERE article IN :articles)
    AND EXISTS (SELECT 1 FROM delivery d WHERE d.edition = v.edition AND d.variant = v.id
        AND d.state = 'pending')
    ORDER BY v.id
""").bindparams(bindparam("articles", expanding=True))
_WAITING = "edition = :edition AND variant = :variant AND state = 'pending'"
_LOCK = text(
    f"SELECT COUNT(*) FROM (SELECT id FROM delivery WHERE {_WAITING} ORDER BY id FOR UPDATE) q"
)
_DOUBT = text(f"""
    UPDATE delivery SET state = 'unknown', reason = 'withdrawn'
    WHERE {_WAITING} AND was_unknown = 1 RETURNING id
""")
_CANCEL = text(f"""
    UPDATE delivery SET state = 'cancelled', reason = 'withdrawn'
    WHERE {_WAITING} AND (attempts > 0 OR :empty = 1) RETURNING id
""")
_MOVE = text(f"""
    UPDATE delivery SET variant = :instead
    WHERE {_WAITING}
""")
_LOGGED = text("""
    SELECT n.newsletter, MAX(n.seq) FROM news n WHERE n.article = :article AND n.kind = 'new'
    GROUP BY n.newsletter ORDER BY n.newsletter
""")
_PASSED = text("""
    SELECT 1 FROM edition WHERE newsletter = :newsletter AND cut >= :seq AND started IS NOT NULL
        AND recipients IS NULL LIMIT 1
""")


class Holding(NamedTuple):
    """A variant that holds what was taken down, and for which letters wait."""

    id: int
    edition_id: int
    hash: str
    language: str
    depth: str


def count(tx: Transaction, articles: Collection[int]) -> None:
    """Count anew, in the variants that hold these articles, what is not to be mailed any more."""
    tx.execute(_COUNT, {"articles": sorted(articles)})


def holding(tx: Transaction, articles: Collection[int]) -> list[Holding]:
    """Return the variants for which letters wait that hold any of these articles, taken down."""
    return [Holding(*row) for row in tx.execute(_HOLDING, {"articles": sorted(articles)})]


def lock(tx: Transaction, one: Holding) -> None:
    """Where others write at the same time, take the letters that wait for a variant."""
    if tx.dialect.name != "sqlite":
        tx.execute(_LOCK, _place(one))


def doubt(tx: Transaction, one: Holding) -> list[int]:
    """Let letters that were to be sent once more be unknown again; return their numbers."""
    return [row[0] for row in tx.execute(_DOUBT, _place(one))]


def cancel(tx: Transaction, one: Holding, *, empty: bool) -> list[int]:
    """Cancel the letters that were tried, or all where nothing is left; return their numbers."""
    return [row[0] for row in tx.execute(_CANCEL, {**_place(one), "empty": int(empty)})]


def move(tx: Transaction, one: Holding, instead: int) -> int:
    """Let the other letters be those of another variant; how many."""
    return tx.execute(_MOVE, {**_place(one), "instead": instead}).rowcount


def _place(one: Holding) -> dict[str, int]:
    return {"edition": one.edition_id, "variant": one.id}


def logged(tx: Transaction, article: int) -> Sequence[tuple[str, int]]:
    """Return the newsletters that an article is news of, and its newest number in their logs."""
    return [(row[0], row[1]) for row in tx.execute(_LOGGED, {"article": article})]


def passed(tx: Transaction, newsletter: str, seq: int) -> bool:
    """Whether an edition was started that could have held a row of the news log."""
    found = tx.execute(_PASSED, {"newsletter": newsletter, "seq": seq}).first()
    return found is not None
