"""Whom an edition would go to, as commands show it before it starts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from syndicate.cli.terminal import many

if TYPE_CHECKING:
    from syndicate.jobs.reach import Reach

_WHY = {
    "held": "held, since letters failed",
    "suppressed": "suppressed",
    "paused": "paused",
    "languages": "of another language than audience.languages",
    "tags": "who chose none of audience.tags",
    "series": "who chose none of audience.series",
    "joined": "who joined before audience.joined_since",
    "cadence": "not due one now, by their cadence",
    "recipients": "who did not get that edition",
    "nothing-new": "due nothing new",
}


def show_reach(found: "Reach") -> None:
    """Say how many would get an edition, and who would not."""
    get = many(found.letters, "reader gets", "readers get")
    click.echo(f"{get} it.{left_out(found.left_out)}")


def left_out(counts: Mapping[str, int]) -> str:
    """Return a sentence about readers who get no letter, "" when there are none."""
    said = ", ".join(f"{count} {_WHY[why]}" for why, count in counts.items())
    return f" Left out: {said}." if said else ""
