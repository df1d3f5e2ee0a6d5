"""Commands about what became of an article: history, diff, withdraw, restore."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from syndicate.cli import nouns
from syndicate.cli.terminal import as_json, many, opened, say, show_json, show_table
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from syndicate.jobs.withdraw import Withdrawal
    from syndicate.services import Services
    from syndicate.store.articles import Row
    from syndicate.store.database import Transaction
    from syndicate.store.revisions import Revision

_article = click.argument("article", metavar="ARTICLE", help="Its slug, as in articles list.")
_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


@nouns.articles.command()
@_article
@as_json
@click.pass_context
def history(context: click.Context, *, article: str, as_json: bool) -> None:
    """List every revision of an article, and how much each changed."""
    services = opened(context)
    with services.store.read() as tx:
        row, found = _revisions(tx, article)
    if as_json:
        show_json({"slug": row.slug, "state": row.state, "revisions": found})
        return
    show_table(
        ((one.number, f"{one.at:%Y-%m-%d %H:%M:%S} UTC", one.change, one.title) for one in found),
        otherwise="",
    )


@nouns.articles.command()
@_article
@click.argument(
    "revisions",
    nargs=-1,
    type=int,
    metavar="[REV REV]",
    help="Two revisions; the last two if not said.",
)
@as_json
@click.pass_context
def diff(
    context: click.Context, *, article: str, revisions: tuple[int, ...], as_json: bool
) -> None:
    """Show what differs between two revisions of an article."""
    from syndicate.articles import from_record
    from syndicate.articles.change import classify
    from syndicate.articles.compare import compare
    from syndicate.store import articles

    services = opened(context)
    with services.store.read() as tx:
        row, found = _revisions(tx, article)
        first, last = _chosen(row, [one.number for one in found], revisions)
        old, new = (from_record(articles.record(tx, row.id, number)) for number in (first, last))
    change, lines = classify(old, new), compare(old, new)
    if as_json:
        show_json({"slug": row.slug, "from": first, "to": last, "change": change, "lines": lines})
        return
    click.echo(f"{row.slug}  revision {first} -> {last}  {change}")
    for line in lines:
        click.secho(f"{line.mark} {line.text}", fg=_COLOURS.get(line.mark))


def _revisions(tx: "Transaction", article: str) -> "tuple[Row, list[Revision]]":
    from syndicate.jobs.withdraw import find
    from syndicate.store import revisions

    row = find(tx, article)
    return row, revisions.listed(tx, row.id)


def _chosen(row: "Row", numbers: list[int], wanted: Sequence[int]) -> tuple[int, int]:
    if not wanted:
        if len(numbers) == 1:
            raise SyndicateError(f"{row.slug} has one revision: there is nothing to compare.")
        return numbers[-2], numbers[-1]
    if len(wanted) != 2:
        raise click.BadParameter("name two revisions, or none for the last two")
    for one in wanted:
        if one not in numbers:
            known = f"1 to {numbers[-1]}" if len(numbers) > 1 else "1 alone"
            raise SyndicateError(f"{row.slug} has no revision {one}; it has {known}.")
    return wanted[0], wanted[1]


@nouns.articles.command()
@_article
@click.option("--now", is_flag=True, help="Do it; else say what it would do.")
@click.option("--reason", default="", help="Why, for your own record; readers do not see it.")
@as_json
@click.pass_context
def withdraw(
    context: click.Context, *, article: str, now: bool, reason: str, as_json: bool
) -> None:
    """Take an article down everywhere at once: feeds, site, and letters that have not left."""
    from syndicate.cli import work
    from syndicate.jobs import withdraw as job

    services = opened(context)
    if now and not reason.strip():
        raise click.BadParameter("say why: --reason TEXT")
    if not now:
        with services.store.read() as tx:
            row = job.find(tx, article)
        click.echo(
            f"{row.slug} ({row.title}) would leave the feeds, the site and all letters that have not left."
        )
        say(f"Do it: syndicate articles withdraw {row.slug} --now --reason TEXT")
        return
    done = job.withdraw(
        services.store, article, reason.strip(), services.clock(), services.tell, services.rules
    )
    work.prepare_letters(services)
    _show(services, done, "withdrawn", as_json=as_json)


@nouns.articles.command()
@_article
@as_json
@click.pass_context
def restore(context: click.Context, *, article: str, as_json: bool) -> None:
    """Put an article back that was taken down, or keep one whose page is gone."""
    from syndicate.cli import work
    from syndicate.jobs import withdraw as job

    services = opened(context)
    done = job.restore(services.store, article, services.clock(), services.tell, services.rules)
    work.prepare_letters(services)
    _show(services, done, "published", as_json=as_json)


def _show(services: "Services", done: "Withdrawal", state: str, *, as_json: bool) -> None:
    from syndicate import addresses

    if as_json:
        show_json({"state": state, "articles": done.articles, "letters": done.letters})
        return
    for slug in done.articles:
        path = addresses.article_path(slug)
        click.echo(f"{state}  {addresses.absolute(services.about.base_url, path)}")
    letters = done.letters
    counts = (
        (letters.changed, "goes out without it", "go out without it"),
        (
            letters.cancelled,
            "was cancelled; the rest comes later",
            "were cancelled; the rest comes later",
        ),
        (
            letters.unknown,
            "may have arrived, and is not sent again",
            "may have arrived, and are not sent again",
        ),
    )
    for count, one, several in counts:
        if count:
            click.echo(f"letters    {many(count, f'letter {one}', f'letters {several}')}")
