"""How feeds are asked for: feeds stats."""

import click

from syndicate.cli import nouns
from syndicate.cli.terminal import Whole, as_json, number, opened, show_json, show_table

_HEADS = ("day", "feed", "polls", "304", "subscribers", "readers")


@nouns.feeds.command()
@number("--days", type=Whole(1, 400), default=7, help="How many days, with this one.")
@as_json
@click.pass_context
def stats(context: click.Context, *, days: int, as_json: bool) -> None:
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
