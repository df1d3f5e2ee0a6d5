"""The alarm, on the real APScheduler and its threads."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread, current_thread
from threading import enumerate as threads

import pytest
from msgspec.structs import replace

from syndicate.digests.calendar import Schedule
from syndicate.scheduler import Alarm
from syndicate.scheduler.alarm import SlotTrigger

FAR = 3600.0  # a heartbeat that no test lives to see
PATIENCE = 10.0
NEVER = replace(Schedule.parse("0 0 1 2 *", "UTC"), days=frozenset({30}))


@pytest.fixture
def alarm() -> Iterator[Alarm]:
    before = set(threads())
    alarm = Alarm()
    yield alarm
    alarm.stop()
    assert set(threads()) <= before, "a thread was left"


def clock_at(text: str) -> tuple[datetime, timedelta]:
    wanted = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return wanted, wanted - datetime.now(UTC)


def test_it_wakes_at_every_heartbeat(alarm: Alarm) -> None:
    ticks: list[Thread] = []
    enough = Event()

    def wake() -> None:
        ticks.append(current_thread())
        if len(ticks) == 3:
            enough.set()

    alarm.start(wake, {}, heartbeat=0.02)
    assert enough.wait(PATIENCE)
    assert current_thread() not in ticks


def test_it_wakes_at_a_slot_of_the_shifted_clock(alarm: Alarm) -> None:
    """New York, a moment before 02:30 of a day that has none: the slot comes at 03:30."""
    woken = Event()
    at: list[datetime] = []
    _, shift = clock_at("2026-03-08T07:29:59.900000")

    def clock() -> datetime:
        return datetime.now(UTC) + shift

    def wake() -> None:
        at.append(clock())
        woken.set()

    daily = Schedule.parse("30 2 * * *", "America/New_York")
    alarm.start(wake, {"digest": daily, "never": NEVER}, FAR, clock)
    assert woken.wait(PATIENCE)
    due = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert timedelta(milliseconds=-5) <= at[0] - due < timedelta(seconds=PATIENCE)


def test_a_failing_wake_does_not_end_it(alarm: Alarm, caplog: pytest.LogCaptureFixture) -> None:
    ticks: list[None] = []
    again = Event()

    def wake() -> None:
        ticks.append(None)
        if len(ticks) > 1:
            again.set()
        raise RuntimeError("broken")

    alarm.start(wake, {}, heartbeat=0.02)
    assert again.wait(PATIENCE)
    alarm.stop()
    assert "broken" in caplog.text


def test_it_is_silent_at_info(alarm: Alarm, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    woken = Event()
    alarm.start(woken.set, {"never": NEVER}, heartbeat=0.02)
    assert woken.wait(PATIENCE)
    alarm.stop()
    assert caplog.records == []


def test_it_may_be_stopped_twice_and_started_again(alarm: Alarm) -> None:
    for _ in range(2):
        woken = Event()
        alarm.start(woken.set, {}, heartbeat=0.02)
        assert woken.wait(PATIENCE)
        alarm.stop()
        alarm.stop()


def test_a_trigger_asks_the_schedule_and_not_the_past() -> None:
    now, shift = clock_at("2026-11-23T06:59:00")
    trigger = SlotTrigger(Schedule.parse("0 7 * * *", "UTC"), lambda: now)
    assert trigger.get_next_fire_time(None, now - shift) == now - shift + timedelta(minutes=1)
    long_ago = now - shift - timedelta(days=9)
    assert trigger.get_next_fire_time(long_ago, now - shift) == now - shift + timedelta(minutes=1)
