"""How feeds are asked for: counted in memory, written in batches, and told by day. No address is kept."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from threading import Lock
from zoneinfo import ZoneInfo

from msgspec import Struct

from syndicate.feeds import reader
from syndicate.store import polls
from syndicate.store.database import Store
from syndicate.store.polls import Count

KEPT = timedelta(days=400)  # a year, and the same month of the year before


class Polls:
    """Counts of this process that are yet to be written; the web server counts, another thread writes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[tuple[str, str], Count] = {}

    def count(self, feed: str, agent: bytes, *, unchanged: bool) -> None:
        """Count a request for the feed at a published path; `unchanged` if it was answered with 304."""
        family, subscribers = reader(agent)
        self._add(((feed, family), Count(1, int(unchanged), subscribers)))

    def counted(self) -> dict[tuple[str, str], Count]:
        """Return what is yet to be written, by feed and family."""
        with self._lock:
            return dict(self._counts)

    def _add(self, *counts: tuple[tuple[str, str], Count]) -> None:
        with self._lock:
            for key, one in counts:
                known = self._counts.get(key)
                self._counts[key] = one if known is None else known.with_more(one)

    def save(self, store: Store, zone: str, now: datetime) -> None:
        """Write what was counted, to the present day in `zone`; what cannot be written stays."""
        with self._lock:
            counts, self._counts = self._counts, {}
        if not counts:
            return
        day = _day_of(zone, now)
        try:
            with store.write() as tx:
                polls.add(tx, day, counts)
                polls.forget(tx, day - KEPT)
        except BaseException:
            self._add(*counts.items())
            raise


class Readers(Struct, frozen=True):
    """The programs of one family that asked for a feed on one day."""

    family: str
    polls: int
    unchanged: int
    subscribers: int


class FeedDay(Struct, frozen=True):
    """How one feed was asked for on one day; `share` of the answers were 304, from 0 to 1.

    `subscribers` are those that aggregators said to have, together. `readers` are busiest first.
    """

    day: str
    feed: str
    polls: int
    unchanged: int
    share: float
    subscribers: int
    readers: tuple[Readers, ...]


def feed_days(store: Store, zone: str, now: datetime, days: int) -> tuple[FeedDay, ...]:
    """Tell how feeds were asked for on the present day in `zone` and those before it, the latest first."""
    with store.read() as tx:
        rows = polls.since(tx, _day_of(zone, now) - timedelta(days=days - 1))
    return tuple(
        _day(*key, (Readers(row.family, *row.counted) for row in some))
        for key, some in groupby(rows, lambda row: (row.day, row.feed))
    )


def _day_of(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def _day(day: str, feed: str, readers: Iterable[Readers]) -> FeedDay:
    known = sorted(readers, key=lambda one: (-one.polls, one.family))
    count, unchanged = sum(one.polls for one in known), sum(one.unchanged for one in known)
    subscribers = sum(one.subscribers for one in known)
    share = round(unchanged / count, 3)
    return FeedDay(day, feed, count, unchanged, share, subscribers, tuple(known))
