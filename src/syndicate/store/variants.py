"""Variants: what one group of readers gets in an edition, and its serialised letter."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import insert, select, update

from syndicate.model import Item, ItemKind
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import edition, variant, variant_item


class VariantRow(Struct, frozen=True):
    """A variant without its letter. `html_size` in bytes, None until it is rendered.

    `withdrawn` counts the articles in it that were taken down.
    """

    id: int
    edition_id: int
    hash: str
    language: str
    depth: str
    html_size: int | None
    withdrawn: int


_COLUMNS = (
    variant.c.id,
    variant.c.edition,
    variant.c.hash,
    variant.c.language,
    variant.c.depth,
    variant.c.html_size,
    variant.c.withdrawn,
)


def add(
    tx: Transaction,
    edition_id: int | None,
    digest: str,
    language: str,
    depth: str,
    items: Sequence[Item],
) -> int:
    """Insert a variant with its items and return its number."""
    values = {
        "edition": edition_id,
        "hash": digest,
        "language": language,
        "depth": depth,
        "reference": 0,
        "withdrawn": 0,
    }
    key = tx.execute(insert(variant).values(**values)).inserted_primary_key
    assert key is not None
    number = int(key[0])
    if items:
        tx.execute(
            insert(variant_item),
            [
                {
                    "variant": number,
                    "position": position,
                    "article": item.article_id,
                    "revision": item.revision,
                    "part": item.part,
                    "kind": item.kind.value,
                }
                for position, item in enumerate(items)
            ],
        )
    return number


def refer(tx: Transaction, variant_id: int) -> None:
    """Let the edition's web page show this variant."""
    tx.execute(update(variant).where(variant.c.id == variant_id).values(reference=1))


def of_edition(tx: Transaction, edition_id: int) -> list[VariantRow]:
    """Return an edition's variants."""
    rows = tx.execute(
        select(*_COLUMNS).where(variant.c.edition == edition_id).order_by(variant.c.id)
    )
    return [VariantRow(*row) for row in rows]


def unrendered(tx: Transaction, newsletters: Sequence[str]) -> list[VariantRow]:
    """Return the variants of these newsletters' started editions that have no letter yet."""
    rows = tx.execute(
        select(*_COLUMNS)
        .join(edition, edition.c.id == variant.c.edition)
        .where(
            variant.c.stencil.is_(None),
            edition.c.state.in_(("sending", "paused")),
            edition.c.newsletter.in_(newsletters),
        )
        .order_by(variant.c.id)
    )
    return [VariantRow(*row) for row in rows]


def reference(tx: Transaction, edition_id: int) -> VariantRow | None:
    """Return the variant that the edition's web page shows."""
    row = tx.execute(
        select(*_COLUMNS).where(variant.c.edition == edition_id, variant.c.reference == 1)
    ).first()
    return VariantRow(*row) if row else None


def items(tx: Transaction, variant_id: int) -> list[Item]:
    """Return what a variant holds, in the order shown."""
    rows = tx.execute(
        select(
            variant_item.c.article,
            variant_item.c.revision,
            variant_item.c.part,
            variant_item.c.kind,
        )
        .where(variant_item.c.variant == variant_id)
        .order_by(variant_item.c.position)
    )
    return [Item(*row[:3], ItemKind(row[3])) for row in rows]


def articles_of(tx: Transaction, edition_id: int) -> set[int]:
    """Return the articles of all variants of an edition."""
    rows = tx.scalars(
        select(variant_item.c.article)
        .join(variant, variant.c.id == variant_item.c.variant)
        .where(variant.c.edition == edition_id)
    )
    return set(rows)


def save_stencil(tx: Transaction, variant_id: int, stencil: bytes, html_size: int) -> None:
    """Store a variant's letter, once: its bytes never change after."""
    tx.execute(
        update(variant)
        .where(variant.c.id == variant_id, variant.c.stencil.is_(None))
        .values(stencil=stencil, html_size=html_size)
    )


def stencil(tx: Transaction, variant_id: int) -> bytes:
    """Return a variant's serialised letter."""
    found = written(tx, variant_id)
    assert found is not None, "a row is claimed only when its variant is rendered"
    return found


def written(tx: Transaction, variant_id: int) -> bytes | None:
    """Return a variant's serialised letter, None while it is not rendered."""
    found = tx.scalar(select(variant.c.stencil).where(variant.c.id == variant_id))
    return None if found is None else bytes(found)
