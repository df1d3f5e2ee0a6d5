"""The program `syndicate`: its options, its commands, and how errors are told."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from syndicate import __version__
from syndicate.cli import (
    articles,
    backup,
    check,
    content,
    daemon,
    deliveries,
    demo,
    editions,
    feeds,
    held,
    intake,
    plan,
    polls,
    privacy,
    publication,
    revisions,
    series,
    sources,
    stats,
    status,
    subscribers,
    suppressions,
    trial,
)
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


def _listed_whole(of: typer.Typer) -> None:
    """Let the list of commands say the first sentence of each whole; it would be cut short."""
    for one in of.registered_commands:
        first = " ".join((one.callback.__doc__ or "").split()).partition(". ")[0]
        one.short_help = first.rstrip(".") + "."


for module in (publication, content, check, demo, daemon, plan, status, stats, backup):
    module.register(app)
revisions.register(articles.app)
for module in (intake, held, privacy):
    module.register(subscribers.app)
polls.register(feeds.app)
app.add_typer(articles.app, name="articles")
app.add_typer(series.app, name="series")
app.add_typer(sources.app, name="sources")
app.add_typer(feeds.app, name="feeds")
trial.register(app, editions.app)
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(suppressions.app, name="suppressions")
app.add_typer(editions.app, name="editions")
app.add_typer(deliveries.app, name="deliveries")
for group in (app, *(one.typer_instance for one in app.registered_groups)):
    if group:
        _listed_whole(group)


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
    try:
        app()
    except SyndicateError as error:
        complain(str(error))
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
