"""The publication's own row: where its `tag:` URIs come from, and whether readers' view is behind."""

from datetime import date

from msgspec import Struct
from sqlalchemy import insert, select, update

from syndicate.store.database import Transaction
from syndicate.store.schema.content import publication


class Origin(Struct, frozen=True):
    """The authority and date of every `tag:` URI (RFC 4151), fixed when the first page came."""

    authority: str
    day: date


def origin(tx: Transaction) -> Origin | None:
    """Return the origin, or None before the first page."""
    row = tx.execute(select(publication.c.tag_authority, publication.c.tag_date)).first()
    return Origin(row.tag_authority, date.fromisoformat(row.tag_date)) if row else None


def fix_origin(tx: Transaction, authority: str, day: date) -> Origin:
    """Return the origin, fixing it if this is the first time."""
    known = origin(tx)
    if known:
        return known
    tx.execute(
        insert(publication).values(
            id=1, tag_authority=authority, tag_date=day.isoformat(), changed=0, published=0
        )
    )
    return Origin(authority, day)


def touch(tx: Transaction) -> None:
    """Note that something changed which readers could see."""
    tx.execute(update(publication).values(changed=publication.c.changed + 1))


def changes(tx: Transaction) -> int:
    """Return the count of changes that readers could see."""
    return tx.scalar(select(publication.c.changed)) or 0


def behind(tx: Transaction) -> int | None:
    """Return the count of changes that is yet to be published, or None when all is."""
    row = tx.execute(select(publication.c.changed, publication.c.published)).first()
    return row.changed if row and row.changed != row.published else None


def set_published(tx: Transaction, changed: int) -> None:
    """Note that all changes up to the count `changed` have been published."""
    tx.execute(update(publication).values(published=changed))
