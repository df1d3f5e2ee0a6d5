"""How feeds are asked for: feeds stats."""

from typing import Annotated

import typer

from syndicate.cli.terminal import AsJson, opened, show_json, show_table

_HEADS = ("day", "feed", "polls", "304", "subscribers", "readers")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(stats)


def stats(
    context: typer.Context,
    days: Annotated[
        int, typer.Option("--days", min=1, max=400, help="How many days, with this one.")
    ] = 7,
    *,
    as_json: AsJson = False,
) -> None:
    """Show how each feed was asked for, by day: polls, those answered with 304, readers, subscribers.

    The daemon counts programs by family, and what aggregators say of themselves; no address is kept.
    """
    from syndicate.jobs.polls import feed_days

    services = opened(context)
    found = feed_days(services.store, services.about.zone, services.clock(), days)
    if as_json:
        show_json(found)
        return
    rows = [
        (
            one.day,
            one.feed,
            one.polls,
            f"{one.share:.0%}",
            one.subscribers,
            ", ".join(f"{its.family} {its.polls}" for its in one.readers),
        )
        for one in found
    ]
    show_table(
        [_HEADS, *rows] if rows else [],
        otherwise="No feed was asked for in this time, as far as a daemon counted (once a minute).",
    )
