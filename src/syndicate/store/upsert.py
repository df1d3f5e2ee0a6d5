"""INSERT ... ON CONFLICT, spelled alike on both databases."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import sqlite

from syndicate.store.database import Transaction
from syndicate.store.statement import Statement

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def upsert(tx: Transaction, table: Table, values: Mapping[str, Any], keys: Sequence[str]) -> None:
    """Insert a row, or change the one of the same `keys`."""
    changes = {name: value for name, value in values.items() if name not in keys}
    statement = _insert(tx, table).values(**values)
    tx.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changes))


def upsert_many(
    tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]], keys: Sequence[str]
) -> None:
    """Insert rows of the same columns, or change those of the same `keys`."""
    if rows:
        quote = tx.dialect.identifier_preparer.quote
        changes = (f"{one} = excluded.{one}" for one in map(quote, rows[0]) if one not in keys)
        clause = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(changes)}"
        _hand_over(tx, table, rows, {}, clause)


def insert_all(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns."""
    _hand_over(tx, table, rows, {})


def insert_new(tx: Transaction, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of the same key is there; whether it was new."""
    statement = _insert(tx, table).values(**values).on_conflict_do_nothing()
    return bool(tx.execute(statement.returning(*table.primary_key)).fetchall())


def insert_many(
    tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]], **same: ColumnElement[Any]
) -> None:
    """Insert rows of the same columns unless one of the same key is there; `same` are computed for each."""
    _hand_over(tx, table, rows, same, "ON CONFLICT DO NOTHING")


def _hand_over(
    tx: Transaction,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    same: Mapping[str, ColumnElement[Any]],
    clause: str = "",
) -> None:
    """Hand rows to the driver.

    Lists of a million readers come this way, and thousands of articles: SQLAlchemy's own way with
    them costs more than the database's.
    """
    if not rows:
        return
    quote = tx.dialect.identifier_preparer.quote
    values = {name: f":{name}" for name in rows[0]} | {
        name: str(one.compile(dialect=tx.dialect, compile_kwargs={"literal_binds": True}))
        for name, one in same.items()
    }
    sql = (
        f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, values))}) "
        f"VALUES ({', '.join(values.values())}) {clause}"
    )
    writers = dict(_writers(tx, table, rows[0]))
    kept = [{**row, **{name: write(row[name]) for name, write in writers.items()}} for row in rows]
    Statement(sql).for_each(tx, kept if writers else rows)


def _writers(
    tx: Transaction, table: Table, names: Iterable[str]
) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Yield what turns the values of a column into what the database keeps, where that is not the same."""
    for name in names:
        if write := table.c[name].type.dialect_impl(tx.dialect).bind_processor(tx.dialect):
            yield name, write


def _insert(tx: Transaction, table: Table) -> "sqlite.Insert | postgresql.Insert":
    if tx.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - a thirtieth of a command's start

    return postgresql.insert(table)
