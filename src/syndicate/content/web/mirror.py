"""The folder in which a source's pages are kept: from there they are picked up like any others."""

import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from syndicate.content.directory import Folder
from syndicate.content.web.names import mark_in

NAME = "web"  # the folder of the publication, and what the paths of these pages begin with
SIDECAR = ".toml"


class Mirror(Struct, frozen=True):
    """The kept pages of one source. Files are renamed into place, and written only if they differ."""

    path: Path

    def make(self) -> None:
        """Make the folder."""
        self.path.mkdir(parents=True, exist_ok=True)

    def keep(
        self, stem: PurePosixPath, pages: Mapping[str, bytes], sidecars: Mapping[str, bytes]
    ) -> tuple[tuple[str, ...], bool]:
        """Keep a page's files by their endings.

        Returns their names below the folder, and whether one of them is new or other than before.
        """
        kept, differs = [], False
        for ending, data in pages.items():
            name = f"{stem}{ending}"
            self._write(f"{name}{SIDECAR}", sidecars[ending])  # first: who sees the page sees both
            differs = self._write(name, data) or differs
            kept.append(name)
        return tuple(kept), differs

    def drop(self, names: Collection[str]) -> None:
        """Remove pages."""
        for name in names:
            for one in (name, f"{name}{SIDECAR}"):
                (self.path / one).unlink(missing_ok=True)

    def has(self, names: Collection[str]) -> bool:
        """Whether all of some pages are there."""
        return all((self.path / name).is_file() for name in names)

    def read(self, name: str) -> bytes:
        """Return what is kept of a page, or raise OSError."""
        return (self.path / name).read_bytes()

    def is_empty(self) -> bool:
        """Whether nothing is kept, or nothing any more."""
        return next(self._files(), None) is None

    def sweep(self, marks: Collection[str]) -> None:
        """Remove the files of pages that are known no longer, by the marks of those that are."""
        for file in list(self._files()):
            mark = mark_in(file.name)
            if mark is not None and mark not in marks:
                file.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        return (file for file in self.path.glob("*/*") if file.is_file())

    def _write(self, name: str, data: bytes) -> bool:
        file = self.path / name
        try:
            if file.read_bytes() == data:
                return False
        except FileNotFoundError:
            file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(f".{file.name[:200]}.{os.getpid()}")
        half.write_bytes(data)
        half.replace(file)
        return True


def mirror(publication: Path, source: str) -> Mirror:
    """Return the mirror of a source."""
    return Mirror(publication / NAME / source)


def folders(publication: Path, sources: Iterable[str]) -> list[Folder]:
    """Return the mirrors of sources as content directories. They are made: none is ever missing."""
    for one in (made := list(sources)):
        mirror(publication, one).make()
    return [Folder(mirror(publication, one).path, f"{NAME}/{one}", fetched=True) for one in made]


def copied(publication: Path, source: str, to: Path) -> Mirror:
    """Copy a source's mirror, times and all, to try on it what would be fetched."""
    before, after = mirror(publication, source), mirror(to, source)
    if before.path.is_dir():
        shutil.copytree(before.path, after.path, dirs_exist_ok=True)
    return after
