"""Files below the output directory: swapped in whole, and never a half of one to be seen.

Nothing is flushed to disk on purpose: everything here can be made again from the database.
"""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from syndicate.errors import SyndicateError
from syndicate.output.compress import FORMS

_TEMPORARY = ".new"
_UNFINISHED = re.compile(rf"\..+\.[0-9]+{re.escape(_TEMPORARY)}", re.DOTALL)
_MODE = 0o666  # but for what the process' mask takes away


class OutputRefused(SyndicateError):
    """The output directory cannot be written to."""


class Sizes(Struct, frozen=True):
    """The bytes of a published file, and of its compressed forms where it has them."""

    plain: int
    br: int | None = None
    gz: int | None = None


def prepare(root: Path) -> None:
    """Make the output directory unless it is there, or raise OutputRefused."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputRefused(
            f"{root}: output.directory cannot be made ({error.strerror}). Choose another, or take away what "
            "stands there."
        ) from None


def publish(
    root: Path, path: str, data: bytes, beside: Mapping[str, bytes], *, new: bool = False
) -> tuple[bool, Sizes]:
    """Put a file in place with its `compressed` forms, if any; whether its bytes changed, and all sizes.

    The compressed forms go first: who asks for one in between gets what is new, and whole. One of
    another time is taken away: it is of another text, or will be. A `new` file may need a folder: in one that
    is made just now nothing has to be looked for.
    """
    empty = new and _make(f"{root}/{path}".rpartition("/")[0])
    for ending in FORMS:
        if ending in beside:
            write(root, path + ending, beside[ending], empty=empty)
        elif not empty:
            _unlink(f"{root}/{path}{ending}")
    br, gz = (len(beside[ending]) if ending in beside else None for ending in FORMS)
    return write(root, path, data, empty=empty), Sizes(len(data), br, gz)


def write(root: Path, path: str, data: bytes, *, empty: bool = False) -> bool:
    """Put a file in place by rename; False when the same bytes stand there already: not in an `empty` folder.

    Raises OutputRefused where there is no room, or no right to write: what stood there stands still.
    """
    target = f"{root}/{path}"
    there = not empty and are_there(root, [(path, len(data), None, None)])
    if there and read(root, path) == data:
        return False
    folder, _, name = target.rpartition("/")
    # Its own: a helper of a publisher that was killed may be writing the same file for a moment.
    new = f"{folder}/.{name[:60]}.{os.getpid()}{_TEMPORARY}"
    try:
        _fill(_opened(new, folder), data)
        os.replace(new, target)
    except OSError as error:
        with suppress(OSError):
            os.unlink(new)
        raise _refused(target, error) from None
    return True


def _refused(file: str, error: OSError) -> OutputRefused:
    return OutputRefused(
        f"{file}: cannot be written ({error.strerror}); the file that stands there was left as it is. "
        "Mend that, and publish again."
    )


def _opened(file: str, folder: str) -> int:
    """Open a new file in a folder, which is made where it is not there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        return os.open(file, flags, _MODE)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        return os.open(file, flags, _MODE)


def _make(folder: str) -> bool:
    """Make a folder in one that is there; whether it was not there before. Others are made as files are."""
    try:
        os.mkdir(folder)
    except OSError:
        return False
    return True


def _unlink(file: str) -> None:
    """Take a file away, if there is one. Raises OutputRefused where that is not allowed."""
    try:
        os.unlink(file)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise _refused(file, error) from None


def _fill(handle: int, data: bytes) -> None:
    """Write all of a file: where there is little room, a part of it is taken first."""
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def read(root: Path, path: str) -> bytes | None:
    """Return the bytes of a published file, or None where there is none."""
    try:
        return (root / path).read_bytes()
    except OSError:
        return None


def is_there(root: Path, path: str, sizes: Sizes) -> bool:
    """Whether a file of these sizes stands in place, with its compressed forms."""
    return are_there(root, [(path, sizes.plain, sizes.br, sizes.gz)])


def are_there(root: Path, files: Iterable[tuple[str, int, int | None, int | None]]) -> bool:
    """The same of many files, each with the sizes of it, of its brotli and of its gzip form."""
    stat, start = os.stat, f"{root}/"
    try:
        for path, plain, br, gz in files:
            file = start + path
            if (
                stat(file).st_size != plain
                or (br is not None and stat(f"{file}.br").st_size != br)
                or (gz is not None and stat(f"{file}.gz").st_size != gz)
            ):
                return False
    except OSError:
        return False
    return True


def stands(root: Path, path: str) -> bool:
    """Whether anything answers a path, also what an operator put there by hand."""
    place = f"{root}/{path}"
    return any(os.path.isfile(one) for one in (place, f"{place}/index.html"))


def sweep(root: Path) -> None:
    """Take away the halves of files that a publish left which was killed: nothing else knows of them."""
    for folder, _, names in os.walk(root):
        for name in filter(_UNFINISHED.fullmatch, names):
            _unlink(f"{folder}/{name}")


def remove(root: Path, path: str) -> None:
    """Take a file away with its compressed forms, and the directories that it leaves empty."""
    target = root / path
    for ending in ("", *FORMS):
        _unlink(f"{target}{ending}")
    for parent in target.parents:
        if parent == root:
            break
        with suppress(OSError):
            parent.rmdir()
