"""subscribers export and erase: what is held of a person, told and taken away; and all readers as a list."""

import sys
from pathlib import Path

import click

from syndicate.cli import nouns
from syndicate.cli.subscribers import email, newsletter
from syndicate.cli.terminal import (
    PATH,
    as_json,
    complain,
    indent_for_people,
    many,
    opened,
    show_json,
)


@nouns.subscribers.command()
@click.argument(
    "email", default="", metavar="[EMAIL]", help="Whose data; else all readers, with --csv."
)
@click.option("--csv", type=PATH, metavar="FILE", help="Write all readers as a CSV file.")
@newsletter
@click.pass_context
def export(context: click.Context, *, email: str, csv: Path | None, newsletter: str) -> None:
    """Print all that is held of one person, as JSON; or write all readers as a table without formulas."""
    from syndicate.jobs import privacy
    from syndicate.jobs.readers_table import export_file

    if bool(email) == (csv is not None):
        complain("name one EMAIL, or a file with --csv FILE.")
        sys.exit(2)
    services = opened(context)
    if csv is None:
        show_json(privacy.export(services.store, services.keys, email), indent=indent_for_people())
        return
    name = services.newsletter(newsletter).name if newsletter else None
    count = export_file(services.store, csv, name)
    click.echo(f"{count} subscriptions written to {csv}")


@nouns.subscribers.command()
@email
@click.option(
    "--evidence", default="", metavar="TEXT", help="How the reader asked for it; it is kept."
)
@click.option("--yes", is_flag=True, help="Really; it cannot be undone.")
@as_json
@click.pass_context
def erase(context: click.Context, *, email: str, evidence: str, yes: bool, as_json: bool) -> None:
    """Take away all that is held of a person, at once and for good; what stays is a keyed hash.

    It is a suppression: the address is never written to again.
    """
    from syndicate.jobs import privacy
    from syndicate.store.witness import tell_of_departure

    if not yes:
        complain(
            "this cannot be undone: say --yes. What is held: syndicate subscribers export EMAIL"
        )
        sys.exit(2)
    services = opened(context)
    report = privacy.erase(
        services.store, services.keys, email, evidence, services.clock(), services.tell
    )
    tell_of_departure(services.store, services.folder)
    if as_json:
        show_json(report)
    else:
        ended = many(report.subscriptions, "subscription", "subscriptions")
        dropped = many(report.requests, "request", "requests")
        click.echo(
            f"Erased; {ended} ended, {dropped} dropped. The address stays suppressed."
            if report.known
            else "Nothing was held of this address. It is suppressed now."
        )
