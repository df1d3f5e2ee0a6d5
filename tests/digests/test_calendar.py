"""Slots against the calendar, in every zone, and against a search minute by minute in the worst."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.digests.calendar import Schedule, ScheduleError, Slot

START = datetime(2026, 1, 1, tzinfo=UTC)
TWO_YEARS_ON = datetime(2028, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@pytest.mark.parametrize(
    ("cron", "clock", "following"),
    [
        ("0 0 * * *", "00:00", lambda day: day + timedelta(days=1)),
        ("30 2 * * *", "02:30", lambda day: day + timedelta(days=1)),
        ("0 0 * * mon", "00:00", lambda day: day + timedelta(days=7)),
        ("0 0 1 * *", "00:00", next_month),
    ],
    ids=["midnight", "half past two", "Mondays", "months"],
)
def test_in_every_zone_each_local_day_week_and_month_fires_once(
    cron: str, clock: str, following: Callable[[date], date]
) -> None:
    for zone in sorted(available_timezones()):
        slots = list(Schedule.parse(cron, zone).slots(START, TWO_YEARS_ON))
        days = [date.fromisoformat(slot.local[:10]) for slot in slots]
        assert days[0] <= following(date(2026, 1, 1)), zone
        assert days[-1] >= date(2027, 12, 1), zone
        assert all(following(day) == later for day, later in pairwise(days)), zone
        assert all(slot.local[10:] == f"T{clock}" for slot in slots), zone
        assert all(early.at < late.at for early, late in pairwise(slots)), zone
        tz = ZoneInfo(zone)
        assert [slot.at.astimezone(tz).date() for slot in slots] == days, zone


@pytest.mark.parametrize(
    ("cron", "zone", "after", "local", "at"),
    [
        ("30 2 * * *", "America/New_York", "2026-03-08", "2026-03-08T02:30", "2026-03-08T07:30"),
        ("30 1 * * *", "America/New_York", "2026-11-01", "2026-11-01T01:30", "2026-11-01T05:30"),
        ("0 0 * * *", "America/Sao_Paulo", "2018-11-04", "2018-11-04T00:00", "2018-11-04T03:00"),
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", "2026-10-04T02:15", "2026-10-03T15:45"),
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T15:40", "2026-10-04T02:15", "2026-10-03T15:45"),
        ("0 7 * * *", "Pacific/Apia", "2011-12-29T18:00", "2011-12-31T07:00", "2011-12-30T17:00"),
        ("0 7 30 12 *", "Pacific/Apia", "2011-12-29T18:00", "2011-12-30T07:00", "2011-12-30T17:00"),
        ("@weekly", "Asia/Tokyo", "2026-11-20", "2026-11-22T00:00", "2026-11-21T15:00"),
        ("0 12 29 2 *", "UTC", "2096-03-01", "2104-02-29T12:00", "2104-02-29T12:00"),
        ("0 12 29 2 */7", "UTC", "2584-03-01", "2624-02-29T12:00", "2624-02-29T12:00"),
    ],
    ids=[
        "a skipped time moves by the gap",
        "a repeated time is the first",
        "a skipped midnight",
        "half an hour's gap",
        "a moved slot is still to come when its local time is over",
        "a skipped day is not run twice",
        "what falls on a skipped day alone moves by a day",
        "weekly is Sunday",
        "eight years without a leap day",
        "forty years without a leap day on a Sunday",
    ],
)  # fmt: skip
def test_the_next_slot(cron: str, zone: str, after: str, local: str, at: str) -> None:
    assert Schedule.parse(cron, zone).next(utc(after)) == Slot(local, utc(at))


def test_a_slot_is_not_its_own_next() -> None:
    daily = Schedule.parse("0 7 * * *", "Asia/Tokyo")
    first = daily.next(START)
    assert first == Slot("2026-01-02T07:00", utc("2026-01-01T22:00"))
    assert daily.next(first.at) == Slot("2026-01-03T07:00", utc("2026-01-02T22:00"))


def test_of_missed_slots_only_the_latest_counts() -> None:
    daily = Schedule.parse("0 7 * * *", "UTC")
    assert daily.latest(utc("2020-01-01"), utc("2026-05-05T07:00")) == Slot(
        "2026-05-05T07:00", utc("2026-05-05T07:00")
    )
    assert daily.latest(utc("2026-05-05T07:00"), utc("2026-05-06T06:59")) is None
    assert daily.latest(utc("2026-05-06"), utc("2026-05-05")) is None


@pytest.mark.parametrize("cron", ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31 feb *"])
def test_a_schedule_that_never_comes_is_refused(cron: str) -> None:
    with pytest.raises(ScheduleError, match="never comes"):
        Schedule.parse(cron, "Asia/Tokyo")


def test_there_is_no_slot_after_the_last_year() -> None:
    assert Schedule.parse("0 0 29 2 *", "UTC").next(datetime(9997, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("cron", "same"),
    [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        (" @Weekly ", "0 0 * * sun"),
        ("@monthly", "0 0 1 * *"),
        ("0 0 * * 7", "0 0 * * 0"),
        ("0 0 * * 5-7", "0 0 * * fri,sat,sun"),
        ("0 0 * JAN-mar *", "0 0 * 1,2,3 *"),
        ("10-50/20 */8 * * *", "10,30,50 0,8,16 * * *"),
    ],
)
def test_two_ways_to_write_a_schedule(cron: str, same: str) -> None:
    assert Schedule.parse(cron, "UTC") == Schedule.parse(same, "UTC")


def test_when_both_day_fields_are_restricted_either_matches() -> None:
    either = Schedule.parse("0 0 13 * fri", "UTC").slots(START, utc("2026-01-31"))
    assert [slot.local[8:10] for slot in either] == ["02", "09", "13", "16", "23", "30"]
    both = Schedule.parse("0 0 */2 * fri", "UTC").slots(START, utc("2026-01-31"))
    assert [slot.local[8:10] for slot in both] == ["09", "23"]


@pytest.mark.parametrize(
    ("cron", "message"),
    [
        ("0 0 * *", "schedule '0 0 * *' has 4 fields; write 5: minute hour day month weekday"),
        ("@yearly", "schedule '@yearly' has 1 fields; write 5: minute hour day month weekday"),
        ("60 0 * * *", "schedule field minute '60': '60' is not in 0-59"),
        ("0 24 * * *", "schedule field hour '24': '24' is not in 0-23"),
        ("0 0 0 * *", "schedule field day of month '0': '0' is not in 1-31"),
        ("0 0 * 13 *", "schedule field month '13': '13' is not in 1-12"),
        ("0 0 * * 8", "schedule field day of week '8': '8' is not in 0-7"),
        ("0 0 * * mon-foo", "schedule field day of week 'mon-foo': 'foo' is not in 0-7"),
        ("0 0 * * fri-mon", "schedule field day of week 'fri-mon': 'fri-mon' runs backwards"),
        ("*/0 0 * * *", "schedule field minute '*/0': '*/0' has a step of 0"),
        ("5/10 0 * * *", "schedule field minute '5/10': '5/10' has a step without a range; write 5-59/10"),
        ("1,,2 0 * * *", "schedule field minute '1,,2': '' is no number, name, range or step"),
        ("-1 0 * * *", "schedule field minute '-1': '-1' is no number, name, range or step"),
        ("٣ 0 * * *", "schedule field minute '٣': '٣' is no number, name, range or step"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_field_and_value(cron: str, message: str) -> None:
    with pytest.raises(ScheduleError) as raised:
        Schedule.parse(cron, "UTC")
    assert str(raised.value) == message


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "Europe", "/etc/passwd", "../UTC", "U\0C"])
def test_an_unknown_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(ScheduleError, match="is unknown; write an IANA name"):
        Schedule.parse("@daily", zone)


class Written(NamedTuple):
    """A crontab field as text, and what it means."""

    text: str
    numbers: frozenset[int]


@st.composite
def field(draw: st.DrawFn, low: int, high: int, stars: int = 1) -> Written:
    kind = draw(st.sampled_from(["step", "list", "range", *["star"] * stars]))
    if kind == "star":
        return Written("*", frozenset(range(low, high + 1)))
    step = draw(st.integers(1, high))
    if kind == "step":
        return Written(f"*/{step}", frozenset(range(low, high + 1, step)))
    numbers = draw(st.lists(st.integers(low, high), min_size=1, max_size=4, unique=True))
    if kind == "list":
        return Written(",".join(map(str, numbers)), frozenset(numbers))
    first, last = min(numbers), max(numbers)
    return Written(f"{first}-{last}/{step}", frozenset(range(first, last + 1, step)))


class Walls(NamedTuple):
    """A few days of a zone, minute by minute: each local minute's first instant, and the gaps."""

    first: dict[datetime, datetime]
    moved: dict[datetime, datetime]


