import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex

from syndicate.store import migrate
from syndicate.store.database import Store, StoreError, open_store
from syndicate.store.schema.every import metadata


def test_the_declared_tables_are_made(store: Store) -> None:
    with store.writer.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_new_file_has_the_tables_that_all_migrations_make(tmp_path: Path) -> None:
    def tables(name: str, make: Callable[[Store], None]) -> dict[str, list[str]]:
        with closing(open_store(f"sqlite:///{tmp_path / name}")) as store:
            make(store)
            assert migrate.inspect(store).current
            with store.read() as tx:
                made = tx.execute(text("SELECT name, coalesce(sql, '') FROM sqlite_master")).all()
        return {name: sorted(line.strip(" \t,") for line in sql.splitlines()) for name, sql in made}

    def at_once(store: Store) -> None:
        for _ in range(2):
            migrate._make(store, migrate.revisions()[-1])

    assert tables("made.db", at_once) == tables("migrated.db", migrate._migrate)


def test_indexes_of_some_rows_are_declared_and_made_with_their_conditions(store: Store) -> None:
    dialect = store.url.get_backend_name()
    declared = {
        index.name: "where" in str(CreateIndex(index).compile(dialect=store.writer.dialect)).lower()
        for table in metadata.tables.values()
        for index in table.indexes
    }
    with store.read() as tx:
        looking = inspect(tx)
        made = {
            index["name"]: f"{dialect}_where" in index.get("dialect_options", {})
            for table in metadata.tables
            for index in looking.get_indexes(table)
        }
    assert {name: made[name] for name in declared} == declared
    assert [*declared.values()].count(True) == 7


def test_a_file_is_opened_without_loading_anything_of_postgresql(tmp_path: Path) -> None:
    script = (
        "import sys; from syndicate.store.database import open_store; "
        f"open_store('sqlite:///{tmp_path / 'a.db'}').close(); "
        "print(*(name for name in sys.modules if 'postgresql' in name or 'asyncpg' in name))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert loaded.stdout.split() == []


def test_every_sqlite_table_is_strict(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    migrate.upgrade(store)
    with store.read() as tx:
        names = set(tx.scalars(text("SELECT name FROM pragma_table_list WHERE strict = 1")))
    store.close()
    assert names == set(metadata.tables)


def test_the_files_of_migrations_are_named_by_their_revisions() -> None:
    scripts = ScriptDirectory(Path(migrate.__file__).with_name("migrations"))
    walked = [one.revision for one in scripts.walk_revisions()]
    assert migrate.revisions() == walked[::-1]


def test_migrating_twice_changes_nothing(store: Store) -> None:
    assert migrate.upgrade(store).current


def test_the_reading_engine_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), store.read() as tx:
        tx.execute(text("INSERT INTO newsletter (name, last_seq, created) VALUES ('a', 0, 0)"))


def test_connections_are_let_go_unless_one_is_in_use(store: Store) -> None:
    with store.read() as tx:
        assert not store.let_go()
        assert tx.scalar(text("SELECT 1")) == 1
    assert store.let_go()
    assert [
        one.pool.status().count("Connections in pool: 0") for one in (store.writer, store.reader)
    ] == [1, 1]
    with store.write() as tx:
        assert tx.scalar(text("SELECT 1")) == 1
        assert not store.let_go()


def test_a_writing_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def insert_twice() -> None:
        with store.write() as tx:
            for _ in range(2):
                tx.execute(
                    text("INSERT INTO newsletter (name, last_seq, created) VALUES ('a', 0, 0)")
                )

    with pytest.raises(DBAPIError):
        insert_twice()
    with store.read() as tx:
        assert tx.scalar(text("SELECT COUNT(*) FROM newsletter")) == 0


def test_a_schema_of_a_newer_release_is_refused_and_left_alone(store: Store) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="9999, which is newer"):
        migrate.upgrade(store)


def test_a_database_of_an_older_schema_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    store = open_store(f"sqlite:///{file}")
    migrate.upgrade(store)
    with store.write() as tx:  # as an older release would have left it, tables and all
        for table in reversed(metadata.sorted_tables):
            tx.execute(text(f"DROP TABLE {table.name}"))
        tx.execute(text("DELETE FROM alembic_version"))
        tx.execute(text("CREATE TABLE kept (what TEXT)"))
        tx.execute(text("INSERT INTO kept VALUES ('everything')"))
    copy = tmp_path / "copy.db"
    migrate.copy_sqlite(file, copy)
    store.close()
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT what FROM kept").fetchall() == [("everything",)]
    connection.close()


def test_an_unknown_database_driver_is_refused_with_the_way_to_get_it() -> None:
    with pytest.raises(StoreError, match="install"):
        open_store("postgresql+psycopg2://localhost/none")


def test_foreign_keys_are_enforced(store: Store) -> None:
    with pytest.raises(DBAPIError), store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO consent (subscription, at, kind, source, evidence) VALUES (7, 0, '', '', '')"
            )
        )
