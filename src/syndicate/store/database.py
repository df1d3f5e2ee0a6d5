"""Opening the database: one engine that writes, one that can only read (ARCHITECTURE.md, "Store").

SQLite: WAL with `synchronous=FULL`, since NORMAL may undo a committed send intent on power loss.
A deferred BEGIN that turns into a write fails at once when another writer is active, so that every
writing transaction begins IMMEDIATE.
"""

import atexit
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakSet

from msgspec import Struct
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from syndicate.errors import SyndicateError
from syndicate.store import private

SQLITE_FLOOR = (3, 40, 0)  # RETURNING, STRICT and UPSERT are whole from here on
BUSY_TIMEOUT_S = 60  # a freeze of a million holds the write lock for about 10 s
IDLE_LIMIT_S = 60  # a transaction may be idle for as long as a lease lasts

Transaction = Connection


class StoreError(SyndicateError):
    """The database cannot be used as it is."""


_ENGINES = WeakSet[Engine]()


@atexit.register
def _end() -> None:
    """Close what is still open when the program ends: else SQLite leaves in its log what its file lacks."""
    for one in list(_ENGINES):
        one.dispose()


class Store(Struct, frozen=True):
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
        with self.writing() as write, write() as tx:
            yield tx

    def rehearsal(self) -> "Store":
        """Return this database with a `write()` that keeps nothing: to see what something would do."""
        return Rehearsal(self.url, self.writer, self.reader)

    @contextmanager
    def writing(self) -> Iterator[Callable[[], AbstractContextManager[Transaction]]]:
        """Hold one connection for many writing transactions, each as `write()` opens it.

        To take one from the pool and to give it back costs as much as the statements of a few rows.
        """
        with self.writer.connect() as connection:
            yield partial(self._transaction, connection)

    @contextmanager
    def _transaction(self, connection: Connection) -> Iterator[Transaction]:
        try:
            with connection.begin():
                yield connection
        except BaseException:
            if not connection.invalidated:
                connection.connection.rollback()  # where it was the commit that failed
            raise

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction that cannot write."""
        with self.reader.begin() as tx:
            yield tx

    def let_go(self) -> bool:
        """Close all connections unless one is in use; whether a process may be forked: none is open then.

        SQLite keeps what it knows of a file's locks in the process, and a fork would believe them its own.
        """
        pools: list[Any] = [self.writer.pool, self.reader.pool]
        if any(one.checkedout() for one in pools):
            return False
        self.close()
        return True

    def close(self) -> None:
        """Give all connections back."""
        self.writer.dispose()
        self.reader.dispose()


class Rehearsal(Store, frozen=True):
    """A database whose writing transactions are undone at their end."""

    @contextmanager
    def _transaction(self, connection: Connection) -> Iterator[Transaction]:
        with connection.begin() as begun:
            yield connection
            begun.rollback()


def open_store(url: str) -> Store:
    """Open the database at `url` (SQLAlchemy's form; `sqlite:///PATH` or `postgresql+psycopg://...`).

    The text of an error holds no parameters: they may be addresses, and errors go to the log.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("The database's address cannot be read: see database.url.") from None
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    try:
        writer = create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
        reader = create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"The database {parsed.get_backend_name()} needs the module {error.name}: "
            "install syndicate with its extra, pip install 'syndicate[postgresql]'."
        ) from None
    from syndicate.store.schema.every import tell_postgresql  # noqa: PLC0415 - all tables

    tell_postgresql()
    event.listen(reader, "begin", _begin_read_only)
    event.listen(writer, "connect", _limit_idleness)
    for engine in (writer, reader):
        event.listen(engine, "handle_error", _explain_server)
    return _opened(parsed, writer, reader)


def _limit_idleness(connection: Any, _record: object) -> None:
    """Let the server end a transaction whose process sleeps: others wait for what it has locked."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_LIMIT_S}s'")
    connection.commit()


def _begin_read_only(connection: Connection) -> None:
    """Show all of it as it was at first, as SQLite does: files are planned by many statements."""
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _open_sqlite(url: URL) -> Store:
    if sqlite3.sqlite_version_info < SQLITE_FLOOR:
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} is too old: 3.40 is the oldest that keeps what is promised. "
            "Use a newer Python or system package."
        )
    if not url.database or url.database == ":memory:":
        raise StoreError(
            "A database in memory forgets who was mailed: name a file in database.url."
        )
    try:
        private.make(Path(url.database))
    except OSError as error:
        raise StoreError(
            f"The database {url.database} cannot be made ({error.strerror})."
        ) from None
    arguments = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    writer = create_engine(url, connect_args=arguments, hide_parameters=True)
    reading = {_READS: True}
    reader = create_engine(
        url, connect_args=arguments, hide_parameters=True, execution_options=reading
    )
    event.listen(writer, "connect", _connect_writer)
    event.listen(writer, "begin", _begin_immediate)
    event.listen(reader, "connect", _connect_reader)
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    for engine in (writer, reader):
        event.listen(engine, "handle_error", _explain_file)
    return _opened(url, writer, reader)


def _opened(url: URL, writer: Engine, reader: Engine) -> Store:
    _ENGINES.update((writer, reader))
    return Store(url, writer, reader)


_READS = "reads"  # an engine's option: it may not write
_BROKEN = {
    sqlite3.SQLITE_CORRUPT: "is damaged. Put back your newest copy of it",
    sqlite3.SQLITE_NOTADB: "is no SQLite database, or damaged. Put back your newest copy of it",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. See who owns it and its folder",
    sqlite3.SQLITE_READONLY: "cannot be written. See who owns it and its folder, and run as that user",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Make room",
    sqlite3.SQLITE_IOERR: "cannot be read or written: see the disk",
    sqlite3.SQLITE_BUSY: f"was held by another process for {BUSY_TIMEOUT_S} seconds. Try again",
}


def _explain_file(context: ExceptionContext) -> None:
    """Put a plain line for what an operator can mend; the program's own mistakes stay as they are."""
    if context.engine and (trouble := _of_file(context.engine, context.original_exception)):
        raise trouble


def _of_file(engine: Engine, error: BaseException) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_READONLY and engine.get_execution_options().get(_READS):
        return None  # a write inside `read`
    broken = _BROKEN.get(code & 0xFF)  # without its details
    return StoreError(f"The database {engine.url.database} {broken}.") if broken else None


def _explain_server(context: ExceptionContext) -> None:
    """Put a plain line for a server that does not answer, or no longer."""
    if context.engine and (context.connection is None or context.is_disconnect):
        raise _of_server(context.engine.url, context.original_exception)


def _of_server(url: URL, error: BaseException) -> StoreError:
    reason = str(error).strip().partition("\n")[0]
    place = f"{url.host or 'this machine'}/{url.database or ''}"
    return StoreError(f"The database at {place} does not answer: {reason}")


def explained(tx: Transaction, error: Exception) -> Exception:
    """Return what to raise for a driver's error that SQLAlchemy has not seen."""
    if tx.dialect.name == "sqlite":
        return _of_file(tx.engine, error) or error
    driver: Any = tx.connection.driver_connection
    if tx.dialect.is_disconnect(error, driver, None):  # type: ignore[arg-type]
        tx.invalidate(error)  # nobody gets this connection again
        return _of_server(tx.engine.url, error)
    return error


def _begin_immediate(connection: Connection) -> None:
    """By the driver: once a group of letters, SQLAlchemy's own way costs more than all the rest."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise explained(connection, error) from error


def _connect_writer(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _connect_reader(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")
