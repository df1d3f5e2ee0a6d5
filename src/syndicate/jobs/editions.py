"""Cut an edition and freeze its audience (DELIVERY.md, "What a reader is due")."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from syndicate.errors import SyndicateError
from syndicate.jobs import announce, notes
from syndicate.jobs.choosing import Press, Selection, news_between
from syndicate.jobs.notes import Waiting
from syndicate.jobs.slots import Slot, at_hour, membership, slot_of
from syndicate.model import Depth, Edition, EditionState, Event, Item, Newsletter, Tell
from syndicate.store import decided, editions, freeze, news, publication, runs, variants
from syndicate.store.database import Store, Transaction
from syndicate.store.freeze import Frozen, Group

APPROVAL = "approval is required"


class CutRefused(SyndicateError):
    """A draft that waits would be lost by a cut, or was cancelled; the message says what to do first."""


class Cut(Struct, frozen=True):
    """What a cut did. `edition` is None when nobody is due anything; `reason` says why or why held."""

    edition: Edition | None
    letters: int = 0
    blocked: int = 0
    reason: str = ""


def cut(
    store: Store,
    newsletter: Newsletter,
    slot: Slot,
    version: str,
    now: datetime,
    tell: Tell,
    note: Waiting | None = None,
) -> Cut:
    """Make the edition of a slot, and start it unless it has to wait for approval.

    Each slot is cut once, whoever asks: what was done for it is kept under its name. What waits to
    settle is news at once when an operator asks. An editor's note is used once, by an edition for
    all. Raises PageRefused for a note that names what there is not, or CutRefused.
    """
    task = f"cut:{newsletter.name}"
    with store.write() as tx:
        news.enrol(tx, newsletter.name, now)
        news.lock(tx, newsletter.name)
        if not runs.begin(tx, task, slot.name, now):
            return Cut(None, reason=f"the slot {slot.name} was cut before")
        if slot.audience == "all":
            announce.flush(tx, newsletter, now)
        used = note if _takes(tx, newsletter, slot, note) else None
        report = _cut(tx, newsletter, slot, version, now, used)
        runs.end(tx, task, slot.name, report.edition.name if report.edition else report.reason)
    if used and report.edition:
        notes.put_away(used, report.edition)
    name = report.edition.name if report.edition else newsletter.name
    tell(
        Event("edition.cut", {"edition": name, "letters": report.letters, "reason": report.reason})
    )
    return report


def _takes(tx: Transaction, newsletter: Newsletter, slot: Slot, note: Waiting | None) -> bool:
    """Whether an edition uses a note: not one for an article or of corrections, and none twice."""
    is_for_all = slot.audience in {"calendar", "all"}
    return note is not None and is_for_all and note.mark != news.noted(tx, newsletter.name)


def _cut(
    tx: Transaction,
    newsletter: Newsletter,
    slot: Slot,
    version: str,
    now: datetime,
    note: Waiting | None,
) -> Cut:
    upto = news.last_seq(tx, newsletter.name)
    if slot.audience == "article":
        news.serve(tx, newsletter.name, upto)
    used = notes.put_to_use(tx, newsletter.name, note, now) if note else None
    selection = Selection(tx, newsletter, membership(newsletter, slot), upto, now)
    if selection.is_empty():
        if used:
            notes.take_back(tx, newsletter.name, used)
        return Cut(None, reason=_why_empty(slot, selection.groups, upto))
    new = selection.fresh(_last_cut(tx, newsletter, slot))
    held = _hold(newsletter, slot, len(new))
    _make_room(tx, newsletter, slot)
    if used:
        notes.recall_older(tx, used, now)
    draft = editions.add_draft(
        tx,
        newsletter.name,
        slot.name,
        upto,
        held,
        now,
        slot.recipients,
        used.written if used else None,
    )
    if held:
        return Cut(draft, reason=held)
    return _start(tx, draft, newsletter, slot, version, now)


def _make_room(tx: Transaction, newsletter: Newsletter, slot: Slot) -> None:
    """See to those who would have got the draft that waits, and do not get the one that replaces it.

    There is one draft at a time. What was cut for an article is due again to those who want each.
    Raises CutRefused where an operator's correction would take the place of news.
    """
    draft = editions.find(tx, newsletter.name, "draft")
    if draft is None:
        return
    if slot.audience == "calendar" and slot_of(newsletter, draft).audience == "article":
        news.serve(tx, newsletter.name, editions.last_served(tx, newsletter.name))
    if slot.audience == "recipients" and draft.recipients != slot.recipients:
        raise CutRefused(
            f"{draft.name} waits ({draft.held}), and there is one draft at a time. First "
            f"start it (syndicate editions approve {draft.name}) or give it up "
            f"(syndicate editions cancel {draft.name} --yes)."
        )


def approve(
    store: Store,
    newsletter: Newsletter,
    edition: Edition,
    version: str,
    now: datetime,
    tell: Tell,
    by: str,
) -> Cut:
    """Start a draft that was held: it gets its number, and its audience is frozen now.

    `by` is who approves; it is kept, unless somebody was before them. Raises CutRefused for a draft that
    was cancelled.
    """
    with store.write() as tx:
        news.lock(tx, newsletter.name)
        if editions.get(tx, edition.id).state is EditionState.DRAFT:
            decided.answer(tx, edition.id, decided.approved_by(by))
        report = start_draft(tx, newsletter, edition, version, now)
    if report.edition:
        tell(Event("edition.started", {"edition": report.edition.name, "letters": report.letters}))
    return report


def start_draft(
    tx: Transaction, newsletter: Newsletter, edition: Edition, version: str, now: datetime
) -> Cut:
    """Start a draft in a transaction that holds its newsletter."""
    return _start(tx, edition, newsletter, slot_of(newsletter, edition), version, now)


def _last_cut(
    tx: Transaction, newsletter: Newsletter, slot: Slot, before: int | None = None
) -> int:
    """Return since when news are new for an edition's page.

    What those got who want a letter with each article is still new for all others.
    """
    calendar = slot.audience == "calendar"
    return editions.last_cut_sent(tx, newsletter.name, before=before, calendar=calendar)


def _why_empty(slot: Slot, groups: Sequence[Group], upto: int) -> str:
    members = sum(group.members for group in groups)
    if not members:
        return "no active subscriber is due a letter now"
    if slot.audience == "recipients":
        return "nothing that its readers hold has changed since"
    if not upto:
        return "there is no news yet"
    return f"nothing is new to the active subscribers, {members} in all"


def _hold(newsletter: Newsletter, slot: Slot, fresh: int) -> str | None:
    """Why an edition waits for a person, None when it does not.

    `fresh` articles are new since the last edition: what one reader missed for long holds up nobody.
    """
    if newsletter.approval == "required":
        return APPROVAL
    if fresh > newsletter.most_news:
        return f"{fresh} articles are more than {newsletter.most_news}: approve it if that is meant"
    return (
        "its slot was missed by hours: approve it if it should still go out" if slot.late else None
    )


def _start(
    tx: Transaction, draft: Edition, newsletter: Newsletter, slot: Slot, version: str, now: datetime
) -> Cut:
    """Number the edition and freeze its audience, all in one transaction."""
    selection = Selection(tx, newsletter, membership(newsletter, slot), draft.cut, now)
    shown = selection.fresh(_last_cut(tx, newsletter, slot, before=draft.id))
    number = editions.next_number(tx, newsletter.name) if shown else None
    if not editions.start(tx, draft.id, number, now):
        found = editions.get(tx, draft.id)
        if found.started is None:
            raise CutRefused(
                f"{found.name} is no draft any more, and cannot be started: it is {found.state} "
                f"({found.held}). See: syndicate editions list {newsletter.name}"
            )
        return Cut(found, reason="it was started before")
    press = Press(tx, draft, version)
    if shown:
        variants.refer(tx, press.variant(shown, newsletter.language, Depth.SUMMARIES))
    publication.touch(tx)
    frozen = _freeze(tx, draft, newsletter, slot, selection, press, now)
    return Cut(editions.get(tx, draft.id), frozen.letters, frozen.blocked)


def contents(tx: Transaction, newsletter: Newsletter, draft: Edition) -> tuple[Item, ...]:
    """Return what a draft's web page would show; nothing where it is of leftovers or corrections alone."""
    slot = slot_of(newsletter, draft)
    if slot.audience == "recipients":
        return ()
    since = _last_cut(tx, newsletter, slot, before=draft.id)
    return news_between(tx, newsletter, since, draft.cut)


