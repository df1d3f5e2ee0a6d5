"""What the coming editions will be, if nothing more happens: for whom, with what, and what not."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from types import MappingProxyType
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from syndicate.digests.owed import Owed, Reader, fresh, owed
from syndicate.digests.selection import Place, arranged
from syndicate.digests.settling import Waiting, mailable, next_time
from syndicate.jobs.choosing import Selection
from syndicate.jobs.coming import AUDIENCES, Coming, LeftOut, Planned, left_out, worded
from syndicate.jobs.due import due_slots
from syndicate.jobs.editions import APPROVAL
from syndicate.jobs.members import Members, is_due, move
from syndicate.jobs.notes import Waiting as Note
from syndicate.jobs.notes import resolve
from syndicate.jobs.slots import joined_since, membership, schedule, slot_of
from syndicate.model import (
    EVERYTHING,
    Cadence,
    Edition,
    Item,
    ItemKind,
    Log,
    News,
    NewsKind,
    Newsletter,
    Opening,
    Story,
)
from syndicate.store import articles, editions, news, outlook, waiting
from syndicate.store.articles import Row
from syndicate.store.database import Store, Transaction
from syndicate.store.membership import Membership

NO_NOTES: Mapping[str, Note] = MappingProxyType({})
_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_NAMED = 200  # articles of one edition that are named at most


def plan(
    store: Store,
    newsletters: Sequence[Newsletter],
    days: int,
    now: datetime,
    notes: Mapping[str, Note] = NO_NOTES,
) -> tuple[Coming, ...]:
    """Return the editions of the coming days in order of time; `notes` are by newsletter.

    What is published until then is in none of them; a draft that waits is told as it stands, and the
    next slot as if it were never approved. Raises PageRefused for a note that names what there is not.
    """
    until = now + timedelta(days=days)
    with store.read() as tx:
        found = [
            one
            for each in newsletters
            for one in _Outlook(tx, each, now, notes.get(each.name)).until(until)
        ]
    return tuple(sorted(found, key=lambda one: (one.at, one.newsletter)))


class _Outlook:
    """The coming editions of one newsletter."""

    def __init__(
        self, tx: Transaction, newsletter: Newsletter, now: datetime, note: Note | None
    ) -> None:
        self._note = Opening()
        self._out: frozenset[int] = frozenset()
        if note and note.mark != news.noted(tx, newsletter.name):
            self._note, out = resolve(tx, note)
            self._out = frozenset(out)
        self._tx, self._newsletter, self._now = tx, newsletter, now
        self._zone = ZoneInfo(newsletter.zone)
        self._waiting = waiting.of(tx, newsletter.name)
        self._last = news.last_seq(tx, newsletter.name)
        self._members = self._read_members(())
        lowest = min((one.cursor for one in self._members), default=self._last)
        self._log = self._read_log(lowest)
        if relogged := self._relogged():
            self._members = self._read_members(relogged)
        self._rows = {row.id: row for row in articles.every(tx)}
        self._settled: dict[int, News] = {}

    def until(self, end: datetime) -> Iterator[Coming]:
        """Yield what comes until then."""
        draft = editions.find(self._tx, self._newsletter.name, "draft")
        if draft:
            yield self._draft(draft)
        for slot, at, cadences, late in self._slots(end):
            local = at.astimezone(self._zone)
            day = date.fromisoformat(slot[:10]) if slot[:1].isdigit() else local.date()
            found = self._coming(slot, at, day, cadences)
            found = replace(found, waits=self._waits(found, late=late))
            yield self._noted(found) if cadences is not AUDIENCES["article"] else found

    def _draft(self, draft: Edition) -> Coming:
        """Return a draft as it would be if it were approved now."""
        member = membership(self._newsletter, slot_of(self._newsletter, draft))
        found = Selection(self._tx, self._newsletter, member, draft.cut, self._now)
        due = [(group.members, found.owed(group).items) for group in found.groups]
        note = draft.note or Opening()
        return replace(
            worded(self._told(draft.slot, self._now, due, note.order), note),
            waits=draft.held or "it was not started",
            edition=draft.name,
        )

    def _noted(self, found: Coming) -> Coming:
        """Let the first edition for all that has articles bear the editor's note."""
        if not found.articles:
            return found
        note, self._note = self._note, Opening()
        return worded(found, note)

    def _slots(self, end: datetime) -> list[tuple[str, datetime, Collection[Cadence], bool]]:
        """Return slots with their times, for whom they are, and whether they were missed by hours."""
        each, others = AUDIENCES["article"], AUDIENCES["calendar"]
        found: list[tuple[str, datetime, Collection[Cadence], bool]] = [
            (one.name, self._now, AUDIENCES[one.audience], one.late)
            for one in due_slots(self._tx, self._newsletter, self._now)
        ]
        if any(one.stand.cadence is Cadence.EACH for one in self._members):
            found += [(f"article:{n}", at, each, False) for n, at in self._settlings(end)]
        planned = schedule(self._newsletter)
        if planned:
            found += [(one.local, one.at, others, False) for one in planned.slots(self._now, end)]
        return sorted(found, key=lambda one: one[1])

    def _settlings(self, end: datetime) -> Iterator[tuple[int, datetime]]:
        """Yield when new articles that wait become news, with the first of each time."""
        left = [one for one in self._waiting if one.kind is NewsKind.NEW and not one.lost]
        while left:
            at = next_time(left, self._newsletter.settle, self._newsletter.series_hold)
            assert at is not None
            ready = self._ready(left, max(at, self._now))
            if at > end or not ready:
                return
            yield ready[0].article_id, max(at, self._now)
            left = [one for one in left if one not in ready]

    def _ready(self, waits: Sequence[Waiting], at: datetime) -> list[Waiting]:
        one = self._newsletter
        return list(mailable(waits, one.settle, one.series_hold, at))

    def _coming(self, slot: str, at: datetime, day: date, cadences: Collection[Cadence]) -> Coming:
        """Return an edition, and move those on who are due it; who had theirs already waits."""
        log, early = self._log_at(at), 0
        due: list[tuple[int, Sequence[Item]]] = []
        for one in self._members:
            found = self._owed(log, one, at, cadences)
            if not is_due(one, day, cadences):
                early += one.stand.group.members if found.items else 0
                found = Owed(waits=True)
            move(one, log, day, found)
            due.append((one.stand.group.members, found.items))
        noted = cadences is not AUDIENCES["article"]
        told = self._told(slot, at, due, self._note.order if noted else ())
        others = {**told.readers_left_out, "cadence": early}
        return replace(told, readers_left_out=others) if early else told

    def _told(
        self,
        slot: str,
        at: datetime,
        due: Sequence[tuple[int, Sequence[Item]]],
        order: Sequence[int],
    ) -> Coming:
        """Tell of an edition by what each group is due; an article is new if it is so to anybody."""
        shown: dict[int, Item] = {}
        for item in (item for _, items in due for item in items):
            if item.article_id not in shown or item.kind is ItemKind.NEW:
                shown[item.article_id] = item
        groups = arranged(list(shown.values()), self._place, order)
        return Coming(
            self._newsletter.name,
            slot,
            at,
            f"{at.astimezone(self._zone):%Y-%m-%dT%H:%M}",
            self._newsletter.zone,
            tuple(self._planned(item) for item in list(chain.from_iterable(groups))[:_NAMED]),
            sum(members for members, items in due if items),
            tuple(self._left_out()),
            readers_left_out={why: n for why, n in self._out_of_reach.items() if why},
        )

    def _owed(self, log: Log, one: Members, at: datetime, cadences: Collection[Cadence]) -> Owed:
        stand, group = one.stand, one.stand.group
        resting = stand.paused_until is not None and stand.paused_until > at
        if resting or stand.cadence not in cadences:
            return Owed(waits=True)
        return owed(log, Reader(one.cursor, group.start, group.filters, group.held))

    def _log_at(self, at: datetime) -> Log:
        """Return the news as they will be then."""
        for one in self._ready(self._waiting, at):
            if one.article_id not in self._settled:
                seq = self._last + 1 + len(self._settled)
                row, revision = one.article_id, self._rows[one.article_id].revision
                self._settled[row] = News(self._newsletter.name, seq, row, revision, one.kind)
        due = set(self._settled)
        unsettled = {one.article_id for one in self._waiting if one.kind is NewsKind.NEW} - due
        rows = (*self._log.rows, *self._settled.values())
        stories = {n: one for n, one in self._log.stories.items() if n not in unsettled}
        return replace(self._log, rows=rows, stories=stories)

    def _waits(self, found: Coming, *, late: bool) -> str | None:
        if not found.letters:
            return None
        since = editions.last_cut_sent(self._tx, self._newsletter.name, calendar=True)
        count = len(fresh(self._log_at(found.at), since, EVERYTHING))
        if self._newsletter.approval == "required":
            return APPROVAL
        if count > self._newsletter.most_news:
            return f"{count} articles are more than {self._newsletter.most_news}"
        return "its slot was missed by hours" if late else None

    def _left_out(self) -> Iterator[LeftOut]:
        for one in self._waiting:
            if one.article_id not in self._settled and one.kind is NewsKind.NEW:
                row = self._rows[one.article_id]
                yield LeftOut(row.slug, row.title, "waits", self._why(one))
        first = min((row.seq for row in self._log.rows), default=0)
        logged = sorted({row.article_id for row in self._log.rows if row.seq >= first})
        since = self._now - timedelta(days=1)
        for gone in outlook.absent(self._tx, self._newsletter.name, logged, since):
            yield left_out(gone)
        for number in sorted(self._out):
            row = self._rows[number]
            reason = "the editor's note for the next edition leaves it out"
            yield LeftOut(row.slug, row.title, "excluded", reason)
        for number in self._unwanted:
            row = self._rows[number]
            reason = "the newsletter does not take it up (languages, tags, series)"
            yield LeftOut(row.slug, row.title, "not-taken-up", reason)

    def _why(self, one: Waiting) -> str:
        found = next_time([one], self._newsletter.settle, self._newsletter.series_hold)
        if found is None:
            return "its page is gone: it waits until that is back"
        when = f"{found.astimezone(self._zone):%Y-%m-%d %H:%M} {self._newsletter.zone}"
        if one.incomplete:
            return f"it waits until {when}, unless its series is there before"
        return f"it settles until {when}"

    def _planned(self, item: Item) -> Planned:
        row: Row = self._rows[item.article_id]
        return Planned(row.slug, row.title, row.language, item.kind)

    def _place(self, item: Item) -> Place:
        row = self._rows[item.article_id]
        return Place(row.id, row.series_id, row.part, row.published, item.kind)

    def _read_members(self, relogged: Sequence[int]) -> list[Members]:
        member = Membership(
            self._newsletter.name,
            self._now.date(),
            "all",
            relogged=tuple(relogged),
            narrowing=self._newsletter.audience,
            joined=joined_since(self._newsletter),
        )
        self._out_of_reach = member.counts(self._tx, _EVER)
        found = outlook.stands(self._tx, member, _EVER)
        return [Members(one, one.group.cursor, one.last) for one in found]

    def _read_log(self, lowest: int) -> Log:
        named = news.named(self._tx, self._newsletter.name, lowest, self._last)
        waits = [one.article_id for one in self._waiting]
        found = news.log_of(
            self._tx, self._newsletter.name, {*named, *waits}, self._last, waiting=True
        )
        passes = self._newsletter.filters.passes
        taken: Mapping[int, Story] = {
            number: one
            for number, one in found.stories.items()
            if passes(one.language, one.tags, one.series) and number not in self._out
        }
        recent = {row.article_id for row in found.rows if row.seq > lowest}
        self._unwanted = sorted((set(found.stories) - set(taken) - self._out) & recent)
        return replace(found, stories=taken)

    def _relogged(self) -> list[int]:
        seen: set[int] = set()
        again: set[int] = set()
        for row in self._log.rows:
            (again if row.article_id in seen else seen).add(row.article_id)
        changed = {one.article_id for one in self._waiting if one.kind is not NewsKind.NEW}
        return sorted(again | changed)
