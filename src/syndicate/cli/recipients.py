"""Who was mailed an article or an edition, and who is to be after all."""

from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.named import NewsletterName, find_edition
from syndicate.cli.terminal import AsJson, opened, show_json, show_table
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from syndicate.services import Services


def register(app: typer.Typer) -> None:
    """Add the command to those about editions."""
    app.command("recipients")(list_recipients)
    app.command("include")(include_article)


def mailed(services: "Services", newsletter: str, name: str) -> int:
    """Return the number of an edition of a newsletter that was started."""
    _, edition = find_edition(services, name)
    if edition.newsletter != newsletter:
        raise SyndicateError(f"{name} is no edition of {newsletter}: it has other readers.")
    if edition.started is None:
        raise SyndicateError(f"{name} was not started: nobody got it.")
    return edition.id


def list_recipients(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its slug or number.")],
    *,
    as_json: AsJson = False,
) -> None:
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


def include_article(
    context: typer.Context,
    newsletter: NewsletterName,
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its slug or number.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Put back an article that an editor's note left out: it is news to those who never had it."""
    from syndicate.jobs import notes

    services = opened(context)
    name = services.newsletter(newsletter).name
    slug = notes.put_back(services.store, name, article, services.clock())
    if as_json:
        show_json({"newsletter": name, "article": slug})
    else:
        typer.echo(f"{slug} is in {name} again.")
