"""What is due: a pure question to the database, asked by whoever runs the work."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from syndicate.jobs import approval
from syndicate.jobs.announce import is_due
from syndicate.jobs.rules import USUAL
from syndicate.jobs.slots import Slot, schedule, slot_of_article
from syndicate.jobs.withdraw import is_overdue
from syndicate.model import EditionState, Newsletter, Work
from syndicate.store import (
    control,
    dates,
    editions,
    hot,
    news,
    pings,
    publication,
    readers,
    runs,
    signups,
    variants,
)
from syndicate.store.database import Transaction

# What waits in rows of its own, each with a time before which it does not leave.
_WAITING: tuple[
    tuple[Literal["answer", "deliver", "ping"], Callable[[Transaction, datetime], bool]], ...
] = (("answer", signups.any_due), ("deliver", hot.any_due), ("ping", pings.any_due))


def due(
    tx: Transaction,
    newsletters: Sequence[Newsletter],
    version: str,
    now: datetime,
    grace: timedelta = USUAL.grace,
) -> tuple[Work, ...]:
    """Name the work that is due now; doing it twice does no harm."""
    work: list[Work] = []
    if is_overdue(tx, grace, now):
        work.append(Work("withdraw", "withdraw"))
    if dates.due(tx, now):
        work.append(Work("release", "release"))
    changed = publication.behind(tx)
    if changed is not None:
        work.append(Work("publish", f"publish:{changed}"))
    if any(is_due(tx, newsletter, now) for newsletter in newsletters):
        work.append(Work("announce", "announce"))
    for newsletter in newsletters:
        for slot in due_slots(tx, newsletter, now):
            arguments: Mapping[str, str] = {"newsletter": newsletter.name, "slot": slot.name}
            work.append(Work("cut", f"cut:{newsletter.name}:{slot.name}", arguments))
    known = [one.name for one in newsletters]
    if variants.unrendered(tx, known):
        work.append(Work("render", "render"))
    work += [Work(verb, verb) for verb, any_due in _WAITING if any_due(tx, now)]
    if approval.is_due(tx, newsletters, version, now):
        work.append(Work("answer", "answer:editors"))
    sending = editions.in_state(tx, EditionState.SENDING)
    if any(editions.can_end(tx, one.id) for one in sending) or control.has_strays(tx):
        work.append(Work("finish", "finish"))
    return tuple(work)


def due_slot(tx: Transaction, newsletter: Newsletter, now: datetime) -> Slot | None:
    """Return the slot to be cut now: of several missed ones only the latest counts."""
    created, planned = news.created(tx, newsletter.name), schedule(newsletter)
    if created is None or planned is None:
        return None
    latest = planned.latest(created, now)
    if latest is None or runs.was_run(tx, f"cut:{newsletter.name}", latest.local):
        return None
    late = now - latest.at > newsletter.late
    return Slot(latest.local, date.fromisoformat(latest.local[:10]), late=late)


def due_article(tx: Transaction, newsletter: Newsletter, now: datetime) -> Slot | None:
    """Return the slot of the first article that those who want each have not been served, if any do.

    All that is news by then goes with it. One that is news again has a name of its own, and so has one
    whose draft another replaced. It does not take the place of a draft that waits for everybody else:
    there is only one at a time.
    """
    first = news.first_after(tx, newsletter.name, news.served(tx, newsletter.name))
    if first is None or not readers.any_wants_each(tx, newsletter.name):
        return None
    draft = editions.find(tx, newsletter.name, "draft")
    if draft and not draft.slot.startswith("article:"):
        return None
    again = f"{first.article_id}@{first.seq}"
    names = (str(first.article_id), again, f"{again}.{editions.newest(tx, newsletter.name)}")
    slots = [slot_of_article(newsletter, name, now) for name in names]
    task = f"cut:{newsletter.name}"
    return next((one for one in slots if not runs.was_run(tx, task, one.name)), None)


def due_slots(tx: Transaction, newsletter: Newsletter, now: datetime) -> tuple[Slot, ...]:
    """Return what is to be cut of a newsletter now."""
    found = (due_article(tx, newsletter, now), due_slot(tx, newsletter, now))
    return tuple(one for one in found if one is not None)
