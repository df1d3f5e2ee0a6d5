"""Pages in a directory: a pass costs a stat a file, and nothing outside the directory is read."""

import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from syndicate.content import sidecar
from syndicate.content.opening import AstrayError, read_within
from syndicate.errors import PageRefused

MAX_BYTES = 10 * 1024 * 1024  # a page is text that a person wrote
_TEXTY = (".text", ".mdown", ".mkd", ".xhtml", ".rst", ".adoc")
PATH_BYTES = 1200  # an index of PostgreSQL takes 2,704: a page's path, and that of its picture
SETTLED_S = 0.15  # a file unchanged for so long is no longer being written
PATIENCE_S = 2.0  # a file that is written to for longer is not waited for


class Folder(Struct, frozen=True):
    """A content directory: `name` is what its pages' paths begin with (empty: the directory itself).

    `fetched` is one whose files this program writes, and no person.
    """

    path: Path
    name: str
    fetched: bool = False


class Found(Struct, frozen=True):
    """A page file at `place` below `root`: `path` is the name by which it is known, `size` in bytes.

    `beside` is size and time of its sidecar, zeros if there is none.
    """

    path: str
    place: str
    root: Path
    size: int
    modified_ns: int
    beside: tuple[int, int] = (0, 0)

    @property
    def file(self) -> Path:
        """Where it is: made when asked for, which of most files it never is."""
        return Path(self.place)

    @property
    def stamp(self) -> tuple[int, int]:
        """What tells that the page or its sidecar changed: sums, since each alone may grow old."""
        return self.size + self.beside[0], self.modified_ns + self.beside[1]

    @property
    def folder(self) -> str:
        """The name of the content directory, with which the path begins."""
        below = self.file.relative_to(self.root).as_posix()
        return self.path.removesuffix(below).rstrip("/")


class VanishedError(Exception):
    """A file that was there a moment ago, and is not any more: the next pass says what became of it."""


class StillWrittenError(Exception):
    """A file that does not come to rest: what it holds may be half a page."""

    def __init__(self, found: Found, data: bytes, sidecar: bytes | None) -> None:
        super().__init__(found.path)
        self.found, self.data, self.sidecar = found, data, sidecar


class Skipped(Struct, frozen=True):
    """A file that will not be read, and why; `path` is fit to be shown.

    `below` begins the paths of pages that may be there all the same: this is their directory.
    """

    path: str
    reason: str
    below: str | None = None


class Stray(Struct, frozen=True):
    """A file that looks like a page to a person and is none by its name.

    One with `advice` looks like a sidecar instead, and is that of no page.
    """

    path: str
    advice: str | None = None


def scan(folder: Folder, is_page: Callable[[str], bool]) -> Iterator[Found | Skipped | Stray]:
    """Yield every page file below `folder` in the order of names, what is skipped, and what is none.

    The directory may itself be a link that flips: it is resolved afresh at each pass.
    """
    if not folder.path.is_dir():
        yield Skipped(
            folder.name or str(folder.path), "this content directory does not exist: make it"
        )
        return
    root = folder.path.resolve()
    yield from _walk(str(root), root, folder.name, is_page)


def stamp_of(folders: Iterable[Folder], path: str) -> tuple[int, int] | None:
    """Return the stamp of a page as it is now, None where none is there."""
    for folder in sorted(folders, key=lambda one: len(one.name), reverse=True):
        start = f"{folder.name}/" if folder.name else ""
        if path.startswith(start):
            file = folder.path / path.removeprefix(start)
            try:
                status = file.stat()
            except OSError:
                return None
            size, modified_ns = sidecar.mark(file)
            return status.st_size + size, status.st_mtime_ns + modified_ns
    return None


def _is_texty(name: str) -> bool:
    return "." not in name or name.lower().endswith(_TEXTY)


class _Listing(Struct, frozen=True):
    """What is in a directory, by its names in order: of very many entries nothing else is remembered."""

    names: Sequence[str]
    folders: set[str]
    links: Collection[str]


