"""How fast letters may leave towards one group of domains: a token bucket for each *lane*.

A lane is a relay and a group of recipients' domains (`outbox/domains.py`). It is free until a limit is
configured or a server asks to go slower (421, 4.7.x: DELIVERY.md, "Speed and pace"). Then its letters
take a token each; those for which there is none are given a turn and looked at again only then.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from syndicate.model import Accepted, Deferred, Outcome
from syndicate.outbox.blame import enhanced

FLOOR = 0.2  # letters a second: slower would leave a lane unwatched for longer than `deliver` waits
_UNKNOWN_PACE = 20.0  # letters a second: what a lane counts as, at least, when first asked to slow
_REST = timedelta(seconds=10)  # replies to letters that left before a slowing slow no further
_GROWTH_S = 60.0  # seconds in which a lane that is used up grows by a factor of e
_ROUNDING = 1e-3  # tokens: times are in whole microseconds, and a turn may come a little early
_HORIZON = timedelta(minutes=10)  # no turn is further ahead: the lane may be faster by then
_GREYLISTED = re.compile("gr[ea]y-?list", re.IGNORECASE)


class Limit(Struct, frozen=True):
    """What is configured for a lane: letters a second, and how many may leave at once."""

    rate: float
    burst: float


class Way(Struct, frozen=True):
    """Where letters leave by: the relay's name, and the limits of its lanes by domain group."""

    relay: str
    limits: Mapping[str, Limit] = field(default_factory=dict)


FREE = Way("")


class Bucket(Struct, frozen=True):
    """A lane that is limited now; a free lane has none.

    `tokens` were there at `updated`; `rate` is letters a second now, `ceiling` where it ends to
    grow: what is configured, or, if `learned`, the speed at which the lane is free again. `turn` is
    the last turn that was given to a waiting letter; `slowed` the last time that a server asked.
    """

    tokens: float
    updated: datetime
    rate: float
    ceiling: float
    burst: float
    learned: bool
    turn: datetime
    slowed: datetime | None = None

    def at(self, now: datetime) -> "Bucket":
        """Return the bucket with the tokens that have come in until `now`."""
        gained = max(0.0, (now - self.updated).total_seconds()) * self.rate
        return replace(self, tokens=min(self.burst, self.tokens + gained), updated=now)


Pace = Mapping[str, Bucket]


class Admission(Struct, frozen=True):
    """Which letters leave, when the others are looked at again, and the buckets after it."""

    leaving: tuple[int, ...]
    later: Mapping[int, datetime]
    pace: Pace


def current(stored: Pace, way: Way, now: datetime) -> dict[str, Bucket]:
    """Bring stored buckets in line with what is configured now."""
    pace = {lane: bucket for lane, bucket in stored.items() if bucket.learned}
    for lane, limit in way.limits.items():
        known = stored.get(lane)
        pace[lane] = (
            Bucket(limit.burst, now, limit.rate, limit.rate, limit.burst, learned=False, turn=now)
            if known is None
            else _configured(known, limit)
        )
    return pace


def _configured(bucket: Bucket, limit: Limit) -> Bucket:
    slower = bucket.slowed is not None and bucket.rate < bucket.ceiling
    rate = min(bucket.rate, limit.rate) if slower else limit.rate
    return replace(bucket, rate=rate, ceiling=limit.rate, burst=limit.burst, learned=False)


def admit(pace: Pace, waiting: Sequence[tuple[int, str]], room: int, now: datetime) -> Admission:
    """Let up to `room` letters leave. `waiting` are (letter, lane) in the order of the queue."""
    after = dict(pace)
    leaving: list[int] = []
    later: dict[int, datetime] = {}
    for letter, lane in waiting:
        if len(leaving) == room:
            break
        bucket = after.get(lane)
        if bucket is None:
            leaving.append(letter)
            continue
        bucket = bucket.at(now)
        if bucket.tokens >= 1 - _ROUNDING:
            leaving.append(letter)
            after[lane] = replace(bucket, tokens=bucket.tokens - 1)
        else:
            after[lane] = _queued(bucket, now)
            later[letter] = after[lane].turn
    return Admission(tuple(leaving), later, after)


def _queued(bucket: Bucket, now: datetime) -> Bucket:
    """Give one letter its turn: after all that were given one, yet within the horizon."""
    first = now + timedelta(seconds=(1 - bucket.tokens) / bucket.rate)
    turn = max(first, bucket.turn + timedelta(seconds=1 / bucket.rate))
    return replace(bucket, turn=min(turn, max(first, now + _HORIZON)))


def asks_to_slow(outcome: Outcome) -> bool:
    """Whether a reply asks for a slower pace. Greylisting does not: it asks to come again."""
    if not isinstance(outcome, Deferred) or outcome.code is None:
        return False
    if outcome.code == 421:  # RFC 5321 section 4.2.2: not now, for whatever was said
        return True
    status = enhanced(outcome.reply.partition(" ")[2]) or ""
    return status.startswith("4.7.") and not _GREYLISTED.search(outcome.reply)


def slowed(bucket: Bucket | None, lately: float, now: datetime) -> Bucket:
    """Halve a lane's rate. A free lane (None) starts from `lately`, its letters a second of late."""
    if bucket is None:
        rate = max(lately, _UNKNOWN_PACE)
        bucket = Bucket(0, now, rate, rate, max(1.0, rate / 2), learned=True, turn=now)
    elif bucket.slowed is not None and now - bucket.slowed < _REST:
        return bucket
    rate = max(bucket.rate / 2, min(FLOOR, bucket.ceiling))
    return replace(bucket.at(now), tokens=0, rate=rate, slowed=now)


def grown(bucket: Bucket, accepted: int, now: datetime) -> Bucket | None:
    """Let a lane grow by its accepted letters; None when it is free again."""
    if bucket.rate < bucket.ceiling:
        rate = min(bucket.ceiling, bucket.rate + accepted / _GROWTH_S)
        bucket = replace(bucket.at(now), rate=rate)
    return None if bucket.learned and bucket.rate >= bucket.ceiling else bucket


def learned(
    pace: Pace, landed: Iterable[tuple[str, Outcome]], lately: Mapping[str, float], now: datetime
) -> dict[str, Bucket]:
    """Slow and grow lanes by what became of their letters, given as (lane, outcome).

    `lately` says how fast the free ones were that now are asked to slow, in letters a second.
    """
    after = dict(pace)
    for lane, outcome in landed:
        if asks_to_slow(outcome):
            after[lane] = slowed(after.get(lane), lately.get(lane, 0.0), now)
        elif isinstance(outcome, Accepted) and lane in after:
            bucket = grown(after[lane], 1, now)
            if bucket is None:
                del after[lane]
            else:
                after[lane] = bucket
    return after


def newly_slow(pace: Pace, landed: Iterable[tuple[str, Outcome]]) -> set[str]:
    """Return the free lanes that are asked to slow: of them it has to be known how fast they were."""
    return {lane for lane, outcome in landed if lane not in pace and asks_to_slow(outcome)}
