"""Bundles of published files that stood as they were planned: what of them need not be planned again."""

from collections.abc import Sequence

from msgspec.json import Decoder, encode
from sqlalchemy import delete, select

from syndicate.store import outputs
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.schema.content import bundle
from syndicate.store.statement import Statement
from syndicate.store.upsert import upsert_many

Sizes = tuple[str, int, int | None, int | None]
_SIZES = Decoder(list[Sizes])
_FILES = Statement("SELECT files FROM bundle WHERE name = :name")


def known(tx: Transaction) -> dict[str, str]:
    """Return what each bundle was planned from, by its name."""
    return {row.name: row.inputs for row in tx.execute(select(bundle.c.name, bundle.c.inputs))}


def files(tx: Transaction, name: str) -> list[Sizes]:
    """Return the files of a bundle that is known, as `outputs.sizes` does."""
    ((text,),) = _FILES(tx, {"name": name}).fetchall()
    return _SIZES.decode(text)


def save(tx: Transaction, planned: Sequence[tuple[str, str, Sequence[str]]]) -> None:
    """Note bundles of which all files stand: the name, the inputs and the paths of each."""
    for some in batches(planned):
        rows = [
            {
                "name": name,
                "inputs": inputs,
                "files": encode(outputs.sizes(tx, paths)).decode(),
            }
            for name, inputs, paths in some
        ]
        upsert_many(tx, bundle, rows, keys=("name",))


def forget(tx: Transaction, names: Sequence[str]) -> None:
    """Forget bundles: their files are made anew, or are planned no more."""
    for some in batches(names):
        tx.execute(delete(bundle).where(bundle.c.name.in_(some)))
