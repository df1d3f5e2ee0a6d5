"""The commands by their names; the files of one are loaded when it is asked for, so that it starts faster."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from signal import SIGINT
from typing import Any

import click

from syndicate.cli import nouns

# In the order of --help: the file that has the command, or those that add to the noun.
_FILES = {
    "init": "publication",
    "migrate": "publication",
    "doctor": "publication",
    "parse": "content",
    "build": "content",
    "check": "check",
    "demo": "demo",
    "run": "daemon",
    "deliver": "deliver",
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


@contextmanager
def _silent_end() -> Iterator[None]:
    """End on Ctrl-C without a word, of which Click would say more."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(128 + SIGINT)


class Commands(click.Group):
    """All commands, of which those are loaded that somebody looks at."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as Click asks
        """Return their names."""
        return list(_FILES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, None where there is none of this name."""
        return _loaded(cmd_name) if cmd_name in _FILES else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, or name those whose names are like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=_FILES, ctx=ctx) from None

    @_silent_end()
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the program's own options."""
        return super().parse_args(ctx, args)

    @_silent_end()
    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is called, and say to who gives it our -C where it belongs."""
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            if error.option_name != "-C":
                raise
            right = f"{ctx.info_name} -C DIR {ctx.invoked_subcommand} ..."
            raise click.UsageError(f"-C goes before the command: {right}", error.ctx) from None


@cache
def _loaded(name: str) -> click.Command:
    first, *_ = [import_module(f"syndicate.cli.{file}") for file in _FILES[name].split()]
    found: click.Command = getattr(nouns, name, None) or getattr(first, name)
    for one in (found, *getattr(found, "commands", {}).values()):
        _list_whole(one)
    return found


def _list_whole(command: click.Command) -> None:
    """Let the list of commands say the first sentence whole; it would be cut short."""
    first = " ".join((command.help or "").split()).partition(". ")[0]
    command.short_help = first.rstrip(".") + "."
