"""What every table shares: one metadata, STRICT on SQLite, short column spellings."""

from typing import TypeVar

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, TextClause
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from syndicate.store.types import Int

T = TypeVar("T")
_PARTIAL: list[tuple[Index, TextClause]] = []

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *items: SchemaItem) -> Table:
    """Declare a table."""
    return Table(name, metadata, *items, sqlite_strict=True)


def partial_index(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    """Declare an index of the rows that a condition holds for."""
    index = Index(name, *columns, unique=unique, sqlite_where=where)
    _PARTIAL.append((index, where))
    return index


def tell_postgresql() -> None:
    """Say the conditions to PostgreSQL, too, once it is used.

    To name them before would load its dialect and all of its drivers, a sixth of a short command.
    """
    for index, where in _PARTIAL:
        index.dialect_kwargs["postgresql_where"] = where


def key() -> Column[int]:
    """Declare a number that the database gives."""
    return Column("id", Int, primary_key=True, autoincrement=True)


def ref(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """Declare a reference to another table's `id`."""
    return Column(name, Int, ForeignKey(f"{target}.id"), nullable=nullable)


def col(name: str, kind: type[TypeEngine[T]] | TypeEngine[T], *, null: bool = False) -> Column[T]:
    """Declare a column, not null unless said."""
    return Column(name, kind, nullable=null)
