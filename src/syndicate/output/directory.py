"""Files below the output directory: swapped in whole, and never a half of one to be seen.

Nothing is flushed to disk on purpose: everything here can be made again from the database.
"""

from contextlib import suppress
from pathlib import Path

from syndicate.errors import SyndicateError

_TEMPORARY = ".new"


class OutputRefused(SyndicateError):
    """The output directory cannot be written to."""


def prepare(root: Path) -> None:
    """Make the output directory unless it is there, or raise OutputRefused."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputRefused(
            f"{root}: output.directory cannot be made ({error.strerror}). Choose another, or take away what "
            "stands there."
        ) from None


def write(root: Path, path: str, data: bytes) -> bool:
    """Put a file in place by rename; False when the same bytes stand there already."""
    target = root / path
    with suppress(FileNotFoundError, NotADirectoryError):
        if target.stat().st_size == len(data) and target.read_bytes() == data:
            return False
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name[:80]}{_TEMPORARY}")
    try:
        new.write_bytes(data)
        new.replace(target)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    return True


def is_there(root: Path, path: str, size: int) -> bool:
    """Whether a file of that size stands in place."""
    try:
        return (root / path).stat().st_size == size
    except OSError:
        return False


def remove(root: Path, path: str) -> None:
    """Take a file away, and the directories that it leaves empty."""
    target = root / path
    target.unlink(missing_ok=True)
    for parent in target.parents:
        if parent == root:
            break
        with suppress(OSError):
            parent.rmdir()
