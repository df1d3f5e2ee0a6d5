"""Commands about the feeds: list, validate, import-ids; `polls` adds stats."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Signal
from typing import TYPE_CHECKING

import click

from syndicate.cli import nouns
from syndicate.cli.progress import drawn
from syndicate.cli.terminal import (
    as_json,
    called,
    complain,
    many,
    opened,
    show_json,
    show_table,
)
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from syndicate.jobs.feeds import Examined
    from syndicate.net import Client
    from syndicate.services import Services

_SHOWN = 20  # faults of one document on a terminal: the rest is more of the same


class NoFeed(SyndicateError):
    """A file or an address that should hold a feed cannot be read."""


@nouns.feeds.command("list")
@as_json
@click.pass_context
def list_feeds(context: click.Context, *, as_json: bool) -> None:
    """List every published feed: its title, its entries, its formats and where it is."""
    from syndicate.jobs.feeds import published_feeds

    services = opened(context)
    found = published_feeds(services.store, services.about, services.public)
    if as_json:
        show_json(found)
        return
    show_table(
        (
            (
                one.stem,
                one.title or "?",
                "?" if one.entries is None else many(one.entries, "entry", "entries"),
                next(iter(one.files.values())).rpartition(".")[0]
                + "."
                + "|".join(_endings(one.files)),
            )
            for one in found
        ),
        otherwise="Nothing is published yet. Put pages into content/, then: syndicate build",
    )


def _endings(files: dict[str, str]) -> Iterable[str]:
    return (address.rpartition(".")[2] for address in files.values())


@nouns.feeds.command()
@click.argument(
    "feed",
    required=False,
    metavar="[FILE|URL]",
    help="A feed; without it all that this publication has.",
)
@as_json
@click.pass_context
def validate(context: click.Context, *, feed: str | None, as_json: bool) -> None:
    """Hold feeds to RFC 4287, RSS 2.0 and its profile, JSON Feed 1.1 and RFC 5005. Exit status 1 on errors.

    A file needs no publication; an address is asked through the same guard as sources are.
    """
    found = list(_examined(context, feed))
    if as_json:
        show_json(found)
    else:
        _show(found)
    if any(fault.level == "error" for one in found for fault in one.faults):
        sys.exit(1)


def _examined(context: click.Context, feed: str | None) -> "Iterable[Examined]":
    from syndicate.jobs.feeds import examine, examine_published

    if feed is None:
        services = opened(context)
        return examine_published(services.store, services.public)
    data = _fetched(context, feed) if "://" in feed else _read(Path(feed))
    return [examine(feed, data)]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NoFeed(
            f"{file}: cannot be read ({error.strerror}). Name a file or an address."
        ) from None


def _fetched(context: click.Context, address: str) -> bytes:
    with _told(address):
        answer = _client(opened(context)).get(address)
    if answer.status != 200:
        raise NoFeed(f"{address}: answers with {answer.status}, not with a feed.")
    return answer.body


def _client(services: "Services") -> "Client":
    """Return the way out that sources are asked by."""
    from syndicate.workers.fetcher import fetching

    return fetching(services, Signal()).client


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Turn what cannot be fetched into one line."""
    from syndicate.net import Forbidden, Unreachable

    try:
        yield
    except (Unreachable, Forbidden) as error:
        raise NoFeed(f"{address}: cannot be fetched: {error}") from None


@nouns.feeds.command("import-ids")
@click.argument(
    "address", metavar="ADDRESS", help="The old feed, or the old site's /wp-json/wp/v2/posts."
)
@click.option("--dry-run", is_flag=True, help="Say what would be taken over, and change nothing.")
@as_json
@click.pass_context
def import_ids(context: click.Context, *, address: str, dry_run: bool, as_json: bool) -> None:
    """Take over the ids of a publication that moves here, so that its readers see nothing as new.

    An article is known by its original address, else by its title; ids of pages that are still to come
    wait for them. Old addresses, and those of old feeds, lead to the new ones. May be repeated.
    """
    from syndicate.jobs.import_ids import import_ids as job

    with drawn("reading ids", "ids.") as tell:
        services = opened(context, tell=tell)
        with _told(address):
            get = _client(services).get
            report = job(services.store, get, address, services.tell, dry_run=dry_run)
    if as_json:
        show_json(report)
        return
    for slug, uid in report.taken:
        click.echo(f"{'would take' if dry_run else 'took'}  {uid}  {slug}")
    for uid in report.unusable:
        complain(
            f"{uid}: is no absolute IRI of 2,000 bytes at most, as ids have to be: it cannot be kept"
        )
    for uid in report.doubled:
        complain(f"{uid}: several entries have this id, and only the first of them can keep it")
    for one in report.shared:
        complain(f"{one}: several ids have this address; one is taken by its page, the others wait")
    articles = many(len(report.taken), "article", "articles")
    waits = many(report.waiting, "waits for its page", "wait for their pages")
    click.echo(
        f"{many(report.read, 'id', 'ids')} read, {report.new} new; {articles} here "
        f"{'would take' if dry_run else 'took'} theirs, {waits}; "
        f"{many(len(report.redirected), 'old address', 'old addresses')} of feeds lead to the new ones"
    )
    if report.taken and not dry_run:
        click.echo(f"Next: {called()} -C {services.folder} build")


def _show(found: "list[Examined]") -> None:
    for one in found:
        if one.faults:
            click.echo(one.name)
        for fault in one.faults[:_SHOWN]:
            entry = f" ({fault.entry})" if fault.entry else ""
            by = f" [{fault.reference}]" if fault.reference else ""
            click.echo(f"  {fault.level:7}  {fault.rule}: {fault.where}{entry} {fault.message}{by}")
        if len(one.faults) > _SHOWN:
            click.echo(f"  and {len(one.faults) - _SHOWN} more; all with --json")
    levels = [fault.level for one in found for fault in one.faults]
    errors = many(levels.count("error"), "error", "errors")
    warnings = many(levels.count("warning"), "warning", "warnings")
    click.echo(f"{many(len(found), 'document', 'documents')}: {errors}, {warnings}")