def leftovers(
    tx: Transaction, newsletter: Newsletter, draft: Edition, now: datetime
) -> tuple[Item, ...]:
    """Return all that the letters of a draft without news would hold, each once."""
    member = membership(newsletter, slot_of(newsletter, draft))
    selection = Selection(tx, newsletter, member, draft.cut, now)
    held = {item for group in selection.groups for item in selection.owed(group).items}
    return tuple(sorted(held, key=repr))


def proof(
    tx: Transaction, newsletter: Newsletter, draft: Edition, now: datetime
) -> dict[str, tuple[Item, ...]]:
    """Return what a draft would hold if it started now, by the languages of those who are due.

    That is what its web page would show; where all it has is leftovers, those of the first group.
    """
    slot, shown = slot_of(newsletter, draft), contents(tx, newsletter, draft)
    selection = Selection(tx, newsletter, membership(newsletter, slot), draft.cut, now)
    found: dict[str, tuple[Item, ...]] = {}
    for group in selection.groups:
        if items := selection.owed(group).items:
            found.setdefault(group.language, shown or items)
    return dict(sorted(found.items(), key=lambda one: one[0] != newsletter.language))


def freeze_blocked(
    tx: Transaction, edition: Edition, newsletter: Newsletter, version: str, now: datetime
) -> int:
    """Freeze again those whom an edition had to leave out; returns how many letters that made."""
    if not editions.blocked(tx, edition.id):
        return 0
    slot, press = slot_of(newsletter, edition), Press(tx, edition, version)
    selection = Selection(tx, newsletter, membership(newsletter, slot), edition.cut, now)
    return _freeze(tx, edition, newsletter, slot, selection, press, now).letters


def _freeze(
    tx: Transaction,
    edition: Edition,
    newsletter: Newsletter,
    slot: Slot,
    selection: Selection,
    press: Press,
    now: datetime,
) -> Frozen:
    frozen = freeze.freeze(
        tx,
        edition.id,
        selection.membership,
        list(selection.choices(press)),
        edition.cut,
        lambda hour, zone: at_hour(newsletter, slot, hour, zone, now),
        now,
    )
    editions.set_blocked(tx, edition.id, frozen.blocked)
    return frozen
