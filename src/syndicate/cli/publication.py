"""Commands about the publication itself: init, migrate, doctor."""

import sys

import click

from syndicate.cli.terminal import as_json, called, folder_of, opened, placed, show_json, show_table


@click.command()
@click.option(
    "--content",
    default="content",
    show_default=True,
    metavar="DIR",
    help="Where pages are, seen from the publication.",
)
@click.option(
    "--language",
    default="",
    metavar="CODE",
    help="Of pages and letters; else ja or en, as your locale is.",
)
@click.option(
    "--base-url", default="", metavar="URL", help="Where readers find it: https://news.example.com"
)
@as_json
@click.pass_context
def init(
    context: click.Context, *, content: str, language: str, base_url: str, as_json: bool
) -> None:
    """Make a publication in DIR: settings, secrets and an empty content/. Overwrites nothing."""
    from syndicate.cli.setup import language_here, make_publication, new_settings
    from syndicate.config import FILE
    from syndicate.errors import ConfigError

    folder = folder_of(context)
    made = make_publication(folder, new_settings(content, language or language_here(), base_url))
    if base_url and FILE not in made:
        raise ConfigError(
            f"{folder / FILE} is there already and is not overwritten: set publication.base_url in it."
        )
    if as_json:
        show_json({"folder": str(folder), "made": made})
        return
    for name in made:
        click.echo(f"made  {folder / name}")
    if not made:
        click.echo(f"{folder} is a publication already; nothing was changed.")
    elif not base_url:
        click.echo(
            f"First: set publication.base_url in {folder / FILE}: the first build makes the ids of your "
            "feeds from its host, for ever."
        )
    click.echo(f"Next: put pages into {folder / content}, then: {called()} -C {folder} build")


@click.command()
@as_json
@click.pass_context
def migrate(context: click.Context, *, as_json: bool) -> None:
    """Bring the database to the schema of this release (an SQLite file is copied first)."""
    from syndicate.store import migrate as schema

    services = opened(context)
    before = schema.upgrade(services.raw_store, services.copy_for)
    if as_json:
        show_json({"found": before.found, "now": before.wanted})
    elif before.current:
        click.echo(f"The schema is up to date ({before.wanted}).")
    else:
        click.echo(f"Migrated from {before.found or 'an empty database'} to {before.wanted}.")


@click.command()
@as_json
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Look for what will go wrong, and say where our templates are. Status 1 if anything has to be mended."""
    from syndicate.cli.examine import examine

    findings = list(examine(opened(context)))
    if as_json:
        show_json(findings)
    else:
        show_table([(one.grade, one.about, placed(one.message)) for one in findings], otherwise="")
    if any(one.grade == "wrong" for one in findings):
        sys.exit(1)
