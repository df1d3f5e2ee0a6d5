"""Bringing a database to the schema of this release (Alembic, forward only)."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from syndicate.store import private
from syndicate.store.database import Store, StoreError


@dataclass(frozen=True, slots=True)
class Schema:
    """The revision a database has (None: empty) and the one that this release works with."""

    found: str | None
    wanted: str

    @property
    def current(self) -> bool:
        """Whether nothing has to be done."""
        return self.found == self.wanted


def inspect(store: Store) -> Schema:
    """Read which schema the database has; one of a newer release is refused."""
    scripts = ScriptDirectory.from_config(_config())
    wanted = scripts.get_current_head()
    assert wanted is not None
    with store.writer.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"The database has schema {found}, which is newer than this release of syndicate knows "
            f"(up to {wanted}). Nothing was changed. Install the newer release again."
        )
    return Schema(found, wanted)


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
    config = _config()
    with store.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before


def copy_sqlite(database: Path, target: Path) -> None:
    """Copy a database whole, also while others write to it."""
    private.make(target)
    source, copy = sqlite3.connect(database), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    return config
