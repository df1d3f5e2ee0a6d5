"""What all commands share: opening the publication, and printing."""

import dataclasses
import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import click
from msgspec import Struct

from syndicate.model import Tell, silent

if TYPE_CHECKING:
    from syndicate.services import Services

PATH = click.Path(path_type=Path)
number = partial(click.option, metavar="N", show_default=True)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Whole(click.IntRange):
    """A whole number within limits: who writes none is told so, and nothing of Click's "integer range"."""

    name = "whole number"


def opened(context: click.Context, *, tell: Tell = silent) -> "Services":
    """Open the publication that -C names, the present folder if it names none."""
    from syndicate.services import open_services

    return open_services(folder_of(context), tell=tell)


def folder_of(context: click.Context) -> Path:
    """Return the folder that -C names, else the present one."""
    folder: Path | None = context.obj
    return folder or Path()


def show_json(value: object, indent: int | None = None) -> None:
    """Print one JSON document, on one line unless it is indented."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=indent))


def indent_for_people() -> int | None:
    """Return how far JSON is indented that people may read: not at all for programs."""
    return 2 if sys.stdout.isatty() else None


def show_json_array(values: Iterable[object]) -> None:
    """Print one JSON array on one line, of which no item is kept."""
    between = "["
    for value in values:
        click.echo(between + json.dumps(plain(value), ensure_ascii=False), nl=False)
        between = ", "
    click.echo("[]" if between == "[" else "]")


def plain(value: object) -> Any:
    """Turn records, days and times into what JSON has."""
    if isinstance(value, Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [plain(one) for one in value]
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    return value


def show_table(rows: Iterable[Sequence[object]], *, otherwise: str) -> None:
    """Print rows in columns, wide characters counted as two; `otherwise` when there are none."""
    kept = list(rows)
    show_long_table(lambda: kept, otherwise=otherwise)


def show_long_table(rows: Callable[[], Iterable[Sequence[object]]], *, otherwise: str) -> None:
    """Print a table as `show_table` does; it is read twice, and no row of it is kept."""
    widths: list[int] = []
    for row in rows():
        here = [_width(str(cell)) for cell in row]
        widths = list(map(max, widths or here, here))
    if not widths:
        say(otherwise)
        return
    for row in rows():
        cells = (
            str(cell) + " " * (width - _width(str(cell)))
            for cell, width in zip(row, widths, strict=True)
        )
        click.echo("  ".join(cells).rstrip())


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def called() -> str:
    """Return how this program is called from where the user stands."""
    program = Path(sys.argv[0])
    if program.name == "__main__.py":
        return f"{_seen_from_here(Path(sys.executable))} -m syndicate"
    if shutil.which(program.name) == str(program.absolute()):
        return program.name
    return _seen_from_here(program)


def _seen_from_here(program: Path) -> str:
    program, here = program.absolute(), Path.cwd()
    return str(program.relative_to(here) if program.is_relative_to(here) else program)


def many(count: int, one: str, several: str) -> str:
    """Return a count with its noun."""
    return f"{count} {one if count == 1 else several}"


def tls_hint(reply: str, file: Path) -> str:
    """Name the setting that an error of encryption is about, "" for any other error."""
    if "tls" not in reply.lower():
        return ""
    return f" Encryption is asked for by mail.starttls in {file}; a relay on this machine may need none."


def complain(message: str) -> None:
    """Print a message on stderr, each of its lines with our name; nobody may read it any more."""
    with suppress(OSError):
        for line in placed(message).splitlines() or [""]:
            click.echo(f"syndicate: {line}", err=True)


class _Place(Struct, frozen=True):
    """The folder that -C names, and the commands that there are."""

    folder: Path
    commands: tuple[str, ...]


_PLACE: ContextVar[_Place | None] = ContextVar("place", default=None)


def stand_in(folder: Path | None, commands: Iterable[str]) -> None:
    """Let the commands that messages name be those for the folder that -C names."""
    _PLACE.set(None if folder is None else _Place(folder, tuple(commands)))


def placed(message: str) -> str:
    """Write the commands that a message names as they have to be called from here."""
    place = _PLACE.get()
    if place is None:
        return message
    words = "|".join(map(re.escape, place.commands))
    here = shlex.quote(str(place.folder))
    return re.sub(rf"\bsyndicate (?=(?:{words})\b)", lambda _: f"syndicate -C {here} ", message)


def say(message: str) -> None:
    """Print a message that may name a command."""
    click.echo(placed(message))
