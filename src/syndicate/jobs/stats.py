"""What happened, day by day: who joined, confirmed and left, what bounced and was sent. Nobody is named."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from syndicate.store import stats
from syndicate.store.database import Store
from syndicate.store.stats import Count


class Day(Struct, frozen=True):
    """A day in the publication's zone. `confirmed` are those of `joined` who answered a letter.

    `bounced` are addresses that were found not to be there, by whichever letter; of one newsletter, its
    letters that were refused for that.
    """

    day: date
    joined: int
    confirmed: int
    left: int
    bounced: int
    sent: int


class Place(Struct, frozen=True):
    """What came of a form, or of another way in."""

    form: str
    asked: int
    joined: int


class Sent(Struct, frozen=True):
    """What became of an edition's letters within the time looked at, each counted once.

    `failed` are all that were refused, `bounced` those of them whose address is not there.
    """

    edition: str
    sent: int
    bounced: int
    failed: int
    unknown: int


class Stats(Struct, frozen=True):
    """Every day of the time looked at, oldest first, and the same time by newsletter, form and edition."""

    days: tuple[Day, ...]
    newsletters: dict[str, tuple[Day, ...]]
    forms: tuple[Place, ...]
    editions: tuple[Sent, ...]


def tell_stats(
    store: Store, zone: str, days: int, now: datetime, newsletter: str | None = None
) -> Stats:
    """Count the last `days` days, today with them, in `zone` (IANA); of one newsletter if it is named."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    every = [today - timedelta(days=back) for back in reversed(range(days))]
    since = datetime.combine(every[0], time(), here)
    with store.read() as tx:
        found = [
            one
            for one in stats.counts(tx, since)
            if one.at.astimezone(here).date() >= every[0] and newsletter in {None, one.newsletter}
        ]
    names = (
        [newsletter] if newsletter else sorted({one.newsletter for one in found if one.newsletter})
    )
    return Stats(
        days=_days(found, every, here, "bounced" if newsletter else "suppressed"),
        newsletters={
            name: _days([one for one in found if one.newsletter == name], every, here, "bounced")
            for name in names
        },
        forms=_forms(found),
        editions=_editions(found),
    )


def _days(
    found: Iterable[Count], every: list[date], here: ZoneInfo, bounced: str
) -> tuple[Day, ...]:
    """Count by day; `bounced` is the kind that counts as such."""
    by_day: dict[date, Counter[str]] = defaultdict(Counter)
    for one in found:
        its = by_day[one.at.astimezone(here).date()]
        its[one.kind] += one.number
        if one.kind == "confirmed" and one.form in {"subscribe", "embed"}:
            its["by letter"] += one.number
    return tuple(
        Day(
            day,
            joined=by_day[day]["confirmed"] + by_day[day]["returned"],
            confirmed=by_day[day]["by letter"],
            left=by_day[day]["left"],
            bounced=by_day[day][bounced],
            sent=by_day[day]["sent"],
        )
        for day in every
    )


def _forms(found: Iterable[Count]) -> tuple[Place, ...]:
    by_form: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        if one.form is not None and one.kind in {"asked", "confirmed"}:
            by_form[one.form][one.kind] += one.number
    return tuple(
        Place(form, its["asked"], its["confirmed"]) for form, its in sorted(by_form.items())
    )


def _editions(found: Iterable[Count]) -> tuple[Sent, ...]:
    by_edition: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        if one.edition is not None:
            by_edition[one.edition][one.kind] += one.number
    return tuple(
        Sent(
            name,
            its["sent"],
            its["bounced"],
            its["failed"] + its["bounced"],
            its["unknown"],
        )
        for name, its in by_edition.items()
    )
