"""Files that hold readers' addresses, or what sending depends on: for their owner alone."""

import os
from contextlib import suppress
from pathlib import Path

MODE = 0o600


def opener(path: str, flags: int) -> int:
    """Open a file for `open(..., opener=)`; one that is made is its owner's alone, whatever the umask."""
    return os.open(path, flags, MODE)


def make(file: Path) -> None:
    """Make an empty file unless it is there. Raises OSError.

    One that is there is not opened: to close it would drop the locks that SQLite holds on it for
    this process (sqlite.org/howtocorrupt.html, 2.2).
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, MODE))


def is_open_to_others(file: Path) -> bool:
    """Whether others than its owner may read or write a file; one that is not there is closed."""
    try:
        return bool(file.stat().st_mode & 0o077)
    except FileNotFoundError:
        return False
