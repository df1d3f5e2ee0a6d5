"""Cut an edition and freeze its audience (DELIVERY.md, "What a reader is due")."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from syndicate.model import Depth, Edition, Event, Newsletter, Tell
from syndicate.store import articles, editions, freeze, news, publication, runs, variants
from syndicate.store.database import Store, Transaction
from syndicate.store.freeze import Frozen, Group, Membership
from syndicate.store.variants import Item

_MANUAL = "manual:"
MOST_NEWS = 50  # articles: more than a digest was ever meant to hold, and likely an accident


@dataclass(frozen=True, slots=True)
class Slot:
    """What an edition is cut for: `name` is its unique slot, `day` the local date it counts for."""

    name: str
    day: date
    by_hand: bool
    late: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cut did. `edition` is None when nobody is due anything; `reason` says why or why held."""

    edition: Edition | None
    letters: int = 0
    blocked: int = 0
    reason: str = ""


def slot_by_hand(newsletter: Newsletter, now: datetime) -> Slot:
    """Return the slot of a cut that an operator asks for now: it ignores cadence."""
    return Slot(f"{_MANUAL}{now.isoformat()}", _day(newsletter, now), by_hand=True)


def slot_of(newsletter: Newsletter, edition: Edition) -> Slot:
    """Return the slot that an edition was cut for."""
    if edition.slot.startswith(_MANUAL):
        return Slot(edition.slot, _day(newsletter, edition.created), by_hand=True)
    return Slot(edition.slot, date.fromisoformat(edition.slot[:10]), by_hand=False)


def _day(newsletter: Newsletter, at: datetime) -> date:
    return at.astimezone(ZoneInfo(newsletter.zone)).date()


def cut(
    store: Store, newsletter: Newsletter, slot: Slot, version: str, now: datetime, tell: Tell
) -> Cut:
    """Make the edition of a slot, and start it unless it has to wait for approval.

    Each slot is cut once, whoever asks: what was done for it is kept under its name.
    """
    task = f"cut:{newsletter.name}"
    with store.write() as tx:
        news.enrol(tx, newsletter.name, now)
        if not runs.begin(tx, task, slot.name, now):
            return Cut(None, reason=f"the slot {slot.name} was cut before")
        report = _cut(tx, newsletter, slot, version, now)
        runs.end(tx, task, slot.name, report.edition.name if report.edition else report.reason)
    name = report.edition.name if report.edition else newsletter.name
    tell(
        Event("edition.cut", {"edition": name, "letters": report.letters, "reason": report.reason})
    )
    return report


def _cut(tx: Transaction, newsletter: Newsletter, slot: Slot, version: str, now: datetime) -> Cut:
    upto = news.last_seq(tx, newsletter.name)
    groups = list(freeze.groups(tx, _membership(newsletter, slot)))
    due = _Due(tx, newsletter.name, upto)
    if not any(due.items(group) for group in groups):
        return Cut(None, reason=_why_empty(groups, upto))
    fresh = due.since(editions.last_cut_sent(tx, newsletter.name))
    held = _hold(newsletter, slot, len(fresh))
    draft = editions.add_draft(tx, newsletter.name, slot.name, upto, held, now)
    if held:
        return Cut(draft, reason=held)
    return _start(tx, draft, newsletter, slot, version, now)


def approve(
    store: Store, newsletter: Newsletter, edition: Edition, version: str, now: datetime, tell: Tell
) -> Cut:
    """Start a draft that was held: it gets its number, and its audience is frozen now."""
    with store.write() as tx:
        report = _start(tx, edition, newsletter, slot_of(newsletter, edition), version, now)
    if report.edition:
        tell(Event("edition.started", {"edition": report.edition.name, "letters": report.letters}))
    return report


def _why_empty(groups: Sequence[Group], upto: int) -> str:
    members = sum(group.members for group in groups)
    if not members:
        return "no active subscriber is due a letter now"
    if not upto:
        return "there is no news yet"
    return f"all {members} active subscribers have had all the news"


def _hold(newsletter: Newsletter, slot: Slot, fresh: int) -> str | None:
    """Why an edition waits for a person, None when it does not.

    `fresh` articles are new since the last edition: what one reader missed for long holds up nobody.
    """
    if newsletter.approval == "required":
        return "approval is required"
    if fresh > MOST_NEWS:
        return f"{fresh} articles are more than {MOST_NEWS}: approve it if that is meant"
    return (
        "its slot was missed by hours: approve it if it should still go out" if slot.late else None
    )


