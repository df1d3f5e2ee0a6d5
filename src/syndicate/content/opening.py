"""Read a file of a content directory, and nothing else: not even if it is replaced meanwhile."""

import os
import stat
from pathlib import Path


class AstrayError(Exception):
    """What stands there is not to be read; the message says why and what to do."""


def read_within(file: str | Path, root: Path, limit: int) -> tuple[bytes, os.stat_result]:
    """Return what a regular file below `root` (resolved) holds, and its status while it was read.

    A link may lead to it, a pipe or device is not waited for, and more than `limit` bytes are never
    read. Raises AstrayError, or OSError.
    """
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise AstrayError("this is not a regular file: remove it")
        if not _is_below(_place(handle, file), root, status):
            raise AstrayError("this leads out of the content directory: copy the file instead")
        if status.st_size > limit:
            raise AstrayError(_too_large(status.st_size, limit))
        data = _all(handle, min(status.st_size, limit) + 1)
        if len(data) > limit:
            raise AstrayError(_too_large(len(data), limit))
        return data, os.fstat(handle)
    finally:
        os.close(handle)


def _all(handle: int, most: int) -> bytes:
    """Return what there is to be read, `most` bytes at most. A file object asks the system twice as much."""
    data = b""
    while len(data) < most and (more := os.read(handle, most - len(data))):
        data += more
    return data


def _place(handle: int, file: str | Path) -> str:
    """Return where an open file stands, wherever links led: Linux tells, else each folder has to be asked."""
    try:
        return os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115 - asked of every page; a Path costs twice this
    except OSError:
        return os.path.realpath(file, strict=True)


def _is_below(place: str, root: Path, opened: os.stat_result) -> bool:
    """Whether what was opened is what stands at a place, and that is below the directory."""
    below = place.startswith(f"{root}/".replace("//", "/"))  # that of the system ends in one
    return below and os.path.samestat(os.lstat(place), opened)


def _too_large(size: int, limit: int) -> str:
    return (
        f"its {size:,} bytes are more than the {limit:,} allowed: split the page, or raise "
        "content.max_bytes"
    )
