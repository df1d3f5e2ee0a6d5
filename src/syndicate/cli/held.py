"""subscribers free: let readers whose letters failed three times in a row get letters again."""

from typing import Annotated

import typer

from syndicate.cli.subscribers import Email
from syndicate.cli.terminal import AsJson, opened, show_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(free)


def free(
    context: typer.Context,
    email: Email,
    newsletter: Annotated[
        str, typer.Option("--newsletter", metavar="NAME", help="Which newsletter; else all.")
    ] = "",
    *,
    skip: Annotated[
        bool, typer.Option("--skip", help="Pass over what could not be delivered.")
    ] = False,
    send: Annotated[bool, typer.Option("--send", help="Let the next edition bring it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Free a reader who is held, since three letters in a row failed: with --skip or --send."""
    from syndicate.jobs import readers

    if skip == send:
        raise typer.BadParameter("choose one of --skip and --send")
    services = opened(context)
    freed = readers.free(
        services.store, services.keys, email, newsletter or None, services.tell, skip=skip
    )
    if as_json:
        show_json({"freed": freed})
    elif freed:
        typer.echo(f"{email} gets letters again: {', '.join(freed)}.")
    else:
        typer.echo(f"{email} is not held.")
