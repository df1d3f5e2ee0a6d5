"""Whom an edition would go to if it started now, and why others get none; nothing is kept."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from syndicate.jobs import announce, notes
from syndicate.jobs.choosing import Selection
from syndicate.jobs.notes import Waiting
from syndicate.jobs.slots import Slot, membership, slot_by_hand, slot_of
from syndicate.model import Edition, EditionState, Newsletter
from syndicate.store import editions, news
from syndicate.store.database import Store, Transaction


class Reach(Struct, frozen=True):
    """How many readers get a letter, and how many do not, by a code of why.

    The codes are held, suppressed, paused, languages, tags, series, joined (the newsletter's own
    audience), cadence, recipients and nothing-new. Who left is no reader.
    """

    letters: int
    left_out: Mapping[str, int]


def reach_of_cut(
    store: Store, newsletter: Newsletter, slot: Slot, note: Waiting | None, now: datetime
) -> Reach:
    """Return whom a cut by hand would go to now."""
    with store.rehearsal().write() as tx:
        draft = next_edition(tx, newsletter, note, now, slot.recipients)
        return reach_of_draft(tx, newsletter, draft, now)


def reach(store: Store, newsletter: Newsletter, draft: Edition, now: datetime) -> Reach:
    """Return whom a draft would go to if it was approved now."""
    with store.read() as tx:
        return reach_of_draft(tx, newsletter, draft, now)


def reach_of_draft(tx: Transaction, newsletter: Newsletter, draft: Edition, now: datetime) -> Reach:
    """Return whom a draft would go to, as a transaction sees it."""
    member = membership(newsletter, slot_of(newsletter, draft))
    selection = Selection(tx, newsletter, member, draft.cut, now)
    letters = sum(one.members for one in selection.groups if selection.owed(one).items)
    counts = member.counts(tx, now)
    counts["nothing-new"] = counts.pop("", 0) - letters
    return Reach(letters, {why: count for why, count in counts.items() if count})


def next_edition(
    tx: Transaction,
    newsletter: Newsletter,
    note: Waiting | None,
    now: datetime,
    recipients: int | None = None,
) -> Edition:
    """Return the edition that a cut now would make; the transaction is one that nobody commits."""
    news.enrol(tx, newsletter.name, now)
    used = None
    if recipients is None:
        announce.flush(tx, newsletter, now)
        if note and note.mark != news.noted(tx, newsletter.name):
            used = notes.put_to_use(tx, newsletter.name, note, now)
    return Edition(
        id=0,
        newsletter=newsletter.name,
        slot=slot_by_hand(newsletter, now).name,
        number=editions.next_number(tx, newsletter.name),
        state=EditionState.DRAFT,
        cut=news.last_seq(tx, newsletter.name),
        created=now,
        recipients=recipients,
        note=used.opening if used else None,
    )
