"""Sidecars: `PAGE.toml` beside a page, PAGE being its whole name (docs/pages.md)."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from errno import ENAMETOOLONG
from pathlib import Path

from syndicate.content.opening import AstrayError, read_within
from syndicate.errors import PageRefused

ENDING = ".toml"
_LIMIT = 262_144  # bytes; metadata are a few lines


def is_meant(name: str) -> bool:
    """Whether a file may have been meant for a sidecar, by its name."""
    return name[-len(ENDING) :].lower() == ENDING


def alone(
    meant: set[str], names: Sequence[str], is_page: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Yield those of a directory's files `meant` for sidecars that are of no page, and what to do.

    They are the file of a page that is not there, or of one that is by nearly this name.
    """
    lone = meant - {f"{one}{ENDING}" for one in names} if meant else set[str]()
    pages = [one for one in names if is_page(one)] if lone else ()
    near = {name.casefold(): one for one in pages for name in (one.rpartition(".")[0], one)}
    for one in sorted(lone):
        name = one[: -len(ENDING)]
        page = near.get(name.casefold())
        if not one.startswith((".", "_")) and (page or is_page(name)):
            yield one, _advice(name, page, meant)


def _advice(name: str, page: str | None, meant: set[str]) -> str:
    if page is None:
        why, whose = f"there is no page {name}", f"the whole name of its page and {ENDING}"
    elif (right := f"{page}{ENDING}") in meant:
        return f"the sidecar of {page} is {right}, and this file counts for nothing. Remove it."
    else:
        why, whose = "no page has a sidecar of this name", right
    return f"{why}, so that this file counts for nothing. Rename it to {whose}, or remove it."


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
