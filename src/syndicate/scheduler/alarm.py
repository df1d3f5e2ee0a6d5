"""The clock that wakes the runner."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from syndicate.clock import now as present
from syndicate.digests.calendar import Schedule

HEARTBEAT = 15.0  # seconds: how late retries and changes made by other processes are noticed


class Alarm:
    """Calls `wake` at every slot and at every heartbeat, from a thread of its own, one call at a time."""

    def __init__(self) -> None:
        self._scheduler: BackgroundScheduler | None = None

    def start(
        self,
        wake: Callable[[], None],
        schedules: Mapping[str, Schedule],
        heartbeat: float = HEARTBEAT,
        clock: Callable[[], datetime] = present,
    ) -> None:
        """Begin; `schedules` are by newsletter name, `heartbeat` is in seconds.

        `wake` should only set a flag: while it runs, further ticks of the same kind are left out.
        """
        assert self._scheduler is None, "the alarm is running"
        # APScheduler tells of every tick at info.
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(max_workers=1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
        )
        scheduler.add_job(wake, IntervalTrigger(seconds=heartbeat, timezone=UTC), id="heartbeat")
        for name, schedule in schedules.items():
            scheduler.add_job(wake, SlotTrigger(schedule, clock), id=f"newsletter {name}")
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """End; a call of `wake` that is running is waited for. Not to be called from within it."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
            self._scheduler = None


class SlotTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """Fires at a schedule's slots, as told by `clock`, which may be shifted against the real one."""

    def __init__(self, schedule: Schedule, clock: Callable[[], datetime]) -> None:
        self._schedule = schedule
        self._clock = clock

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime | None:
        """Return the next slot on APScheduler's clock, `now`; whatever was missed is left to the store."""
        current = self._clock()
        slot = self._schedule.next(current)
        return None if slot is None else now + (slot.at - current)
