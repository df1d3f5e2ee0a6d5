"""Copies of an SQLite file: made while others write to it, checked, and put in its place."""

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from syndicate.store.database import Store, StoreError
from syndicate.store.lock import LockedError
from syndicate.store.marks import COPIED
from syndicate.store.migrate import copy_sqlite
from syndicate.store.types import to_micros

_LOGS = ("-wal", "-shm")
_MARK = "INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING"


def copy_checked(database: Path, target: Path) -> None:
    """Copy a database into one file, and check every page of it. Raises StoreError."""
    with _explained(target, f" of {database}"):
        copy_sqlite(database, target)
        with closing(_opened(target)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(f"{database} is damaged: {found}. Use an earlier copy of it.")


def mark_as_copy(file: Path, made: datetime) -> None:
    """Note in a copy that it is one, unless it knows, and flush it: it sends nothing until told."""
    with _explained(file):
        with closing(_opened(file)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute(_MARK, (COPIED, to_micros(made)))
        flush(file)


def release(database: Path) -> None:
    """Bring a database with its log into its one file.

    LockedError: another process has it open, and would write to it, or delete the log of the next
    one, after it was replaced. A damaged file stays as it is.
    """
    try:
        with closing(_opened(database)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise LockedError(
                f"Another process has {database} open. End every syndicate of this publication first "
                "(run, deliver, build, status --watch)."
            ) from None


def put_in_place(new: Path, database: Path, aside: Path) -> bool:
    """Let `new` be the database from now on, and the old one, if there is one, be `aside`.

    At no moment is there no database. Whether there was an old one.
    """
    there = database.exists()
    for ending in _LOGS:  # of a damaged or missing one: they would be read into the new
        with suppress(FileNotFoundError):
            Path(f"{database}{ending}").rename(f"{aside}{ending}")
    if there:
        _keep(database, aside)
    new.replace(database)
    flush(database.parent)
    return there


def _keep(database: Path, aside: Path) -> None:
    try:
        aside.hardlink_to(database)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        database.rename(aside)


def flush(path: Path) -> None:
    """Wait until a file or a folder's list of names is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def dump_command(store: Store, file: Path) -> str:
    """Return the command that copies a PostgreSQL database; it names no password."""
    return shlex.join(
        ["pg_dump", *_place(store), "--format=custom", f"--file={file}", _name(store)]
    )


def load_command(store: Store, file: Path) -> str:
    """Return the command that puts such a copy back."""
    options = ("--clean", "--if-exists", "--single-transaction", f"--dbname={_name(store)}")
    return shlex.join(["pg_restore", *_place(store), *options, str(file)])


def _place(store: Store) -> list[str]:
    url = store.url
    values = {
        "host": url.host or url.query.get("host"),
        "port": url.port,
        "username": url.username,
    }
    return [f"--{name}={value}" for name, value in values.items() if value]


def _name(store: Store) -> str:
    return store.url.database or "postgres"


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None)


@contextmanager
def _explained(file: Path, of: str = "") -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"The copy {file}{of} cannot be made ({error}). Nothing was changed: see the disk, and the "
            "file that is copied."
        ) from None
