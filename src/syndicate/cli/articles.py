"""Commands about articles: list, show."""

import click

from syndicate.cli import nouns
from syndicate.cli.terminal import as_json, opened, show_json, show_table
from syndicate.errors import SyndicateError


@nouns.articles.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that were taken down.")
@as_json
@click.pass_context
def list_articles(context: click.Context, *, everything: bool, as_json: bool) -> None:
    """List all published articles, newest first."""
    from syndicate.store import articles, series, tags

    with opened(context).store.read() as tx:
        rows, known, tagged = articles.published(tx), series.load(tx), tags.published(tx)
        if everything:
            rows += [one for one in articles.every(tx) if one.state != articles.PUBLISHED]
    if as_json:
        show_json(
            [
                {
                    "id": row.uid,
                    "slug": row.slug,
                    "title": row.title,
                    "language": row.language,
                    "published": row.published,
                    "updated": row.updated,
                    "revision": row.revision,
                    "series": known[row.series_id].slug if row.series_id in known else None,
                    "part": row.part,
                    "tags": list(tagged.get(row.id, {}).values()),
                    "state": row.state,
                }
                for row in rows
            ]
        )
        return
    show_table(
        (
            (
                f"{row.published:%Y-%m-%d %H:%M}",
                row.language,
                row.slug,
                row.title,
                *((row.state,) if everything else ()),
            )
            for row in rows
        ),
        otherwise="There are no articles yet: put pages into content/ and run build.",
    )


@nouns.articles.command("show")
@click.argument("article", metavar="ARTICLE", help="Its slug, as in articles list.")
@as_json
@click.pass_context
def show_article(context: click.Context, *, article: str, as_json: bool) -> None:
    """Show an article: its id, address, dates, place and text."""
    from syndicate import addresses
    from syndicate.articles import from_record
    from syndicate.articles.written import as_page
    from syndicate.store import articles, pages, series

    services = opened(context)
    with services.store.read() as tx:
        row = articles.find(tx, article)
        if row is None:
            raise SyndicateError(f"There is no article {article!r}. See: syndicate articles list")
        record = articles.record(tx, row.id, row.revision)
        files = pages.paths_of(tx, row.id)
        its = series.load(tx).get(row.series_id) if row.series_id else None
    about: dict[str, object] = {
        "id": row.uid,
        "slug": row.slug,
        "address": addresses.absolute(services.about.base_url, addresses.article_path(row.slug)),
        "files": files,
        "state": row.state,
        "published": row.published,
        "updated": row.updated,
        "revision": row.revision,
        "series": its.title if its else None,
        "part": row.part,
        "parts": its.total if its else None,
    }
    if as_json:
        show_json({**about, "article": record})
        return
    about["files"] = ", ".join(files) or None
    show_table(
        ((name, "-" if value is None else value) for name, value in about.items()), otherwise=""
    )
    click.echo("")
    for line in as_page(from_record(record)):
        click.echo(line)
