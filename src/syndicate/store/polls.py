"""How often feeds were asked for: by day, feed and family of readers."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, select

from syndicate.store.database import Transaction
from syndicate.store.schema.serving import poll
from syndicate.store.upsert import upsert_many


class Count(NamedTuple):
    """Requests, how many of them were answered with 304, and the most subscribers that were named."""

    polls: int
    unchanged: int
    subscribers: int

    def with_more(self, other: "Count") -> "Count":
        """Count both together; subscribers are the same people each time."""
        return Count(
            self.polls + other.polls,
            self.unchanged + other.unchanged,
            max(self.subscribers, other.subscribers),
        )


class Row(NamedTuple):
    """The count of a family for a feed on a day."""

    day: str
    feed: str
    family: str
    counted: Count


def add(tx: Transaction, day: date, counts: Mapping[tuple[str, str], Count]) -> None:
    """Add to the counts of a day, by feed and family."""
    known = {(row.feed, row.family): row.counted for row in _rows(tx, day, day)}
    rows = []
    for (feed, family), count in counts.items():
        before = known.get((feed, family), Count(0, 0, 0))
        whole = {"day": day.isoformat(), "feed": feed, "family": family}
        rows.append(whole | before.with_more(count)._asdict())
    upsert_many(tx, poll, rows, ("day", "feed", "family"))


def forget(tx: Transaction, before: date) -> None:
    """Forget the days before one."""
    tx.execute(delete(poll).where(poll.c.day < before.isoformat()))


def since(tx: Transaction, first: date) -> list[Row]:
    """Return the counts from a day on: the latest day first, then by feed."""
    return _rows(tx, first, date.max)


def _rows(tx: Transaction, first: date, last: date) -> list[Row]:
    found = tx.execute(
        select(poll)
        .where(poll.c.day >= first.isoformat(), poll.c.day <= last.isoformat())
        .order_by(poll.c.day.desc(), poll.c.feed, poll.c.family)
    )
    return [
        Row(row.day, row.feed, row.family, Count(row.polls, row.unchanged, row.subscribers))
        for row in found
    ]
