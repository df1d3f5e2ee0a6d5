"""INSERT ... ON CONFLICT, spelled alike on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite

from syndicate.store.database import Transaction


def upsert(tx: Transaction, table: Table, values: Mapping[str, Any], keys: Sequence[str]) -> None:
    """Insert a row, or change the one of the same `keys`."""
    changes = {name: value for name, value in values.items() if name not in keys}
    statement = _insert(tx, table).values(**values)
    tx.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changes))


def upsert_many(
    tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]], keys: Sequence[str]
) -> None:
    """Insert rows of the same columns, or change those of the same `keys`."""
    if not rows:
        return
    statement = _insert(tx, table)
    changes = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    tx.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changes), list(rows))


def insert_new(tx: Transaction, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of the same key is there; whether it was new."""
    statement = _insert(tx, table).values(**values).on_conflict_do_nothing()
    return bool(tx.execute(statement.returning(*table.primary_key)).fetchall())


def insert_many(
    tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]], **same: ColumnElement[Any]
) -> None:
    """Insert rows unless one of the same key is there; `same` are columns computed for each."""
    statement = _insert(tx, table).on_conflict_do_nothing()
    tx.execute(statement.values(**same) if same else statement, list(rows))


def _insert(tx: Transaction, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)
