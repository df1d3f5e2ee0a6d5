"""When a request's turn comes: token buckets, kept as one time each (the generic cell rate algorithm).

A bucket of `burst` tokens, of which one comes back `every` so often, is wholly told by the time until
which its turns are taken. Whoever finds no token is not refused: its turn is when there is one.
"""

from datetime import datetime, timedelta

from msgspec import Struct


class Bucket(Struct, frozen=True):
    """`burst` requests at once, and one more `every` so often."""

    every: timedelta
    burst: int


NETWORK = Bucket(timedelta(minutes=6), 10)  # a household or a school class, not a script
ALL = Bucket(timedelta(seconds=1), 600)  # a page that is named on television
LONGEST = timedelta(days=1)  # nobody waits longer for a letter: such a request is let go


def take(taken: datetime | None, bucket: Bucket, now: datetime) -> tuple[datetime, datetime]:
    """Return when the next turn is, and until when turns are taken after it.

    What is taken further ahead than any request waits was taken by a clock that was wrong.
    """
    furthest = now + LONGEST + bucket.burst * bucket.every
    base = now if taken is None or taken > furthest else max(taken, now)
    return max(now, base - (bucket.burst - 1) * bucket.every), base + bucket.every
