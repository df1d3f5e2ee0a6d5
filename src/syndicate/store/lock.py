"""One process at a time: a lock of the operating system, which a dead owner cannot keep."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import gethostname

from syndicate.store import private
from syndicate.store.database import StoreError


class LockedError(StoreError):
    """Another process does the same work; the message names it."""


@contextmanager
def only_one(file: Path, doing: str, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock `file` while the block runs; raise LockedError when another holds it.

    `wait` stands in line instead. The file names its owner, where somebody may want to know, and stays:
    to delete it would let two hold locks on different files of one name.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, private.MODE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(handle, 200).decode(errors="replace").strip() or "another process"
            raise LockedError(
                f"{doing} is already done by {owner}. Let it, or end that process first."
            ) from None
        if not wait:
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()} on {gethostname()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def only_sender(database: Path) -> Iterator[None]:
    """Be the one who may send from an SQLite file, or replace it; LockedError names who is."""
    with only_one(Path(f"{database.resolve()}.sending"), "sending"):
        yield
