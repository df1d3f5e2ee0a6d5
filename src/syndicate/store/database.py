"""Opening the database: one engine that writes, one that can only read (ARCHITECTURE.md, "Store").

SQLite: WAL with `synchronous=FULL`, since NORMAL may undo a committed send intent on power loss.
A deferred BEGIN that turns into a write fails at once when another writer is active, so that every
writing transaction begins IMMEDIATE.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from syndicate.errors import SyndicateError

SQLITE_FLOOR = (3, 40, 0)  # RETURNING, STRICT and UPSERT are whole from here on
BUSY_TIMEOUT_S = 60  # a freeze of a million holds the write lock for about 10 s

Transaction = Connection


class StoreError(SyndicateError):
    """The database cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Store:
    """The database: `write()` and `read()` are its only doors, opened by jobs."""

    url: URL
    writer: Engine
    reader: Engine

    @property
    def embedded(self) -> bool:
        """Whether this is SQLite: one machine, one sending process."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a writing transaction; it is committed at the end, or undone by an exception."""
        with self.writer.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction that cannot write."""
        with self.reader.begin() as tx:
            yield tx

    def close(self) -> None:
        """Give all connections back."""
        self.writer.dispose()
        self.reader.dispose()


def open_store(url: str) -> Store:
    """Open the database at `url` (SQLAlchemy's form; `sqlite:///PATH` or `postgresql+psycopg://...`)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    try:
        writer = create_engine(parsed, pool_pre_ping=True)
        reader = create_engine(parsed, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"The database {parsed.get_backend_name()} needs the module {error.name}: "
            "install syndicate with its extra, pip install 'syndicate[postgresql]'."
        ) from None
    event.listen(reader, "begin", _begin_read_only)
    return Store(parsed, writer, reader)


def _begin_read_only(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _open_sqlite(url: URL) -> Store:
    if sqlite3.sqlite_version_info < SQLITE_FLOOR:
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} is too old: 3.40 is the oldest that keeps what is promised. "
            "Use a newer Python or system package."
        )
    arguments = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    writer = create_engine(url, connect_args=arguments)
    reader = create_engine(url, connect_args=arguments)
    event.listen(writer, "connect", _connect_writer)
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "connect", _connect_reader)
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return Store(url, writer, reader)


def _connect_writer(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _connect_reader(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")
