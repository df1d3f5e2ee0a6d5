"""The templates: whose count first, and where what they were compiled to is kept."""

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from syndicate import __version__

FOLDER = ".compiled"  # in a publication; what lies there is made again if it is gone


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates beside the publication: to compile those of one page takes longer than to draw it.

    One counts for the very text that it was compiled from, by this release. One that is damaged in any way is
    compiled again.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), f"{__version__}-{jinja2.__version__}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - half a pickle may raise any
            bucket.reset()
        if not isinstance(bucket.code, CodeType):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled(folder: Path) -> _Compiled | None:
    """Return what is kept in a folder; None where that is not ours alone: what is kept there is run."""
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = os.lstat(folder)
        others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not others:
            return _Compiled(folder)
    return None


def environment(folders: Sequence[Path], publication: Path) -> Environment:
    """Return the templates of these folders, the first before the others, one file at a time.

    Each is read once: what an editor approved, and what files are noted to be made from, stays so.
    """
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=jinja2.select_autoescape(["html"]),
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(publication / FOLDER),
    )


def idle(own: Path, ours: Path, chosen: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the files of `own` that count for nothing, each with what to do.

    Such a one has the name of none of `ours`, no newsletter has `chosen` it for its letters, and no other
    file of `own` names it. What begins with `.` or `_`, or ends with `~`, is an editor's.
    """
    files = {_name(one, own): one for one in sorted(own.rglob("*")) if one.is_file()}
    known = {_name(one, ours) for one in ours.rglob("*.*") if one.parent.name != "init"}
    known |= {f"digest/{one}.{kind}" for one in chosen for kind in ("html", "txt")}
    texts = {name: _text(file) for name, file in files.items()}
    for name in files:
        if name in known or name.endswith("~") or any(p[0] in "._" for p in name.split("/")):
            continue
        if any(name in text for other, text in texts.items() if other != name):
            continue
        near = get_close_matches(name, sorted(known), 1)
        asks = f" Is {near[0]} meant?" if near else ""
        advice = f"{asks} Rename it, or remove it; ours are in {ours}."
        yield name, f"takes the place of no template, and nothing names it.{advice}"


def _text(file: Path) -> str:
    """Read a file; one that cannot be read names nothing."""
    with suppress(OSError):
        return file.read_text("utf-8", "replace")
    return ""


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()
