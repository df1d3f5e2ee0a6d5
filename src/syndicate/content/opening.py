"""Read a file of a content directory, and nothing else: not even if it is replaced meanwhile."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
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
        if not _is_below(handle, file, root, status):
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


def _is_below(handle: int, file: str | Path, root: Path, opened: os.stat_result) -> bool:
    """Whether what was opened is what stands somewhere below the directory, wherever links lead by now."""
    start = f"{root}/".replace("//", "/")  # that of the system ends in one
    return any(
        place.startswith(start) and os.path.samestat(os.lstat(place), opened)
        for place in _places(handle, file)
    )


def _places(handle: int, file: str | Path) -> Iterator[str]:
    """Yield where an open file stands: as Linux tells at once, and as each folder above it does.

    Where case does not count, the system may write a folder otherwise than the directory is written.
    """
    with suppress(OSError):
        yield os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115 - asked of every page; a Path costs twice this
    yield os.path.realpath(file, strict=True)


def _too_large(size: int, limit: int) -> str:
    return (
        f"its {size:,} bytes are more than the {limit:,} allowed: split the page, or raise "
        "content.max_bytes"
    )
