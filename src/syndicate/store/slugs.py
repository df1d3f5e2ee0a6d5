"""Every slug ever given: never given again to another."""

from collections.abc import Iterable, Sequence
from typing import Literal

from sqlalchemy import bindparam, select

from syndicate import addresses
from syndicate.store.database import Transaction
from syndicate.store.given import Given
from syndicate.store.schema.content import slug
from syndicate.store.statement import Statement
from syndicate.store.upsert import insert_all

Kind = Literal["article", "series"]
_OWNER = select(slug.c.target).where(
    slug.c.kind == bindparam("kind"), slug.c.folded == bindparam("folded")
)
_AMONG = Statement("SELECT folded FROM slug WHERE kind = :kind AND folded IN :some")


def given(tx: Transaction, kind: Kind) -> Given:
    """Return which slugs were given, by their folded forms."""

    def among(some: Sequence[str]) -> Iterable[str]:
        return (row[0] for row in _AMONG(tx, {"kind": kind, "some": some}).fetchall())

    return Given(among)


def owner(tx: Transaction, kind: Kind, text: str) -> int | None:
    """Return to whom a slug was given."""
    return tx.scalar(_OWNER, {"kind": kind, "folded": addresses.folded(text)})


def give(tx: Transaction, kind: Kind, owners: Sequence[tuple[str, int]]) -> None:
    """Note slugs as given, each to its owner."""
    rows = [
        {"kind": kind, "folded": addresses.folded(text), "slug": text, "target": target}
        for text, target in owners
    ]
    insert_all(tx, slug, rows)
