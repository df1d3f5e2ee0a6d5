"""What an operator may choose about pages: when they leave, what is old, which make a series."""

from dataclasses import dataclass
from datetime import timedelta

from syndicate.model import NamedSeries


@dataclass(frozen=True, slots=True)
class Rules:
    """How pages are kept.

    An article leaves when its page has been gone for `grace`. When more than `guard` percent of all
    articles miss their pages (and five at least), none leaves. A page whose own date is more than
    `backlog_after` before it was first seen is nobody's news. `series` were named by hand.
    """

    grace: timedelta = timedelta(hours=24)
    guard: float = 30.0
    backlog_after: timedelta = timedelta(days=7)
    series: tuple[NamedSeries, ...] = ()


USUAL = Rules()
