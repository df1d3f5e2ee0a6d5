"""INSERT ... ON CONFLICT, spelled alike on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from syndicate.store.database import Transaction


def upsert(
    tx: Transaction, table: Table, values: Mapping[str, Any], keys: Sequence[str]
) -> Executable:
    """Insert a row, or update the one of the same `keys`."""
    statement = _insert(tx, table).values(**values)
    changes = {name: value for name, value in values.items() if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changes)


def insert_new(tx: Transaction, table: Table, values: Mapping[str, Any]) -> Executable:
    """Insert a row unless an equal one is there."""
    return _insert(tx, table).values(**values).on_conflict_do_nothing()


def _insert(tx: Transaction, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)
