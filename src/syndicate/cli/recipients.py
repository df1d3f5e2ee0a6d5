"""Who was mailed an article or an edition, and who is to be after all."""

from typing import TYPE_CHECKING

import click

from syndicate.cli import nouns
from syndicate.cli.named import find_edition, newsletter_name
from syndicate.cli.terminal import as_json, opened, show_json, show_table
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from syndicate.services import Services


def mailed(services: "Services", newsletter: str, name: str) -> int:
    """Return the number of an edition of a newsletter that was started."""
    _, edition = find_edition(services, name)
    if edition.newsletter != newsletter:
        raise SyndicateError(f"{name} is no edition of {newsletter}: it has other readers.")
    if edition.started is None:
        raise SyndicateError(f"{name} was not started: nobody got it.")
    return edition.id


@nouns.editions.command("recipients")
@click.argument("article", metavar="ARTICLE", help="Its slug or number.")
@as_json
@click.pass_context
def list_recipients(context: click.Context, *, article: str, as_json: bool) -> None:
    """List who was mailed an article, at which revision: letters that arrived, or may have."""
    from syndicate.jobs.withdraw import find
    from syndicate.store import holdings

    services = opened(context)
    with services.store.read() as tx:
        row = find(tx, article)
        found = [
            {"newsletter": one.name, "email": address, "revision": revision}
            for one in services.newsletters
            for _, address, revision in holdings.recipients(tx, one.name, row.id)
        ]
    if as_json:
        show_json({"article": row.slug, "revision": row.revision, "recipients": found})
        return
    show_table(
        (
            (one["newsletter"], one["email"] or "(erased)", f"revision {one['revision']}")
            for one in found
        ),
        otherwise=f"Nobody was mailed {row.slug}.",
    )


@nouns.editions.command("include")
@newsletter_name
@click.argument("article", metavar="ARTICLE", help="Its slug or number.")
@as_json
@click.pass_context
def include_article(
    context: click.Context, *, newsletter: str, article: str, as_json: bool
) -> None:
    """Put back an article that an editor's note left out: it is news to those who never had it."""
    from syndicate.jobs import notes

    services = opened(context)
    name = services.newsletter(newsletter).name
    slug = notes.put_back(services.store, name, article, services.clock())
    if as_json:
        show_json({"newsletter": name, "article": slug})
    else:
        click.echo(f"{slug} is in {name} again.")
