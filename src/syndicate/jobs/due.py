"""What is due: a pure question to the database, asked by whoever runs the work."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from syndicate.digests.calendar import Schedule
from syndicate.jobs.editions import Slot
from syndicate.jobs.rules import USUAL
from syndicate.jobs.withdraw import is_overdue
from syndicate.model import EditionState, Newsletter, Work
from syndicate.store import control, editions, hot, news, publication, runs, variants
from syndicate.store.database import Transaction

LATE = timedelta(hours=6)  # a slot missed by more is held for approval: nobody expects it any more


def due(
    tx: Transaction,
    newsletters: Sequence[Newsletter],
    now: datetime,
    grace: timedelta = USUAL.grace,
) -> tuple[Work, ...]:
    """Name the work that is due now; doing it twice does no harm."""
    work: list[Work] = []
    if is_overdue(tx, grace, now):
        work.append(Work("withdraw", "withdraw"))
    changed = publication.behind(tx)
    if changed is not None:
        work.append(Work("publish", f"publish:{changed}"))
    for newsletter in newsletters:
        slot = due_slot(tx, newsletter, now)
        if slot:
            arguments: Mapping[str, str] = {"newsletter": newsletter.name, "slot": slot.name}
            work.append(Work("cut", f"cut:{newsletter.name}:{slot.name}", arguments))
    known = [one.name for one in newsletters]
    if variants.unrendered(tx, known):
        work.append(Work("render", "render"))
    if hot.any_due(tx, now):
        work.append(Work("deliver", "deliver"))
    sending = editions.in_state(tx, EditionState.SENDING)
    if any(editions.can_end(tx, one.id) for one in sending) or control.has_strays(tx):
        work.append(Work("finish", "finish"))
    return tuple(work)


def due_slot(tx: Transaction, newsletter: Newsletter, now: datetime) -> Slot | None:
    """Return the slot to be cut now: of several missed ones only the latest counts."""
    created = news.created(tx, newsletter.name)
    if created is None:
        return None
    latest = Schedule.parse(newsletter.cron, newsletter.zone).latest(created, now)
    if latest is None or runs.was_run(tx, f"cut:{newsletter.name}", latest.local):
        return None
    day = datetime.fromisoformat(latest.local).date()
    return Slot(latest.local, day, by_hand=False, late=now - latest.at > LATE)