def _listing(directory: str, name: str) -> _Listing | Skipped:
    """Read a directory that is known by a name; or say why it is skipped."""
    names, folders, links = list[str](), set[str](), set[str]()
    below = f"{name}/" if name else ""
    if len(name.encode()) > PATH_BYTES:
        return Skipped(name, "this directory has too long a path: move it further up", below)
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                names.append(entry.name)
                if entry.is_symlink():
                    links.add(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.add(entry.name)
    except OSError as error:
        reason = f"this directory cannot be read ({error.strerror}): make it readable for this user"
        return Skipped(name or directory, reason, below)
    return _Listing(sorted(names), folders, links)


def _walk(
    directory: str, root: Path, name: str, is_page: Callable[[str], bool]
) -> Iterator[Found | Skipped | Stray]:
    listing = _listing(directory, name)
    if isinstance(listing, Skipped):
        yield listing
        return
    sidecars = set(filter(sidecar.is_meant, listing.names)) - listing.folders
    start = f"{name}/" if name else ""
    for one in listing.names:
        if one.startswith((".", "_")):
            continue
        path, place = f"{start}{one}", f"{directory}/{one}"
        if not one.isascii() and path != _shown(path):
            yield from _misnamed(one, _shown(path), listing, is_page)
        elif one in listing.links and (astray := _astray(Path(place), root)):
            yield Skipped(path, astray)
        elif one in listing.folders:
            yield from _walk(place, root, path, is_page)
        elif is_page(one):
            beside = bool(sidecars) and f"{one}{sidecar.ENDING}" in sidecars
            yield _found(place, root, path, beside=beside)
        elif _is_texty(one):
            yield Stray(path)
    lone = sidecar.alone(sidecars, listing.names, is_page)
    yield from (Stray(_shown(f"{start}{one}"), _shown(advice)) for one, advice in lone)


def _misnamed(
    name: str, shown: str, listing: _Listing, is_page: Callable[[str], bool]
) -> Iterator[Skipped | Stray]:
    """Yield what a file or directory is whose name is not UTF-8; it may be nothing to us."""
    if name in listing.folders or is_page(_shown(name)):
        yield Skipped(shown, "this name is not UTF-8: rename it")
    elif _is_texty(name):
        yield Stray(shown)


def _shown(name: str) -> str:
    """Write a name's bytes that are not UTF-8 as what can be shown and kept."""
    return name if name.isascii() else os.fsencode(name).decode(errors="backslashreplace")


def _astray(link: Path, root: Path) -> str | None:
    """Say why a link is not followed, None for one to a file of the content directory."""
    try:
        target = link.resolve(strict=True)
    except FileNotFoundError:
        target = link.resolve()  # `_found` says that there is nothing
    except (OSError, RuntimeError):  # a loop is the one or the other, by the Python version
        return "this link leads in a circle or cannot be followed: remove it"
    if not target.is_relative_to(root):
        return "this link leads out of the content directory: copy the file instead"
    if target.is_dir():
        return "links to directories are not followed: move the directory here"
    return None


def _found(place: str, root: Path, path: str, *, beside: bool) -> Found | Skipped:
    try:
        status = os.stat(place)  # noqa: PTH116 - asked of every file; a Path costs ten times this
    except OSError as error:
        return Skipped(path, f"this file cannot be read ({error.strerror}): mend or remove it")
    if not stat.S_ISREG(status.st_mode):
        return Skipped(path, "this is not a regular file: remove it")
    mark = sidecar.mark(place) if beside else (0, 0)
    return Found(path, place, root, status.st_size, status.st_mtime_ns, mark)


def read(found: Found, limit: int = MAX_BYTES) -> tuple[Found, bytes, bytes | None]:
    """Read a page of at most `limit` bytes, and its sidecar, once they are no longer being written.

    Raises PageRefused, StillWrittenError if they do not rest for two seconds, VanishedError.
    """
    patience = time.monotonic() + PATIENCE_S
    try:
        while True:
            data, status = read_within(found.place, found.root, limit)
            beside, more = (
                sidecar.mark(found.place),
                sidecar.read(found.place, found.root, found.path),
            )
            found = replace(
                found, size=status.st_size, modified_ns=status.st_mtime_ns, beside=beside
            )
            times = (found.modified_ns, found.beside[1])
            if len(data) == found.size and not any(map(is_fresh, times)):
                return found, data, more
            if time.monotonic() >= patience:
                raise StillWrittenError(found, data, more)
            time.sleep(SETTLED_S)
    except AstrayError as error:
        raise PageRefused(f"{found.path}: {error}.") from None
    except FileNotFoundError:
        raise VanishedError(found.path) from None
    except OSError as error:
        raise PageRefused(
            f"{found.path}: cannot be read ({error.strerror}). Make it readable for this user."
        ) from None


def is_fresh(modified_ns: int) -> bool:
    """Whether a file may still be being written."""
    return abs(time.time() - modified_ns / 1e9) < SETTLED_S
