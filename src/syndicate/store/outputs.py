"""The manifest of published files."""

from dataclasses import asdict, dataclass

from sqlalchemy import delete, select

from syndicate.store.database import Transaction
from syndicate.store.schema import output
from syndicate.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Output:
    """A published file: what it was made from (`inputs`), its SHA-256, and its size in bytes.

    `br` and `gz` are the sizes of its compressed forms, where it has them.
    """

    path: str
    inputs: str
    digest: str
    size: int
    br: int | None = None
    gz: int | None = None


def manifest(tx: Transaction) -> dict[str, Output]:
    """Return every published file by its path."""
    return {row.path: Output(*row) for row in tx.execute(select(output))}


def save(tx: Transaction, files: list[Output]) -> None:
    """Note files as published."""
    for one in files:
        upsert(tx, output, asdict(one), keys=("path",))


def forget(tx: Transaction, paths: list[str]) -> None:
    """Note files as gone."""
    tx.execute(delete(output).where(output.c.path.in_(paths)))
