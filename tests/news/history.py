"""Any history of a newsletter, step by step, and the judge of what its readers got.

The judge knows nothing of freezes: it reads the news log and the letters that arrived, and asks for
each reader and article what the model promises (DELIVERY.md, "What a reader is due").
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import text

from syndicate.jobs import control
from syndicate.jobs.editions import approve
from syndicate.model import (
    EVERYTHING,
    Article,
    Cadence,
    Deferred,
    EditionState,
    Filters,
    ItemKind,
    Metadata,
    Outcome,
    Refused,
    Unknown,
    silent,
)
from syndicate.store import articles, editions, news
from syndicate.store.database import Store
from tests.news.paper import Paper
from tests.world import DIGEST

_CATCH_UP = ItemKind.CATCH_UP
LANGUAGES = ("en", "ja")
TAGS = ("sea", "moon")
BERLIN = replace(DIGEST, zone="Europe/Berlin", omnibus=True)
BEGIN = datetime(2026, 3, 26, 6, 30, tzinfo=UTC)  # three days before clocks go forward
ANSWERS: tuple[Outcome, ...] = (
    Refused("552 5.2.2 full", 552, "message"),
    Unknown("lost"),
    Deferred("451 later", 451),
)
FILTERS = (
    Filters(),
    Filters(languages=("en",)),
    Filters(languages=("ja",)),
    Filters(tags=("sea",)),
)
HOURS = (None, 2, 7, 20)


class Step(NamedTuple):
    """A deed, and two numbers that choose how."""

    deed: str
    one: int
    two: int


class Letter(NamedTuple):
    """A letter that arrived or may have, with what it held: (article, revision, kind)."""

    slot: str
    day: str | None
    recipients: int | None
    items: list[tuple[int, int, ItemKind]]


@dataclass
class Reader:
    """What the judge has to know of a reader beside the letters."""

    address: str
    filters: Filters = EVERYTHING
    cadence: Cadence = Cadence.DAILY
    steady_filters: bool = True
    steady_cadence: bool = True
    paused_until: datetime = BEGIN


@dataclass
class History:
    """A newsletter with readers, to which anything may happen."""

    store: Store
    readers: list[Reader] = field(default_factory=list)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.paper = Paper(self.store, BERLIN)
        self.paper.now = BEGIN
        self._parts = 0
        self._split = False  # a series was: its parts may be earlier parts of another one then
        for _ in range(2):
            self.join(0, 0)

    def play(self, steps: Sequence[Step]) -> int:
        """Take steps, let everything come to its end, and judge; how many letters arrived."""
        for step in steps:
            DEEDS[step.deed](self, step.one, step.two)
        self.drain()
        self.judge()
        return len(self.paper.mouth.taken)

    # Deeds

    def write(self, one: int, two: int) -> None:
        """Publish an article: alone, or the next part of the series; now and then an old one."""
        language, tags = LANGUAGES[one % 2], TAGS[: two % 3]
        if one % 3 == 0:
            self._parts += 1
            title, following = f"part {self._parts}", f"part {self._parts + 1}"
            if two % 5 == 0:
                following, self._parts = "", self._parts + 100  # the last: another series begins
        else:
            title, following = f"article {len(self.tags)}", ""
        self.tags[title] = tags
        article = Article(
            title,
            "Text.",
            language=language,
            next_title=following or None,
            metadata=Metadata(tags=tags),
        )
        self.paper.bring(article, backlog=two % 11 == 0)

    def edit(self, one: int, two: int) -> None:
        """Change an article, significantly or not."""
        if self.tags:
            title = list(self.tags)[one % len(self.tags)]
            said = self.paper.texts[title].summary or ""
            self.paper.edit(title, f"{said} More {two}." if two % 3 else said.replace(" ", "  "))

    def withdraw(self, one: int, _two: int) -> None:
        """Take an article down."""
        if titles := self._titles("published"):
            title = titles[one % len(titles)]
            self._split = self._split or title.startswith("part")
            self.paper.withdraw(title)

    def restore(self, one: int, _two: int) -> None:
        """Put an article back."""
        if titles := self._titles("withdrawn"):
            self.paper.restore(titles[one % len(titles)])

    def join(self, one: int, two: int) -> None:
        """Let somebody join."""
        reader = Reader(f"r{len(self.readers)}@example.com")
        if len(self.readers) < 6:
            self.readers.append(reader)
            self.paper.join(reader.address)
            self._wish(len(self.readers), FILTERS[one % 4], tuple(Cadence)[two % 4], HOURS[two % 4])

    def refilter(self, one: int, two: int) -> None:
        """Let a reader want other articles."""
        number, reader = self._reader(one)
        reader.steady_filters = reader.steady_filters and FILTERS[two % 4] == reader.filters
        self._wish(number, FILTERS[two % 4], reader.cadence, None)

    def retime(self, one: int, two: int) -> None:
        """Let a reader want letters at other times."""
        number, reader = self._reader(one)
        cadence = tuple(Cadence)[two % 4]
        reader.steady_cadence = reader.steady_cadence and cadence is reader.cadence
        self._wish(number, reader.filters, cadence, HOURS[two % 3])

    def pause(self, one: int, two: int) -> None:
        """Let a reader pause."""
        number, reader = self._reader(one)
        reader.paused_until = self.paper.now + timedelta(days=1 + two % 4)
        self.paper.wish(number, paused_until=reader.paused_until)

    def day(self, one: int, two: int) -> None:
        """Let a day pass; now and then nobody is there when its slot comes, or for days."""
        self.paper.pass_time(days=1 + (two % 4 == 0) * (one % 4), hours=(one % 7 == 0) * 9)
        self.tick(one, two)

    def tick(self, _one: int, _two: int) -> None:
        """Cut what is due."""
        self.paper.tick()
        self._decide()

    def by_hand(self, _one: int, _two: int) -> None:
        """Cut an edition by hand."""
        self.paper.issue()
        self._decide()

    def correct(self, one: int, _two: int) -> None:
        """Write to who got an edition."""
        with self.store.read() as tx:
            started = [each.id for each in editions.listed(tx) if each.started]
        if started:
            self.paper.issue(recipients=started[one % len(started)])

    def send(self, one: int, two: int) -> None:
        """Send what is due; the server has its moods."""
        if two % 3 == 0:
            _, reader = self._reader(one)
            self.paper.mouth.answers.setdefault(reader.address, []).append(ANSWERS[one % 3])
        before = len(self.paper.mouth.taken)
        self.paper.send()
        self._mind_pauses(before)
        if two % 2:
            self.paper.end()

    def cancel(self, one: int, _two: int) -> None:
        """Cancel an edition that sends."""
        with self.store.read() as tx:
            sending = editions.in_state(tx, EditionState.SENDING)
        if sending:
            chosen = sending[one % len(sending)]
            control.cancel(self.store, chosen, self.paper.now, silent, yes=True)

    # The end

    def drain(self) -> None:
        """Let the world be kind until nobody is due anything."""
        self.paper.mouth.answers.clear()
        self.paper.pass_time(days=5)
        for number, reader in enumerate(self.readers, 1):
            self._wish(number, reader.filters, reader.cadence, None)
        with self.store.write() as tx:
            tx.execute(text("UPDATE subscription SET state = 'active', failures = 0"))
        for language in LANGUAGES:
            article = Article(
                f"last in {language}", language=language, metadata=Metadata(tags=TAGS)
            )
            self.tags[article.title] = TAGS
            self.paper.bring(article)
        for _ in range(6):
            self.paper.pass_time(days=1)
            self.paper.send()
            self.paper.end()
            self.paper.issue()
            self._decide()

    def judge(self) -> None:
        """Ask of each reader what the model promises."""
        with self.store.read() as tx:
            rows = news.log(tx, "digest", 0, news.last_seq(tx, "digest")).rows
            found = {row.id: row for row in articles.every(tx)}
            begun = tx.execute(text("SELECT id, start FROM subscription")).fetchall()
        starts = {row[0]: row[1] for row in begun}
        for number, reader in enumerate(self.readers, 1):
            letters = self._letters(number)
            _judge_letters(letters)
            assert self._split or _once(letters), "caught up twice"
            _judge_cadence(reader, letters)
            held = _held(letters)
            times = Counter(
                item[0] for one in letters for item in one.items if item[2] is ItemKind.NEW
            )
            assert not [one for one, count in times.items() if count > 1], "twice"
            if not reader.steady_filters:
                continue
            for article in found.values():
                passes = reader.filters.passes(article.language, self.tags[article.title], None)
                assert passes or article.id not in held, "filtered"
                its = [row for row in rows if row.article_id == article.id]
                firsts = [row.seq for row in its if row.kind == "new"]
                if not passes or not firsts or article.state != "published":
                    continue
                if max(firsts) > starts[number]:
                    assert article.id in held, f"{reader} never got {article.title}"
                if min(firsts) > starts[number]:
                    assert times[article.id] == 1, f"{reader} has no news of {article.title}"
                if article.id in held:
                    assert held[article.id] >= max(row.revision for row in its), "not corrected"

    def _decide(self) -> None:
        """Approve what waits."""
        with self.store.read() as tx:
            draft = editions.find(tx, "digest", "draft")
        if draft:
            approve(self.store, self.paper.newsletter, draft, "v1", self.paper.now, silent, "us")
        self.paper.render()

    def _mind_pauses(self, before: int) -> None:
        resting = {one.address for one in self.readers if one.paused_until > self.paper.now}
        for letter in self.paper.mouth.taken[before:]:
            assert letter.recipient not in resting, "mail in a pause"

    def _wish(self, number: int, filters: Filters, cadence: Cadence, hour: int | None) -> None:
        reader = self.readers[number - 1]
        reader.filters, reader.cadence = filters, cadence
        self.paper.wish(number, filters=filters, cadence=cadence, hour=hour, zone="Europe/Berlin")

    def _reader(self, one: int) -> tuple[int, Reader]:
        number = one % len(self.readers)
        return number + 1, self.readers[number]

    def _titles(self, state: str) -> list[str]:
        with self.store.read() as tx:
            return [row.title for row in articles.every(tx) if row.state == state]

    def _letters(self, reader: int) -> list[Letter]:
        with self.store.read() as tx:
            rows = tx.execute(
                text(
                    "SELECT d.id, e.slot, d.day, e.recipients, i.article, i.revision, i.kind "
                    "FROM delivery d JOIN edition e ON e.id = d.edition "
                    "JOIN variant_item i ON i.variant = d.variant "
                    "WHERE d.subscription = :reader AND d.state IN ('sent', 'unknown') "
                    "ORDER BY d.id, i.position"
                ),
                {"reader": reader},
            ).fetchall()
        letters: dict[int, Letter] = {}
        for key, slot, day, recipients, article, revision, kind in rows:
            letter = letters.setdefault(key, Letter(slot, day, recipients, []))
            letter.items.append((article, revision, ItemKind(kind)))
        return list(letters.values())


def _held(letters: Sequence[Letter]) -> dict[int, int]:
    held: dict[int, int] = {}
    for letter in letters:
        for article, revision, _ in letter.items:
            held[article] = max(revision, held.get(article, 0))
    return held


def _judge_letters(letters: Sequence[Letter]) -> None:
    """Each letter has a reason, each article in it once, and corrections are of what was held."""
    for place, letter in enumerate(letters):
        before = _held(letters[:place])
        kinds = [kind for _, _, kind in letter.items]
        assert len({article for article, _, _ in letter.items}) == len(letter.items), "twice in one"
        if letter.recipients is None:
            assert ItemKind.NEW in kinds, "a letter without news"
        else:
            assert set(kinds) == {ItemKind.CORRECTED}, "news in a correction"
        for article, revision, kind in letter.items:
            if kind is ItemKind.CORRECTED:
                assert 0 < before.get(article, 0) < revision, "nothing to correct"
            if kind is ItemKind.NEW:
                assert article not in before, "news that was held"


def _once(letters: Sequence[Letter]) -> bool:
    """Whether nobody caught up with a part twice."""
    every = [one for letter in letters for one, _, kind in letter.items if kind is _CATCH_UP]
    return len(set(every)) == len(every)


def _judge_cadence(reader: Reader, letters: Sequence[Letter]) -> None:
    """Who never changed cadence got no more letters of the calendar than that allows."""
    if not reader.steady_cadence:
        return
    planned = [one for one in letters if one.slot[:1].isdigit()]
    if reader.cadence is Cadence.EACH:
        assert not planned, "a calendar letter for who wants each article"
        return
    assert not [one for one in letters if one.slot.startswith("article:")], "an article's letter"
    period: Callable[[datetime], object] = {
        Cadence.DAILY: lambda at: at.date(),
        Cadence.WEEKLY: lambda at: at.isocalendar()[:2],
        Cadence.MONTHLY: lambda at: (at.year, at.month),
    }[reader.cadence]
    days = [period(datetime.fromisoformat(one.day or "")) for one in planned]
    assert len(set(days)) == len(days), "oftener than the cadence"


Deed = Callable[[History, int, int], None]
DEEDS: dict[str, Deed] = {
    "write": History.write,
    "edit": History.edit,
    "withdraw": History.withdraw,
    "restore": History.restore,
    "join": History.join,
    "refilter": History.refilter,
    "retime": History.retime,
    "pause": History.pause,
    "day": History.day,
    "tick": History.tick,
    "by hand": History.by_hand,
    "correct": History.correct,
    "send": History.send,
    "cancel": History.cancel,
}
# How often each is drawn.
WEIGHTS = (6, 4, 2, 2, 2, 1, 1, 1, 5, 3, 1, 1, 6, 1)
