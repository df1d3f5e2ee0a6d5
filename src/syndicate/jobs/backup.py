"""Back up what a publication cannot make again, and put a backup back (DELIVERY.md, rule 8).

A backup is a folder that an operator can look into: the database in one checked file, the settings
and, if asked for, the secrets.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from syndicate.errors import SyndicateError
from syndicate.store import copies, fingerprint, migrate, private, witness
from syndicate.store.database import Store, open_store
from syndicate.store.lock import only_sender
from syndicate.store.witness import SendingHeldError

DATABASE = "syndicate.db"  # its name in a backup, whatever it is called where it is used
_STAMP = "%Y%m%dT%H%M%SZ"


class BackupRefused(SyndicateError):
    """A backup cannot be made here, or this is none."""


class Backup(Struct, frozen=True):
    """A backup that was made: its folder, the names of its files, their size in bytes."""

    folder: str
    files: tuple[str, ...]
    bytes: int
    taken: datetime


class Restored(Struct, frozen=True):
    """A database that was put in its place. `aside` is where the old one is, `held` why it does not send."""

    database: str
    aside: str | None
    held: str | None


def place_for(target: Path, name: str, now: datetime) -> Path:
    """Return the folder of a new backup: `target`, or a dated one in it if it is there.

    Raises BackupRefused.
    """
    place = target / f"{name}-{now:{_STAMP}}" if target.is_dir() else target
    if place.exists():
        raise BackupRefused(f"{place} is there already, and is not overwritten. Name another.")
    if not place.parent.is_dir():
        raise BackupRefused(f"The folder {place.parent} is not there: make it first.")
    return place


def backup(database: Path, files: Mapping[str, Path], place: Path, now: datetime) -> Backup:
    """Copy a database, also while others write to it, and `files` by their names, into a new folder.

    The folder gets its name when all of it is on the disk. Raises StoreError, BackupRefused.
    """
    with _unfinished(place) as new:
        copies.copy_checked(database, new / DATABASE)
        copies.mark_as_copy(new / DATABASE, now)
        for name, file in files.items():
            _copy(file, new / name)
        copies.flush(new)
        found = sorted(new.iterdir())
        size = sum(one.stat().st_size for one in found)
        new.rename(place)
        copies.flush(place.parent)
    return Backup(str(place), tuple(one.name for one in found), size, now)


@contextmanager
def _unfinished(place: Path) -> Iterator[Path]:
    """Yield a folder beside `place`, for our user alone; what is left of it at the end is removed."""
    try:
        new = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
        try:
            yield new
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise BackupRefused(
            f"The backup {place} cannot be made ({error.strerror}): {error.filename or place.parent}. "
            "Choose another folder."
        ) from None


def _copy(file: Path, target: Path) -> None:
    with open(target, "xb", opener=private.opener) as copy:
        copy.write(file.read_bytes())
        copy.flush()
        os.fsync(copy.fileno())


def restore(
    source: Path, database: Path, folder: Path, key: str, now: datetime, *, replace: bool
) -> Restored:
    """Put the database of a backup (its folder, or an SQLite file) in the place of `database`.

    `key` is the fingerprint of the hash key in use. The old database is kept under a dated name, and
    the witness is left alone: it tells that this is an old copy. Raises BackupRefused, LockedError,
    StoreError; then nothing was changed.
    """
    copy, database = database_in(source), database.resolve()
    if database.exists() and not replace:
        raise BackupRefused(
            f"There is a database already: {database}. With --yes it is kept under a dated name, and "
            "the backup takes its place."
        )
    new, aside = (
        database.with_name(f"{database.name}.{word}-{now:{_STAMP}}") for word in ("new", "before")
    )
    try:
        with only_sender(database):
            made = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
            copies.copy_checked(copy, new)
            _prepare(new, copy, key)
            copies.mark_as_copy(new, made)
            if database.exists():
                copies.release(database)
            was_there = copies.put_in_place(new, database, aside)
    except OSError as error:
        raise BackupRefused(
            f"{source} cannot be put back ({error.strerror}): {error.filename or database}."
        ) from None
    finally:
        for ending in ("", "-wal", "-shm"):
            Path(f"{new}{ending}").unlink(missing_ok=True)
    return Restored(str(database), str(aside) if was_there else None, _held(database, folder))


def database_in(source: Path) -> Path:
    """Return the database of a backup, given as its folder or as the SQLite file. Raises BackupRefused."""
    file = source / DATABASE if source.is_dir() else source
    if not file.is_file():
        raise BackupRefused(f"{source} is no backup: there is no file {file}.")
    return file


def _prepare(new: Path, copy: Path, key: str) -> None:
    """Bring a copy to the schema of this release, and make sure that it is a publication's, and ours."""
    store = _store(new)
    try:
        if migrate.inspect(store).found is None:
            raise BackupRefused(f"{copy} holds no publication.")
        migrate.upgrade(store)
        fingerprint.examine(store, key)
    finally:
        store.close()


def _held(database: Path, folder: Path) -> str | None:
    store = _store(database)
    try:
        witness.examine(store, folder)
    except SendingHeldError as error:
        return str(error)
    finally:
        store.close()
    return None


def _store(file: Path) -> Store:
    return open_store(f"sqlite:///{file}")
