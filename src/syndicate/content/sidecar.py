"""Sidecars: `PAGE.toml` beside a page, PAGE being its whole name (docs/pages.md)."""

import os
import stat
from pathlib import Path

from syndicate.errors import PageRefused

ENDING = ".toml"
_LIMIT = 262_144  # bytes; metadata are a few lines


def mark(page: Path) -> tuple[int, int]:
    """Return size and time (ns) of a page's sidecar, zeros if it has none: at most one stat."""
    try:
        status = os.lstat(f"{page}{ENDING}")
    except OSError:
        return 0, 0
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else (0, 0)


def read(page: Path, path: str) -> bytes | None:
    """Return what a page's sidecar holds, None if it has none.

    Raises PageRefused, naming the sidecar. A link is not followed: it could lead anywhere.
    """
    file = Path(f"{page}{ENDING}")
    try:
        status = os.lstat(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = f"cannot be read ({error.strerror}). Make it readable for this user"
        raise PageRefused(f"{path}: its sidecar {path}{ENDING} {reason}.") from None
    if not stat.S_ISREG(status.st_mode):
        reason = "is not a regular file. Put one in its place, or remove it"
    elif status.st_size > _LIMIT:
        reason = f"is larger than {_LIMIT:,} bytes. Shorten it"
    else:
        try:
            return file.read_bytes()
        except OSError as error:
            reason = f"cannot be read ({error.strerror}). Make it readable for this user"
    raise PageRefused(f"{path}: its sidecar {path}{ENDING} {reason}.")
