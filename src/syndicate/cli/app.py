"""The program `syndicate`: its options, its commands, and how errors are told."""

import sys
from pathlib import Path

import click

from syndicate import __version__
from syndicate.cli.commands import Commands
from syndicate.cli.terminal import PATH, complain, stand_in
from syndicate.errors import SyndicateError


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    type=PATH,
    metavar="DIR",
    help="The publication's folder (else: here); before the command.",
)
@click.version_option(
    __version__, message="syndicate %(version)s", help="Print the version and end."
)
@click.pass_context
def program(context: click.Context, *, folder: Path | None) -> None:
    """Publish article series as feeds, a small site and mailed digests.

    Begin with: syndicate -C DIR init. Exit status: 0 done, 1 something was refused, 2 wrong usage.
    """
    context.obj = folder
    stand_in(folder, program.list_commands(context))


def main() -> None:
    """Run the program; what is refused is one line on stderr and exit status 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        program()
    except SyndicateError as error:
        complain(str(error))
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        if _can_be_printed_to():
            raise
        complain(f"standard output cannot be written ({error.strerror}).")
        sys.exit(1)


def _can_be_printed_to() -> bool:
    """Whether standard output takes a line."""
    try:
        click.echo()
    except OSError:
        return False
    return True
