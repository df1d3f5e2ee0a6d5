"""stats: who came and went, and what was sent, day by day."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.terminal import AsJson, opened, show_json, show_table

if TYPE_CHECKING:
    from syndicate.jobs.stats import Day, Stats

_WIDTH = 30  # cells of the longest bar


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(stats)


def stats(
    context: typer.Context,
    days: Annotated[
        int, typer.Option("--days", min=1, max=3660, metavar="N", help="How many days, with today.")
    ] = 30,
    newsletter: Annotated[
        str, typer.Option("--newsletter", metavar="NAME", help="Which newsletter; else all.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
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
    typer.echo("")
    show_table([("newsletter", *kinds), *rows], otherwise="")


def _rest(found: "Stats") -> None:
    if found.forms:
        typer.echo("")
        rows = [(one.form, one.asked, one.joined) for one in found.forms]
        show_table([("form", "asked", "joined"), *rows], otherwise="")
    if found.editions:
        typer.echo("")
        lines = [
            (one.edition, one.sent, one.bounced, one.failed, one.unknown) for one in found.editions
        ]
        show_table([("edition", "sent", "bounced", "failed", "unknown"), *lines], otherwise="")
