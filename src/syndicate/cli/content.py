"""Commands about pages: parse, build."""

from pathlib import Path
from typing import Annotated

import typer

from syndicate.cli.terminal import AsJson, complain, opened, show_json, show_table


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(parse)
    app.command()(build)


def parse(
    pages: Annotated[list[Path], typer.Argument(metavar="PAGE...", help="Page files.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Read pages and show what they say. Needs no publication."""
    from syndicate import articles
    from syndicate.errors import PageRefused
    from syndicate.model import Page

    refused = False
    for path in pages:
        try:
            article = articles.parse(Page(str(path), _bytes(path)), "en")
        except PageRefused as error:
            complain(str(error))
            refused = True
            continue
        if as_json:
            show_json({"path": str(path), **articles.to_record(article)})
        else:
            _show(path, article)
    if refused:
        raise typer.Exit(1)
