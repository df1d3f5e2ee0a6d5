"""When what waits becomes news: once it has settled, and its series is not to be split (DELIVERY.md)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from syndicate.model import NewsKind


class Waiting(Struct, frozen=True):
    """An article that waits to become news, `since` when. `incomplete`: parts of its series are to come.

    `lost`: no page holds it just now. It is no news until one does, and none at all if it is withdrawn.
    """

    article_id: int
    kind: NewsKind
    since: datetime
    series: int | None = None
    part: int | None = None
    incomplete: bool = False
    lost: bool = False


def mailable(
    waiting: Sequence[Waiting], settle: timedelta, hold: timedelta, now: datetime
) -> Iterator[Waiting]:
    """Yield what is news now, series by series, parts in order.

    New parts of a series whose rest is announced are held until the rest is there, or until one of
    them has waited for `hold`: then all go that are there.
    """
    there = [one for one in waiting if not one.lost]
    due = {one.series for one in there if _is_held(one) and one.since + hold <= now}
    for one in sorted(there, key=_place):
        if one.since + settle <= now and (not _is_held(one) or one.series in due):
            yield one


def next_time(waiting: Sequence[Waiting], settle: timedelta, hold: timedelta) -> datetime | None:
    """Return when the next of it may be news, None when nothing waits but for its page."""
    there = [one for one in waiting if not one.lost]
    times = [one.since + (max(settle, hold) if _is_held(one) else settle) for one in there]
    return min(times, default=None)


def _is_held(one: Waiting) -> bool:
    return one.incomplete and one.series is not None and one.kind is NewsKind.NEW


def _place(one: Waiting) -> tuple[float, int, int]:
    """Order: series by number, parts in order, then what stands alone as it came."""
    if one.series is None:
        return float("inf"), 0, one.article_id
    return one.series, one.part or 0, one.article_id