def _membership(newsletter: Newsletter, slot: Slot) -> Membership:
    return Membership(newsletter.name, slot.day, slot.by_hand)


def _start(
    tx: Transaction, draft: Edition, newsletter: Newsletter, slot: Slot, version: str, now: datetime
) -> Cut:
    """Number the edition and freeze its audience, all in one transaction."""
    due = _Due(tx, newsletter.name, draft.cut)
    shown = due.since(editions.last_cut_sent(tx, newsletter.name, before=draft.id))
    number = editions.next_number(tx, newsletter.name) if shown else None
    if not editions.start(tx, draft.id, number, now):
        return Cut(editions.get(tx, draft.id), reason="it was started before")
    press = _Press(tx, draft, version)
    if shown:
        variants.refer(tx, press.variant(shown, newsletter.language, Depth.SUMMARIES))
    publication.touch(tx)
    frozen = _freeze(tx, draft, _membership(newsletter, slot), due, press, now)
    return Cut(editions.get(tx, draft.id), frozen.letters, frozen.blocked)


def proof(tx: Transaction, newsletter: Newsletter, draft: Edition) -> dict[str, tuple[Item, ...]]:
    """Return what a draft would hold if it started now, by the languages of those who are due.

    That is what its web page would show; where all it has is leftovers, those of the first group.
    """
    due = _Due(tx, newsletter.name, draft.cut)
    shown = due.since(editions.last_cut_sent(tx, newsletter.name, before=draft.id))
    found: dict[str, tuple[Item, ...]] = {}
    for group in freeze.groups(tx, _membership(newsletter, slot_of(newsletter, draft))):
        if due.items(group):
            found.setdefault(group.language, shown or due.items(group))
    return dict(sorted(found.items(), key=lambda one: one[0] != newsletter.language))


def freeze_blocked(
    tx: Transaction, edition: Edition, newsletter: Newsletter, version: str, now: datetime
) -> int:
    """Freeze again those whom an edition had to leave out; returns how many letters that made."""
    if not editions.blocked(tx, edition.id):
        return 0
    due, press = _Due(tx, newsletter.name, edition.cut), _Press(tx, edition, version)
    membership = _membership(newsletter, slot_of(newsletter, edition))
    return _freeze(tx, edition, membership, due, press, now).letters


def _freeze(
    tx: Transaction,
    edition: Edition,
    membership: Membership,
    due: "_Due",
    press: "_Press",
    now: datetime,
) -> Frozen:
    chosen = [
        (
            group,
            press.variant(due.items(group), group.language, group.depth)
            if due.items(group)
            else None,
        )
        for group in freeze.groups(tx, membership)
    ]
    frozen = freeze.freeze(tx, edition.id, membership, chosen, edition.cut, now)
    editions.set_blocked(tx, edition.id, frozen.blocked)
    return frozen


class _Due:
    """What is due to whom up to a cut, read once for each cursor."""

    def __init__(self, tx: Transaction, newsletter: str, upto: int) -> None:
        self._tx, self._newsletter, self._upto = tx, newsletter, upto
        self._known: dict[int, tuple[Item, ...]] = {}

    def items(self, group: Group) -> tuple[Item, ...]:
        """Return what a group is due."""
        return self.since(group.cursor)

    def since(self, cursor: int) -> tuple[Item, ...]:
        """Return the articles with news after `cursor`, each once, oldest news first."""
        if cursor not in self._known:
            rows = news.between(self._tx, self._newsletter, cursor, self._upto)
            found = {row.article_id: row for row in rows}
            parts = articles.parts(self._tx, list(found))
            self._known[cursor] = tuple(
                Item(row.article_id, row.revision, parts.get(row.article_id), row.kind.value)
                for row in found.values()
            )
        return self._known[cursor]


class _Press:
    """The variants of one edition: the same content in the same words is one."""

    def __init__(self, tx: Transaction, edition: Edition, version: str) -> None:
        self._tx, self._edition, self._version = tx, edition, version
        self._made = {one.hash: one.id for one in variants.of_edition(tx, edition.id)}

    def variant(self, items: Sequence[Item], language: str, depth: str) -> int:
        """Return the variant of some items, made when there is none yet."""
        content = [(item.article_id, item.revision, item.part, item.kind) for item in items]
        text = json.dumps([content, language, depth, self._version], separators=(",", ":"))
        name = sha256(text.encode()).hexdigest()
        if name not in self._made:
            self._made[name] = variants.add(
                self._tx, self._edition.id, name, language, depth, items
            )
        return self._made[name]
