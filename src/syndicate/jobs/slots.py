"""What an edition is cut for: a time of the calendar, an article, or an operator who asks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from syndicate.digests.calendar import Schedule, ScheduleError
from syndicate.model import Cadence, Edition, Newsletter
from syndicate.store.membership import Audience, Membership

_MANUAL, _ARTICLE = "manual:", "article:"
_INSTANT = timedelta(microseconds=1)
# A letter whose hour passed while its slot was cut late still leaves; later it waits for the next.
_PATIENCE = timedelta(hours=1)
_YEAR = timedelta(days=366)
PERIODS: dict[Cadence, Callable[[date], object]] = {
    Cadence.DAILY: lambda day: day,
    Cadence.WEEKLY: lambda day: day.isocalendar()[:2],
    Cadence.MONTHLY: lambda day: (day.year, day.month),
}


class Slot(Struct, frozen=True):
    """`name` is unique: `2026-11-23T07:00` (local), `article:ID` or `manual:UTC`.

    `day` is the local date that it counts for. `recipients` is the edition whose readers are meant,
    if not all.
    """

    name: str
    day: date
    late: bool = False
    recipients: int | None = None

    @property
    def audience(self) -> Audience:
        """For whom it is."""
        if self.recipients is not None:
            return "recipients"
        if self.name.startswith(_MANUAL):
            return "all"
        return "article" if self.name.startswith(_ARTICLE) else "calendar"


def slot_by_hand(newsletter: Newsletter, now: datetime, recipients: int | None = None) -> Slot:
    """Return the slot of a cut that an operator asks for now: it ignores cadence."""
    return Slot(f"{_MANUAL}{now.isoformat()}", _day(newsletter, now), recipients=recipients)


def slot_of_article(newsletter: Newsletter, name: str, now: datetime) -> Slot:
    """Return the slot for those who want a letter with each article; `name` is the article's."""
    return Slot(f"{_ARTICLE}{name}", _day(newsletter, now))


def slot_of(newsletter: Newsletter, edition: Edition) -> Slot:
    """Return the slot that an edition was cut for."""
    if edition.slot.startswith((_MANUAL, _ARTICLE)):
        day = _day(newsletter, edition.created)
        return Slot(edition.slot, day, recipients=edition.recipients)
    return Slot(edition.slot, date.fromisoformat(edition.slot[:10]))


def membership(newsletter: Newsletter, slot: Slot) -> Membership:
    """Return whom a slot is for; a correction is for all who got the edition, whoever is meant since."""
    if slot.recipients is not None:
        return Membership(newsletter.name, slot.day, slot.audience, slot.recipients)
    return Membership(
        newsletter.name,
        slot.day,
        slot.audience,
        narrowing=newsletter.audience,
        joined=joined_since(newsletter),
    )


def joined_since(newsletter: Newsletter) -> datetime | None:
    """Return when a newsletter's readers must have joined at the earliest; None for any time."""
    if newsletter.audience.joined_since is None:
        return None
    return datetime.combine(newsletter.audience.joined_since, time(), ZoneInfo(newsletter.zone))


def at_hour(
    newsletter: Newsletter, slot: Slot, hour: int, zone: str | None, now: datetime
) -> datetime:
    """Return when a reader's hour comes, at or after the slot: never more than an hour ago.

    Where this machine knows a reader's zone no more, the newsletter's counts: nobody else waits for it.
    """
    begun, cron = max(_instant(newsletter, slot, now), now - _PATIENCE), f"0 {hour} * * *"
    try:
        planned = Schedule.parse(cron, zone or newsletter.zone)
    except ScheduleError:
        planned = Schedule.parse(cron, newsletter.zone)
    found = planned.next(begun - _INSTANT)
    assert found is not None, "every hour comes every day"
    return found.at


def schedule(newsletter: Newsletter) -> Schedule | None:
    """Return when a newsletter's editions are due, None where only articles call for one."""
    return Schedule.parse(newsletter.cron, newsletter.zone) if newsletter.cron else None


def broken_promise(newsletter: Newsletter, cadence: Cadence, now: datetime) -> str | None:
    """Say why a schedule cannot keep a cadence: a year from now is looked at."""
    if cadence is Cadence.EACH:
        return None
    planned = schedule(newsletter)
    if planned is None:
        return f"{cadence} needs a schedule, and cron is empty"
    days = [datetime.fromisoformat(one.local).date() for one in planned.slots(now, now + _YEAR)]
    every = [day + timedelta(days=n) for day in days[:1] for n in range((days[-1] - day).days + 1)]
    period = PERIODS[cadence]
    if len({period(day) for day in days}) == len({period(day) for day in every}) > 1:
        return None
    return f"{cadence} letters come more rarely than that, as cron is {newsletter.cron!r}"


def _instant(newsletter: Newsletter, slot: Slot, now: datetime) -> datetime:
    if slot.audience != "calendar":
        return now
    local = datetime.fromisoformat(slot.name)
    return local.replace(tzinfo=ZoneInfo(newsletter.zone)).astimezone(UTC)


def _day(newsletter: Newsletter, at: datetime) -> date:
    return at.astimezone(ZoneInfo(newsletter.zone)).date()
