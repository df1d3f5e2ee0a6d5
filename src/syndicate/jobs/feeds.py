"""The feeds as they stand below the output directory: which there are, and what is wrong with them."""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from syndicate import addresses, feeds
from syndicate.feeds.validator import Fault, validate
from syndicate.model import Publication
from syndicate.store import outputs
from syndicate.store.database import Store

_FORMATS = {f".{one.ending}": one.name for one in feeds.FORMATS}
_SURE = {ending for ending in _FORMATS if ending != ".json"}  # other files are JSON too


class PublishedFeed(Struct, frozen=True):
    """A feed in all its formats: `files` are their absolute addresses, by the name of the format.

    `title` and `entries` (how many its document holds) are None where its JSON Feed cannot be read.
    """

    stem: str
    title: str | None
    entries: int | None
    files: dict[str, str]


class Examined(Struct, frozen=True):
    """A feed document, and what a validator finds in it."""

    name: str
    faults: tuple[Fault, ...]


def published_feeds(store: Store, about: Publication, root: Path) -> tuple[PublishedFeed, ...]:
    """Return every published feed, that of everything first, archives last."""
    stems: dict[str, list[str]] = {}
    for path in _paths(store):
        stems.setdefault(str(PurePosixPath(path).with_suffix("")), []).append(path)
    order = sorted(stems, key=lambda stem: (stem.startswith("archive/"), "/" in stem, _place(stem)))
    return tuple(_feed(stem, stems[stem], about, root) for stem in order)


def _place(stem: str) -> tuple[str, int, str]:
    """Archives stand in the order of their numbers."""
    folder, _, name = stem.rpartition("/")
    return folder, int(name) if name.isdecimal() else 0, name


def _feed(stem: str, paths: list[str], about: Publication, root: Path) -> PublishedFeed:
    files = {
        _FORMATS[PurePosixPath(path).suffix]: addresses.absolute(about.base_url, path)
        for path in sorted(paths)
    }
    title, entries = None, None
    with suppress(OSError, ValueError, KeyError):
        document = json.loads((root / f"{stem}.json").read_bytes())
        title, entries = str(document["title"]), len(document["items"])
    return PublishedFeed(stem, title, entries, files)


def examine_published(store: Store, root: Path) -> Iterator[Examined]:
    """Validate every published feed document, one after another."""
    for path in _paths(store):
        yield examine(path, _read(root / path))


def examine(name: str, data: bytes | None) -> Examined:
    """Validate one document; None stands for a file that should be there, and is not."""
    if data is None:
        missing = Fault("file-missing", "document", "is not there: publish again (build)", "")
        return Examined(name, (missing,))
    return Examined(name, validate(data))


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _paths(store: Store) -> list[str]:
    with store.read() as tx:
        return sorted(feed_paths(list(outputs.made(tx))))


def feed_paths(paths: Collection[str]) -> set[str]:
    """Return those of some published paths that are feeds: JSON is one only beside another format."""
    sure = {path for path in paths if PurePosixPath(path).suffix in _SURE}
    stems = {str(PurePosixPath(path).with_suffix("")) for path in sure}
    return sure | {path for path in paths if path.endswith(".json") and path[:-5] in stems}
