"""Published files in memory, up to a number of bytes, each as it lies on the disk at that moment.

A publish replaces files while they are served. An answer is made from one open file, read once: its
tag, its length and its bytes belong together, whatever is renamed over its name meanwhile. Two
`stat` calls tell whether what is held still stands there; they are all that a hit costs.
"""

import os
import stat
from collections import OrderedDict
from email.utils import formatdate
from hashlib import sha256
from io import FileIO
from pathlib import Path

from msgspec import Struct

from syndicate.web.asked import CODINGS
from syndicate.web.policy import Headers, Policy

LARGEST = 1024 * 1024  # bytes; larger ones are pictures and sound, and are read as they are sent
CAPACITY = 64 * 1024 * 1024  # bytes of bodies: all feeds of a large publication

Stamp = tuple[int, int, int]  # what a rename changes: inode, time in ns, size
Key = tuple[str, tuple[str, ...]]  # a path, and the codings that may be sent
Message = dict[str, object]


class Held(Struct, frozen=True):
    """A file as it is answered: `start` and `known` are the first messages (ASGI) of 200 and 304.

    `stamps` are all files that decided it; None is one that was not there. A file that is too large
    for memory has its bytes in `rest`, open at its beginning.
    """

    status: int
    tag: bytes
    modified: int
    start: Message
    known: Message
    body: Message
    stamps: tuple[tuple[str, Stamp | None], ...]
    length: int
    feed: str  # the path of a feed that is counted, "" for what is none
    rest: FileIO | None = None

    def stands(self) -> bool:
        """Whether everything is on the disk as it was."""
        return all(stamp(place) == known for place, known in self.stamps)

    def close(self) -> None:
        """Leave the rest unread."""
        if self.rest is not None:
            self.rest.close()


class Shelf:
    """What is held, by path and codings; the longest unused is given up first."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity, self._used = capacity, 0
        self._held: OrderedDict[Key, Held] = OrderedDict()

    def find(self, key: Key) -> Held | None:
        """Return what is held under a key, if it still stands."""
        held = self._held.get(key)
        if held is None:
            return None
        if not held.stands():
            self._drop(key)
            return None
        self._held.move_to_end(key)
        return held

    def keep(self, key: Key, held: Held) -> None:
        """Hold a file, unless it is too large."""
        if held.rest is not None:
            return
        self._drop(key)
        self._held[key] = held
        self._used += held.length
        while self._used > self._capacity:
            self._drop(next(iter(self._held)))

    def _drop(self, key: Key) -> None:
        gone = self._held.pop(key, None)
        self._used -= gone.length if gone else 0


def take(
    root: Path, name: str, about: Policy, codings: tuple[str, ...], status: int = 200
) -> Held | None:
    """Read the file of a published path below `root` in the first of `codings` that is there, else plain.

    None where there is no such file: what is hidden, leads outside, or is no file, is none.
    """
    if not _may_be_asked(name):
        return None
    place = f"{root}/{name}"
    plain = _opened(root, place)
    if plain is None:
        return None
    stamps: list[tuple[str, Stamp | None]] = []
    for coding in codings if about.compressed else ():
        beside = place + CODINGS[coding]
        small = _opened(root, beside)
        if small is not None:
            with plain:
                stamps.append((place, _mark(os.fstat(plain.fileno()))))
            return _held(small, beside, about, status, coding, stamps)
        stamps.append((beside, None))
    return _held(plain, place, about, status, "", stamps)


def _may_be_asked(name: str) -> bool:
    """Whether no part of a path is hidden, or leads upwards, or could be no name at all."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    hidden = any(part.startswith(".") and part != ".well-known" for part in name.split("/"))
    return not hidden and "\0" not in name


def _opened(root: Path, place: str) -> FileIO | None:
    """Open a file; None where there is none, or a link leads out of `root`."""
    folder = os.path.realpath(root)
    try:
        if os.path.commonpath((folder, os.path.realpath(place))) != folder:
            return None
        file = FileIO(place, opener=_without_waiting)
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    return None


def _without_waiting(path: str, flags: int) -> int:
    """Open without waiting for the other end, should the name be a FIFO."""
    return os.open(path, flags | os.O_NONBLOCK)


def _held(
    file: FileIO,
    place: str,
    about: Policy,
    status: int,
    coding: str,
    stamps: list[tuple[str, Stamp | None]],
) -> Held:
    found = os.fstat(file.fileno())
    if large := found.st_size > LARGEST:
        data, mark = b"", f"{found.st_mtime_ns:x}-{found.st_size:x}"
    else:
        with file:
            data = file.read()
        mark = sha256(data).hexdigest()[:20]
    tag = f'"{mark}-{coding}"' if coding else f'"{mark}"'
    same: Headers = (
        (b"etag", tag.encode()),
        (b"last-modified", formatdate(found.st_mtime, usegmt=True).encode()),
    )
    length = found.st_size if large else len(data)
    ours: Headers = ((b"content-length", str(length).encode()),)
    ours += ((b"content-encoding", coding.encode()),) if coding else ()
    return Held(
        status=status,
        tag=tag.encode(),
        modified=int(found.st_mtime),
        start=_start(status, (*about.headers(status), *same, *ours)),
        known=_start(304, (*about.headers(304), *same)),
        body={"type": "http.response.body", "body": data},
        stamps=(*stamps, (place, _mark(found))),
        length=length,
        feed=about.feed if status == 200 else "",
        rest=file if large else None,
    )


def _start(status: int, headers: Headers) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _mark(found: os.stat_result) -> Stamp:
    return found.st_ino, found.st_mtime_ns, found.st_size


def stamp(place: str) -> Stamp | None:
    """Return what tells a file from the one that takes its place; None where there is none."""
    try:
        return _mark(os.stat(place))  # noqa: PTH116 - no Path is made for each request
    except OSError:
        return None
