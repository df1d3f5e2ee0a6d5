"""Every slug ever given: never given again to another."""

from collections.abc import Callable
from typing import Literal

from sqlalchemy import insert, select

from syndicate import addresses
from syndicate.store.database import Transaction
from syndicate.store.schema import slug

Kind = Literal["article", "series"]


def taken(tx: Transaction, kind: Kind) -> Callable[[str], bool]:
    """Return the test whether a folded slug was given before."""

    def asked(folded: str) -> bool:
        row = tx.execute(
            select(slug.c.target).where(slug.c.kind == kind, slug.c.folded == folded)
        ).first()
        return row is not None

    return asked


def owner(tx: Transaction, kind: Kind, text: str) -> int | None:
    """Return to whom a slug was given."""
    its = (slug.c.kind == kind, slug.c.folded == addresses.folded(text))
    return tx.scalar(select(slug.c.target).where(*its))


def give(tx: Transaction, kind: Kind, text: str, target: int) -> None:
    """Note a slug as given."""
    tx.execute(
        insert(slug).values(kind=kind, folded=addresses.folded(text), slug=text, target=target)
    )
