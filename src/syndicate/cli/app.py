"""The program `syndicate`: its options, its commands, and how errors are told."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_group

from syndicate import __version__
from syndicate.cli.commands import Commands
from syndicate.cli.terminal import complain, stand_in
from syndicate.errors import SyndicateError

app = typer.Typer(
    name="syndicate",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"syndicate {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option(
            "-C", metavar="DIR", help="The publication's folder (else: here); before the command."
        ),
    ] = None,
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    """Publish article series as feeds, a small site and mailed digests.

    Begin with: syndicate -C DIR init. Exit status: 0 done, 1 something was refused, 2 wrong usage.
    """
    context.obj = folder
    assert isinstance(context.command, TyperGroup)
    stand_in(folder, context.command.commands)


def main() -> None:
    """Run the program; what is refused is one line on stderr and exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    program = get_group(app)
    program.commands = Commands()  # type: ignore[assignment]  # it is only read
    try:
        program()
    except SyndicateError as error:
        complain(str(error))
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if _can_be_printed_to():
            raise
        complain(f"standard output cannot be written ({error.strerror}).")
        sys.exit(1)


def _can_be_printed_to() -> bool:
    """Whether standard output takes a line; else it is closed, with what it could not take."""
    try:
        typer.echo()
    except OSError:
        with suppress(OSError):
            sys.stdout.close()
        return False
    return True
