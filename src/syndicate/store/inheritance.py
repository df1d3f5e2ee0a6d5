"""Ids of a publication that moved here, and which article took each over."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import func, select, update

from syndicate.store.database import Transaction
from syndicate.store.schema.content import article
from syndicate.store.schema.serving import inherited
from syndicate.store.upsert import insert_new


class Inherited(Struct, frozen=True):
    """An id as readers know it, and what its entry was: `place` is its address without the scheme."""

    uid: str
    address: str
    place: str
    title_key: str
    published: datetime | None


def add(tx: Transaction, entries: Iterable[Inherited]) -> int:
    """Note ids that are not known yet; return how many were new."""
    return sum(insert_new(tx, inherited, asdict(one)) for one in entries)


_COLUMNS = tuple(inherited.c[name] for name in Inherited.__struct_fields__)
_BORNE = select(article.c.id).where(article.c.uid == inherited.c.uid).exists()


def waiting(tx: Transaction) -> list[Inherited]:
    """Return the ids that no article has taken over yet, and none bears by itself."""
    unclaimed = inherited.c.article.is_(None) & ~_BORNE
    return [
        Inherited(*row)
        for row in tx.execute(select(*_COLUMNS).where(unclaimed).order_by(inherited.c.uid))
    ]


def borne(tx: Transaction) -> dict[str, Inherited]:
    """Return the ids that articles bear and have not taken over: as after a move back."""
    unclaimed = inherited.c.article.is_(None) & _BORNE
    rows = (Inherited(*row) for row in tx.execute(select(*_COLUMNS).where(unclaimed)))
    return {one.uid: one for one in rows}


def addresses(tx: Transaction) -> list[str]:
    """Return the addresses of all ids, taken over or not."""
    return list(tx.scalars(select(inherited.c.address)))


def is_empty(tx: Transaction) -> bool:
    """Whether nothing was ever inherited."""
    return tx.execute(select(inherited.c.uid).limit(1)).first() is None


def heirs(tx: Transaction) -> set[int]:
    """Return the articles that took over an id."""
    return set(tx.scalars(select(inherited.c.article).where(inherited.c.article.is_not(None))))


def take(tx: Transaction, uid: str, article_id: int) -> None:
    """Note which article took over an id."""
    tx.execute(update(inherited).where(inherited.c.uid == uid).values(article=article_id))


def left(tx: Transaction) -> int:
    """Count the ids that wait for their article."""
    number = select(func.count()).select_from(inherited).where(inherited.c.article.is_(None))
    return tx.scalar(number) or 0
