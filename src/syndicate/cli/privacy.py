"""subscribers export and erase: what is held of a person, told and taken away; and all readers as a list."""

from pathlib import Path
from typing import Annotated

import typer

from syndicate.cli.subscribers import Email, Newsletter
from syndicate.cli.terminal import AsJson, complain, indent_for_people, many, opened, show_json


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(export)
    app.command()(erase)


def export(
    context: typer.Context,
    email: Annotated[
        str, typer.Argument(metavar="[EMAIL]", help="Whose data; else all readers, with --csv.")
    ] = "",
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write all readers as a CSV file.")
    ] = None,
    newsletter: Newsletter = "",
) -> None:
    """Print all that is held of one person, as JSON; or write all readers as a table without formulas."""
    from syndicate.jobs import privacy
    from syndicate.jobs.readers_table import export_file

    if bool(email) == (csv is not None):
        complain("name one EMAIL, or a file with --csv FILE.")
        raise typer.Exit(2)
    services = opened(context)
    if csv is None:
        show_json(privacy.export(services.store, services.keys, email), indent=indent_for_people())
        return
    name = services.newsletter(newsletter).name if newsletter else None
    count = export_file(services.store, csv, name)
    typer.echo(f"{count} subscriptions written to {csv}")


def erase(
    context: typer.Context,
    email: Email,
    evidence: Annotated[
        str,
        typer.Option("--evidence", metavar="TEXT", help="How the reader asked for it; it is kept."),
    ] = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Really; it cannot be undone.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take away all that is held of a person, at once and for good; what stays is a keyed hash.

    It is a suppression: the address is never written to again.
    """
    from syndicate.jobs import privacy
    from syndicate.store.witness import tell_of_departure

    if not yes:
        complain(
            "this cannot be undone: say --yes. What is held: syndicate subscribers export EMAIL"
        )
        raise typer.Exit(2)
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
        typer.echo(
            f"Erased; {ended} ended, {dropped} dropped. The address stays suppressed."
            if report.known
            else "Nothing was held of this address. It is suppressed now."
        )
