"""subscribers free: let readers whose letters failed three times in a row get letters again."""

import click

from syndicate.cli import nouns
from syndicate.cli.subscribers import email
from syndicate.cli.terminal import as_json, opened, show_json


@nouns.subscribers.command()
@email
@click.option("--newsletter", default="", metavar="NAME", help="Which newsletter; else all.")
@click.option("--skip", is_flag=True, help="Pass over what could not be delivered.")
@click.option("--send", is_flag=True, help="Let the next edition bring it.")
@as_json
@click.pass_context
def free(
    context: click.Context, *, email: str, newsletter: str, skip: bool, send: bool, as_json: bool
) -> None:
    """Free a reader who is held, since three letters in a row failed: with --skip or --send."""
    from syndicate.jobs import readers

    if skip == send:
        raise click.BadParameter("choose one of --skip and --send")
    services = opened(context)
    freed = readers.free(
        services.store, services.keys, email, newsletter or None, services.tell, skip=skip
    )
    if as_json:
        show_json({"freed": freed})
    elif freed:
        click.echo(f"{email} gets letters again: {', '.join(freed)}.")
    else:
        click.echo(f"{email} is not held.")
