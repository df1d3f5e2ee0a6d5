"""Bringing a database to the schema of this release (Alembic, forward only)."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import sqlalchemy
from msgspec import Struct
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    select,
)

from syndicate.store import private
from syndicate.store.database import Store, StoreError

_SCRIPTS = Path(__file__).with_name("migrations")
_VERSION = Table(  # as Alembic makes it
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


class Schema(Struct, frozen=True):
    """The revision a database has (None: empty) and the one that this release works with."""

    found: str | None
    wanted: str

    @property
    def current(self) -> bool:
        """Whether nothing has to be done."""
        return self.found == self.wanted


def inspect(store: Store) -> Schema:
    """Read which schema the database has; one of a newer release is refused."""
    known = revisions()
    wanted = known[-1]
    with store.writer.connect() as connection:
        found = _found(connection)
    if found is not None and found not in known:
        raise StoreError(
            f"The database has schema {found}, which is newer than this release of syndicate knows "
            f"(up to {wanted}). Nothing was changed. Install the newer release again."
        )
    return Schema(found, wanted)


def revisions() -> list[str]:
    """Return the revisions of this release, oldest first: the name of each one's file begins with it.

    Every command asks; to load Alembic for it would double the time that a short one takes.
    """
    return sorted(file.name.partition("_")[0] for file in (_SCRIPTS / "versions").glob("[0-9]*.py"))


def _found(connection: Connection) -> str | None:
    if not sqlalchemy.inspect(connection).has_table(_VERSION.name):
        return None
    return connection.scalar(select(_VERSION.c.version_num))


def require_embedded(store: Store, schema: Schema) -> None:
    """Refuse to migrate a shared database by the way: other machines may still run the old release."""
    if not store.embedded:
        raise StoreError(
            f"The database has schema {schema.found}, this release wants {schema.wanted}. Stop every "
            "syndicate on all machines, back the database up, and run: syndicate migrate"
        )


def upgrade(store: Store, keep: Callable[[Path], Path] | None = None) -> Schema:
    """Migrate to this release's schema and return what was found before.

    An SQLite file that holds something is copied first, to the place that `keep` names for it.
    """
    before = inspect(store)
    if before.current:
        return before
    if store.embedded and before.found is not None and keep is not None and store.url.database:
        copy_sqlite(Path(store.url.database), keep(Path(store.url.database)))
    if store.embedded and before.found is None:
        _make(store, before.wanted)
    else:
        _migrate(store)
    return before


def _make(store: Store, version: str) -> None:
    """Make the tables of a new file at once, as all migrations would: Alembic takes six times as long.

    Of two who begin together, the second finds them made.
    """
    from syndicate.store.schema.every import metadata  # noqa: PLC0415 - most commands need some of it

    with store.writer.begin() as connection:
        if _found(connection) is None:
            metadata.create_all(connection, checkfirst=False)
            _VERSION.create(connection)
            connection.execute(insert(_VERSION).values(version_num=version))


def _migrate(store: Store) -> None:
    from alembic import command  # noqa: PLC0415 - rarely needed, and slow to load
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    with store.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def copy_sqlite(database: Path, target: Path) -> None:
    """Copy a database whole, also while others write to it."""
    private.make(target)
    source, copy = sqlite3.connect(database), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
