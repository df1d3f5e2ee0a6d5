"""Every slug ever given: never given again to another."""

from collections.abc import Callable
from typing import Literal

from sqlalchemy import bindparam, insert, select

from syndicate import addresses
from syndicate.store.database import Transaction
from syndicate.store.schema import slug

Kind = Literal["article", "series"]
_OWNER = select(slug.c.target).where(
    slug.c.kind == bindparam("kind"), slug.c.folded == bindparam("folded")
)


def taken(tx: Transaction, kind: Kind) -> Callable[[str], bool]:
    """Return the test whether a folded slug was given before."""

    def asked(folded: str) -> bool:
        return tx.execute(_OWNER, {"kind": kind, "folded": folded}).first() is not None

    return asked


def owner(tx: Transaction, kind: Kind, text: str) -> int | None:
    """Return to whom a slug was given."""
    return tx.scalar(_OWNER, {"kind": kind, "folded": addresses.folded(text)})


def give(tx: Transaction, kind: Kind, text: str, target: int) -> None:
    """Note a slug as given."""
    values = {"kind": kind, "folded": addresses.folded(text), "slug": text, "target": target}
    tx.execute(insert(slug), values)
