"""What an operator may choose about pages: when they leave, what is old, which make a series."""

from datetime import timedelta

from msgspec import Struct

from syndicate.content import MAX_BYTES
from syndicate.model import NamedSeries


class Rules(Struct, frozen=True):
    """How pages are kept.

    An article leaves when its page has been gone for `grace`. When more than `guard` percent of all
    articles miss their pages (and five at least), none leaves. A page whose own date is more than
    `backlog_after` before it was first seen is nobody's news. `series` were named by hand.
    A page has `max_bytes` at most. One that is still being written is read as it is at the end of
    some patience, or if `leave_unfinished` left to the next pass, where there will be one.
    """

    grace: timedelta = timedelta(hours=24)
    guard: float = 30.0
    backlog_after: timedelta = timedelta(days=7)
    series: tuple[NamedSeries, ...] = ()
    max_bytes: int = MAX_BYTES
    leave_unfinished: bool = False


SETTINGS = "syndicate.toml"  # where an editor mends what no page says
USUAL = Rules()
