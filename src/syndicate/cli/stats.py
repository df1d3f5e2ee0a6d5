"""stats: who came and went, and what was sent, day by day."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from syndicate.cli.terminal import Whole, as_json, number, opened, show_json, show_table

if TYPE_CHECKING:
    from syndicate.jobs.stats import Day, Stats

_WIDTH = 30  # cells of the longest bar


@click.command()
@number("--days", type=Whole(1, 3660), default=30, help="How many days, with today.")
@click.option("--newsletter", default="", metavar="NAME", help="Which newsletter; else all.")
@as_json
@click.pass_context
def stats(context: click.Context, *, days: int, newsletter: str, as_json: bool) -> None:
    """Count who joined, confirmed and left, what bounced and was sent, a day a line. Nobody is named."""
    from syndicate.jobs.stats import tell_stats

    services = opened(context)
    name = services.newsletter(newsletter).name if newsletter else None
    found = tell_stats(services.store, services.about.zone, days, services.clock(), name)
    if as_json:
        show_json(found)
        return
    _chart([one for one in found.days if _has_something(one)])
    if len(found.newsletters) > 1:
        _newsletters(found)
    _rest(found)


def _has_something(one: "Day") -> bool:
    return any((one.joined, one.confirmed, one.left, one.bounced, one.sent))


def _chart(days: "Sequence[Day]") -> None:
    """Draw a day a line, where something happened: the bar is who joined (+) and who left (-)."""
    most = max((one.joined + one.left for one in days), default=0)
    rows = [
        (one.day, one.joined, one.confirmed, one.left, one.bounced, one.sent, _bar(one, most))
        for one in days
    ]
    head = ("day", "joined", "confirmed", "left", "bounced", "sent", "joined +, left -")
    show_table([head, *rows] if rows else [], otherwise="Nothing happened in these days.")


def _bar(one: "Day", most: int) -> str:
    scale = min(1.0, _WIDTH / most) if most else 1.0
    came, went = (max(round(n * scale), int(n > 0)) for n in (one.joined, one.left))
    return "+" * came + "-" * went


def _newsletters(found: "Stats") -> None:
    kinds = ("joined", "confirmed", "left", "bounced", "sent")
    rows = [
        (name, *(sum(getattr(day, kind) for day in days) for kind in kinds))
        for name, days in found.newsletters.items()
    ]
    click.echo("")
    show_table([("newsletter", *kinds), *rows], otherwise="")


def _rest(found: "Stats") -> None:
    if found.forms:
        click.echo("")
        rows = [(one.form, one.asked, one.joined) for one in found.forms]
        show_table([("form", "asked", "joined"), *rows], otherwise="")
    if found.editions:
        click.echo("")
        lines = [
            (one.edition, one.sent, one.bounced, one.failed, one.unknown) for one in found.editions
        ]
        show_table([("edition", "sent", "bounced", "failed", "unknown"), *lines], otherwise="")
