"""Commands about the sources of pages on the web: list."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from syndicate.cli import nouns
from syndicate.cli.terminal import as_json, many, opened, show_json, show_table
from syndicate.model import Source

if TYPE_CHECKING:
    from syndicate.jobs.visit import Visited
    from syndicate.services import Services

_ERRORS = 5  # of a source's pages, named on a terminal


class _Health(Struct, frozen=True):
    """How a source stands. `pages` are kept, `failing` could not be read the last time."""

    name: str
    lists: str
    addresses: tuple[str, ...]
    every_seconds: int
    pages: int
    failing: int
    gone: int
    last_success: datetime | None
    last_failure: datetime | None
    error: str | None
    next_try: datetime | None
    page_errors: tuple[str, ...]


@nouns.sources.command("list")
@as_json
@click.pass_context
def list_sources(context: click.Context, *, as_json: bool) -> None:
    """List all sources: their pages, the last success and error, and when they are asked next."""
    services = opened(context)
    found = _health(services)
    if as_json:
        show_json(found)
        return
    show_table(
        (
            (
                one.name,
                one.lists,
                many(one.pages, "page", "pages"),
                f"last read {_day(one.last_success)}",
                f"next {_day(one.next_try)}",
            )
            for one in found
        ),
        otherwise=f"There are no sources. Add one as [[sources]] in {services.file}.",
    )
    for one in found:
        if one.error:
            click.echo(f"\n{one.name}: since {_day(one.last_failure)}: {one.error}")
        for error in one.page_errors[:_ERRORS]:
            click.echo(f"{one.name}: {error}")
        if one.failing > _ERRORS:
            click.echo(f"{one.name}: and {one.failing - _ERRORS} more")


def _health(services: "Services") -> list[_Health]:
    from syndicate.store import sources

    with services.store.read() as tx:
        states, counts = sources.states(tx), sources.counts(tx)
        errors = {one.name: sources.errors(tx, one.name) for one in services.settings.sources}
    return [
        _of(one, states.get(one.name), counts.get(one.name, {}), errors[one.name])
        for one in services.settings.source_records()
    ]


def _of(source: Source, state: object, counts: dict[str, int], errors: Sequence[str]) -> _Health:
    return _Health(
        name=source.name,
        lists=source.lists,
        addresses=source.addresses,
        every_seconds=round(source.every.total_seconds()),
        pages=counts.get("kept", 0),
        failing=len(errors),
        gone=counts.get("gone", 0),
        last_success=getattr(state, "succeeded", None),
        last_failure=getattr(state, "failed", None),
        error=getattr(state, "error", None),
        next_try=getattr(state, "next_try", None),
        page_errors=tuple(errors),
    )


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"


def show_visits(visits: "Sequence[Visited]", *, dry_run: bool) -> None:
    """Print what came of the sources that were fetched."""
    for one in visits:
        texts = []
        if one.posts:
            parts = "" if one.parts == one.posts else f" in {one.parts} parts"
            texts.append(f"{many(one.posts, 'new post', 'new posts')}{parts}")
        texts += [
            f"{number} {what}"
            for number, what in ((one.changed, "changed"), (one.gone, "gone"))
            if number
        ]
        texts += [f"{one.failing} cannot be read"] if one.failing else []
        verb = "would fetch" if dry_run else "fetched   "
        click.echo(f"{verb} {one.source}: {', '.join(texts) or 'nothing new'}")
        if one.error:
            click.echo(f"warning    {one.source}: {one.error}")
