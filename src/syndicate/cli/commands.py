"""The commands by their names; the files of one are loaded when it is asked for, so that it starts faster."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

# In the order of --help. Of several files the first has the noun, to which the others add their commands.
_FILES = {
    "init": "publication",
    "migrate": "publication",
    "doctor": "publication",
    "parse": "content",
    "build": "content",
    "check": "check",
    "demo": "demo",
    "run": "daemon",
    "deliver": "daemon",
    "plan": "plan",
    "status": "status",
    "stats": "stats",
    "backup": "backup",
    "restore": "backup",
    "resume": "backup",
    "preview": "preview",
    "articles": "articles revisions",
    "series": "series",
    "sources": "sources",
    "feeds": "feeds polls",
    "subscribers": "subscribers intake held privacy",
    "suppressions": "suppressions",
    "editions": "editions trial",
    "deliveries": "deliveries",
}


class Commands(Mapping[str, TyperCommand | TyperGroup]):
    """All commands, of which those are loaded that somebody looks at."""

    def __getitem__(self, name: str) -> TyperCommand | TyperGroup:
        if name not in _FILES:
            raise KeyError(name)
        return _loaded(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_FILES)

    def __len__(self) -> int:
        return len(_FILES)


@cache
def _loaded(name: str) -> TyperCommand | TyperGroup:
    first, *others = (import_module(f"syndicate.cli.{file}") for file in _FILES[name].split())
    app = typer.Typer(rich_markup_mode=None)
    if hasattr(first, "app"):
        app.add_typer(first.app, name=name)
        for one in others:
            one.register(first.app)
        _list_whole(first.app)
    else:
        first.register(app)
        _list_whole(app)
    found = get_group(app).commands[name]
    assert isinstance(found, TyperCommand | TyperGroup)
    return found


def _list_whole(of: typer.Typer) -> None:
    """Let the list of commands say the first sentence of each whole; it would be cut short."""
    for one in of.registered_commands:
        first = " ".join((one.callback.__doc__ or "").split()).partition(". ")[0]
        one.short_help = first.rstrip(".") + "."
