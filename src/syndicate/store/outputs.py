"""The manifest of published files."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from syndicate.store.database import Transaction
from syndicate.store.schema import output
from syndicate.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Output:
    """A published file: what it was made from (`inputs`), its SHA-256 and size in bytes."""

    path: str
    inputs: str
    digest: str
    size: int


def manifest(tx: Transaction) -> dict[str, Output]:
    """Return every published file by its path."""
    return {row.path: Output(*row) for row in tx.execute(select(output))}


def save(tx: Transaction, files: list[Output]) -> None:
    """Note files as published."""
    for one in files:
        values = {"path": one.path, "inputs": one.inputs, "digest": one.digest, "size": one.size}
        upsert(tx, output, values, keys=("path",))


def forget(tx: Transaction, paths: list[str]) -> None:
    """Note files as gone."""
    tx.execute(delete(output).where(output.c.path.in_(paths)))
