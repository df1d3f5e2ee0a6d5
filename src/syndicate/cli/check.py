"""The command check: every problem of the content, and what to do."""

from itertools import groupby

import typer

from syndicate.cli.terminal import AsJson, many, opened, show_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Print every problem of the content, by file, and what to do. Exit status 1 if a page is refused."""
    from syndicate.jobs.check import check as job

    services = opened(context)
    found = job(
        services.store,
        services.folders,
        services.about,
        services.newsletters,
        services.rules,
        services.clock(),
    )
    refused = sum(one.level == "error" for one in found)
    if as_json:
        show_json(found)
    else:
        for file, some in groupby(found, key=lambda one: one.file):
            typer.echo(file)
            for one in some:
                typer.echo(f"  {one.level:7}  {one.code}: {one.message}")
        warnings = many(len(found) - refused, "warning", "warnings")
        pages = many(refused, "page is refused", "pages are refused")
        typer.echo(f"{pages}, {warnings}" if found else "No problem was found.")
    if refused:
        raise typer.Exit(1)
