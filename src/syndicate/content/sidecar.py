"""Sidecars: `PAGE.toml` beside a page, PAGE being its whole name (docs/pages.md)."""

import os
import stat
from errno import ENAMETOOLONG
from pathlib import Path

from syndicate.content.opening import AstrayError, read_within
from syndicate.errors import PageRefused

ENDING = ".toml"
_LIMIT = 262_144  # bytes; metadata are a few lines


def mark(page: str | Path) -> tuple[int, int]:
    """Return size and time (ns) of a page's sidecar, zeros if it has none: at most one stat."""
    try:
        status = os.lstat(f"{page}{ENDING}")
    except OSError:
        return 0, 0
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else (0, 0)


def read(page: str | Path, root: Path, path: str) -> bytes | None:
    """Return what a page's sidecar below `root` holds, None if it has none.

    Raises PageRefused, naming the sidecar. A link is not followed: it could lead anywhere.
    """
    file = f"{page}{ENDING}"
    try:
        if not stat.S_ISLNK(os.lstat(file).st_mode):
            return read_within(file, root, _LIMIT)[0]
        reason = "a link is not followed: copy the file instead"
    except FileNotFoundError:
        return None
    except AstrayError as error:
        reason = str(error)
    except OSError as error:
        if error.errno == ENAMETOOLONG:  # then there is none
            return None
        reason = f"it cannot be read ({error.strerror}): make it readable for this user"
    raise PageRefused(f"{path}: its sidecar {path}{ENDING}: {reason}.")