@cache
def walls(zone: str, start: datetime, end: datetime) -> Walls:
    first: dict[datetime, datetime] = {}
    moved: dict[datetime, datetime] = {}
    at, previous = start, None
    while at <= end:
        wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        first.setdefault(wall, at)
        skipped = wall - previous - MINUTE if previous else timedelta()
        for number in range(skipped // MINUTE if skipped > timedelta() else 0):
            moved[wall - skipped + number * MINUTE] = at + number * MINUTE
        at, previous = at + MINUTE, wall
    return Walls(first, moved)


NASTY = [
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Africa/Casablanca", "2026-02-15"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Kwajalein", "1993-08-21"),
]


@given(
    st.sampled_from(NASTY),
    # Mostly stars in the later fields, or hardly any example would fall on these few days.
    st.tuples(field(0, 59), field(0, 23), field(1, 31, 9), field(1, 12, 20), field(0, 6, 9)),
    st.integers(-1500, 1500),
    st.integers(0, 1500),
)
def test_slots_are_those_of_a_search_minute_by_minute(
    place: tuple[str, str], fields: tuple[Written, ...], begin: int, length: int
) -> None:
    zone, day = place
    middle = utc(day)
    known = walls(zone, middle - timedelta(days=4), middle + timedelta(days=4))
    after = middle + begin * MINUTE
    until = after + length * MINUTE
    by_instant = {at: wall for wall, at in known.moved.items() if matches(fields, wall)}
    by_instant |= {at: wall for wall, at in known.first.items() if matches(fields, wall)}
    expected = [
        Slot(by_instant[at].isoformat(timespec="minutes"), at)
        for at in sorted(by_instant)
        if after < at <= until
    ]
    schedule = Schedule.parse(" ".join(written.text for written in fields), zone)
    assert list(schedule.slots(after, until)) == expected
    assert schedule.latest(after, until) == (expected[-1] if expected else None)
    for slot in islice(expected, 3):
        assert schedule.next(after) == slot
        after = slot.at


def matches(fields: tuple[Written, ...], wall: datetime) -> bool:
    minutes, hours, days, months, weekdays = fields
    by_day, by_weekday = wall.day in days.numbers, wall.isoweekday() % 7 in weekdays.numbers
    starred = days.text.startswith("*") or weekdays.text.startswith("*")
    return (
        wall.minute in minutes.numbers
        and wall.hour in hours.numbers
        and wall.month in months.numbers
        and (by_day and by_weekday if starred else by_day or by_weekday)
    )
