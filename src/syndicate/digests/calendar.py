"""When a newsletter's slots are: crontab lines in the local time of a zone (ARCHITECTURE.md, "Schedules").

The arithmetic is done on the naive local calendar, and each local time is resolved into the zone
once: one that the clock skips moves on by what was skipped, one that it shows twice is the first.
"""

import re
from calendar import monthrange
from collections import deque
from collections.abc import Iterator
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from itertools import dropwhile, takewhile
from zoneinfo import ZoneInfo

from msgspec import Struct

from syndicate.errors import SyndicateError

_SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
# The 29th of February falls on a given weekday at least once in 40 years (2584 and 2624, as 2600
# is no leap year), so a line that matches nothing for so long never will.
_HORIZON = 40  # years
_ANY_DAY = date(2000, 1, 1)
# No zone ever skipped more than one day: Kwajalein in 1993, Samoa in 2011.
_GREATEST_GAP = timedelta(days=1)


class ScheduleError(SyndicateError):
    """A crontab line or a zone cannot be read; the message names field and value."""


class Slot(Struct, frozen=True):
    """One scheduled time: `local` as scheduled (`2026-11-23T07:00`), `at` as it comes to pass in UTC.

    `local` names the slot for ever, even when the clock skips it and `at` is later.
    """

    local: str
    at: datetime


class Schedule(Struct, frozen=True):
    """A crontab line in a zone. Weekdays count from Sunday, 0.

    With `either`, a day is due when one of `days` and `weekdays` holds it, else when both do.
    """

    zone: ZoneInfo
    times: tuple[time, ...]
    days: frozenset[int]
    months: tuple[int, ...]
    weekdays: frozenset[int]
    either: bool

    @classmethod
    def parse(cls, cron: str, zone: str) -> "Schedule":
        """Read five crontab fields, or one of @hourly @daily @weekly @monthly; see crontab(5).

        Raises ScheduleError. `zone` is an IANA name.
        """
        fields = _SHORTHANDS.get(cron.strip().lower(), cron).split()
        if len(fields) != len(_FIELDS):
            raise ScheduleError(
                f"schedule {cron!r} has {len(fields)} fields; write 5: minute hour day month weekday"
            )
        minutes, hours, days, months, weekdays = (
            field.parse(text) for field, text in zip(_FIELDS, fields, strict=True)
        )
        schedule = cls(
            zone=_zone(zone),
            times=tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)),
            days=days,
            months=tuple(sorted(months)),
            weekdays=frozenset(day % 7 for day in weekdays),
            # As in cron: a field that begins with a star, `*/2` too, restricts nothing by itself.
            either=not fields[2].startswith("*") and not fields[4].startswith("*"),
        )
        if next(schedule._dates(_ANY_DAY), None) is None:
            raise ScheduleError(
                f"schedule {cron!r} never comes: no month that it names has such a day"
            )
        return schedule

    def next(self, after: datetime) -> Slot | None:
        """Return the first slot later than `after` (zone-aware), or None when there never is one."""
        return next(self._later(after), None)

    def slots(self, after: datetime, until: datetime) -> Iterator[Slot]:
        """Yield the slots with `after` < at <= `until`, by instant; no two share one."""
        return takewhile(lambda slot: slot.at <= until, self._later(after))

    def latest(self, after: datetime, until: datetime) -> Slot | None:
        """Return the last slot with `after` < at <= `until`, or None.

        It looks back from `until` in growing steps, since `after` may be years ago.
        """
        step = timedelta(days=1)
        while True:
            since = until - step if until - after > step else after
            found = deque(self.slots(since, until), maxlen=1)
            if found or since == after:
                return found.pop() if found else None
            step *= 4

    def _later(self, after: datetime) -> Iterator[Slot]:
        wall = after.astimezone(self.zone).replace(tzinfo=None)
        return dropwhile(lambda slot: slot.at <= after, self._by_instant(wall - _GREATEST_GAP))

    def _by_instant(self, start: datetime) -> Iterator[Slot]:
        """Yield the slots from local `start`, sorted by instant.

        Moved slots wait until those that the clock does show have gone before them; a moved one
        that would share an instant with a shown one is that one.
        """
        moved: deque[Slot] = deque()
        for naive in self._local(start):
            at = naive.replace(tzinfo=self.zone).astimezone(UTC)  # fold=0 is our rule: PEP 495
            slot = Slot(naive.isoformat(timespec="minutes"), at)
            if at.astimezone(self.zone).replace(tzinfo=None) != naive:
                moved.append(slot)
                continue
            while moved and moved[0].at <= at:
                early = moved.popleft()
                if early.at < at:
                    yield early
            yield slot
        yield from moved

    def _local(self, start: datetime) -> Iterator[datetime]:
        for day in self._dates(start.date()):
            for clock in self.times:
                naive = datetime.combine(day, clock)
                if naive >= start:
                    yield naive

    def _dates(self, start: date) -> Iterator[date]:
        for year in range(start.year, min(start.year + _HORIZON, MAXYEAR) + 1):
            for month in self.months:
                if (year, month) < (start.year, start.month):
                    continue
                for number in range(1, monthrange(year, month)[1] + 1):
                    day = date(year, month, number)
                    if day >= start and self._falls_on(day):
                        yield day

    def _falls_on(self, day: date) -> bool:
        by_day = day.day in self.days
        by_weekday = day.isoweekday() % 7 in self.weekdays
        return by_day or by_weekday if self.either else by_day and by_weekday


class _Field(Struct, frozen=True):
    """One of the five fields; `names` stand for the numbers from `low` on."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def parse(self, text: str) -> frozenset[int]:
        """Read a list of numbers, names, ranges and steps."""
        return frozenset(number for item in text.split(",") for number in self._item(item, text))

    def _item(self, item: str, text: str) -> range:
        found = re.fullmatch(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/(\d{1,4}))?", item, re.ASCII)
        if found is None:
            raise self._refusal(text, f"{item!r} is no number, name, range or step")
        star, first, last, step = found.groups()
        if step and not star and last is None:
            raise self._refusal(
                text, f"{item!r} has a step without a range; write {first}-{self.high}/{step}"
            )
        if step and int(step) == 0:
            raise self._refusal(text, f"{item!r} has a step of 0")
        low = self.low if star else self._number(first, text)
        high = self.high if star else self._number(last or first, text)
        if low > high:
            raise self._refusal(text, f"{item!r} runs backwards")
        return range(low, high + 1, int(step or 1))

    def _number(self, word: str, text: str) -> int:
        if word.lower() in self.names:
            return self.low + self.names.index(word.lower())
        if not word.isdecimal() or not self.low <= int(word) <= self.high:
            raise self._refusal(text, f"{word!r} is not in {self.low}-{self.high}")
        return int(word)

    def _refusal(self, text: str, reason: str) -> ScheduleError:
        return ScheduleError(f"schedule field {self.name} {text!r}: {reason}")


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 0, 7, _WEEKDAYS),
)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder such as `Europe`
        raise ScheduleError(
            f"time zone {name!r} is unknown; write an IANA name such as Asia/Tokyo"
        ) from None
