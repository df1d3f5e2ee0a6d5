"""The manifest of published files."""

import json
from collections.abc import Iterator, Sequence

from msgspec import Struct
from sqlalchemy import delete

from syndicate.model import Link, Piece
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.schema.content import output
from syndicate.store.statement import Statement
from syndicate.store.upsert import insert_many, upsert_many


class Output(Struct, frozen=True):
    """A published file: what it was made from (`inputs`), its SHA-256, and its size in bytes.

    `br` and `gz` are the sizes of its compressed forms, where it has them; `pieces` are the entries of a
    feed by what each was made from, `links` those of a page into the publication; the manifest leaves
    out both.
    """

    path: str
    inputs: str
    digest: str
    size: int
    br: int | None = None
    gz: int | None = None
    pieces: tuple[Piece, ...] = ()
    links: tuple[Link, ...] = ()


_SOME = Statement("SELECT path, inputs, digest, size, br, gz FROM output WHERE path IN :paths")


_PATHS = Statement("SELECT path FROM output")
_MADE = Statement("SELECT path FROM output WHERE size >= 0")
_SIZES = Statement("SELECT path, size, br, gz FROM output WHERE path IN :paths")
_PIECES = Statement("SELECT digest, pieces FROM output WHERE path = :path AND pieces IS NOT NULL")


def paths(tx: Transaction) -> Iterator[str]:
    """Yield the path of every file that may stand: published, or promised."""
    return (row[0] for row in _PATHS(tx, {}))


def made(tx: Transaction) -> Iterator[str]:
    """Yield the path of every published file."""
    return (row[0] for row in _MADE(tx, {}))


def sizes(tx: Transaction, paths: Sequence[str]) -> list[tuple[str, int, int | None, int | None]]:
    """Return those of these paths that are published, each with the sizes of the file and its forms."""
    return [(*row,) for row in _SIZES(tx, {"paths": paths}).fetchall()]


def some(tx: Transaction, wanted: Sequence[str]) -> dict[str, Output]:
    """Return the published files of these paths, by them."""
    return {row[0]: Output(*row) for row in _SOME(tx, {"paths": wanted}).fetchall()}


def pieces(tx: Transaction, path: str) -> tuple[str, tuple[Piece, ...]] | None:
    """Return the digest of a feed's file and the entries in it; None where nothing is known of either."""
    rows = _PIECES(tx, {"path": path}).fetchall()
    if not rows:
        return None
    ((digest, kept),) = rows
    return digest, tuple(Piece(*one) for one in json.loads(kept))


def promise(tx: Transaction, paths: Sequence[str]) -> None:
    """Note files that are to be made: such a one has no size yet (-1), and is as good as not there."""
    rows = [_values(Output(path, "", "", -1)) for path in paths]
    if rows:
        insert_many(tx, output, rows)


def save(tx: Transaction, files: Sequence[Output]) -> None:
    """Note files as published."""
    upsert_many(tx, output, [_values(one) for one in files], keys=("path",))


def _values(one: Output) -> dict[str, object]:
    known = json.dumps(one.pieces, separators=(",", ":")) if one.pieces else None
    return {
        "path": one.path,
        "inputs": one.inputs,
        "digest": one.digest,
        "size": one.size,
        "br": one.br,
        "gz": one.gz,
        "pieces": known,
    }


def forget(tx: Transaction, paths: list[str]) -> None:
    """Note files as gone."""
    for batch in batches(paths):
        tx.execute(delete(output).where(output.c.path.in_(batch)))
