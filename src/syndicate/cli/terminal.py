"""What all commands share: opening the publication, and printing."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from unicodedata import east_asian_width

import typer

from syndicate.model import Tell, silent

if TYPE_CHECKING:
    from syndicate.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def opened(context: typer.Context, *, tell: Tell = silent) -> "Services":
    """Open the publication that -C names, the present folder if it names none."""
    from syndicate.services import open_services

    return open_services(folder_of(context), tell=tell)


def folder_of(context: typer.Context) -> Path:
    """Return the folder that -C names, else the present one."""
    folder: Path | None = context.obj
    return folder or Path()


def show_json(value: object) -> None:
    """Print one JSON document on one line."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False))


def plain(value: object) -> Any:
    """Turn records and times into what JSON has."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def show_table(rows: Iterable[Sequence[object]], *, otherwise: str) -> None:
    """Print rows in columns, wide characters counted as two; `otherwise` when there are none."""
    texts = [[str(cell) for cell in row] for row in rows]
    if not texts:
        typer.echo(otherwise)
        return
    widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        typer.echo("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def complain(message: str) -> None:
    """Print one line on stderr."""
    typer.echo(f"syndicate: {message}", err=True)
