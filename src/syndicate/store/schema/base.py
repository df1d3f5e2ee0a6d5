"""What every table shares: one metadata, STRICT on SQLite, short column spellings."""

from typing import TypeVar

from sqlalchemy import Column, ForeignKey, MetaData, Table
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from syndicate.store.types import Int

T = TypeVar("T")

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


def key() -> Column[int]:
    """Declare a number that the database gives."""
    return Column("id", Int, primary_key=True, autoincrement=True)


def ref(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """Declare a reference to another table's `id`."""
    return Column(name, Int, ForeignKey(f"{target}.id"), nullable=nullable)


def col(name: str, kind: type[TypeEngine[T]] | TypeEngine[T], *, null: bool = False) -> Column[T]:
    """Declare a column, not null unless said."""
    return Column(name, kind, nullable=null)
