"""Subscribe, confirm, change, pause, leave, come back, erase, bounce, import, in any order.

A model holds who may be mailed, and who must never be again; what is sent is compared with it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace
from sqlalchemy import text

from syndicate import tokens
from syndicate.errors import SyndicateError
from syndicate.jobs import intake, leave, preferences, privacy
from syndicate.jobs.answer import answer, purge
from syndicate.jobs.confirm import confirm
from syndicate.jobs.people import Line
from syndicate.jobs.readers import describe
from syndicate.jobs.signup import Wish, sign_up
from syndicate.jobs.subscribe import Consent, Person
from syndicate.model import Cadence, Delivery, Letter, Refused, silent
from syndicate.store import migrate, suppressions
from syndicate.store.database import open_store
from tests.world import DIGEST, KEYS, World

PEOPLE = tuple(f"{name}@example.com" for name in ("ann", "ben", "cay", "dan"))
WHO = st.sampled_from(PEOPLE)


@dataclass
class Wishes:
    """What one person has decided, as far as the world may act on it."""

    reads: bool = False
    never: bool = False  # erased, bounced or opted out elsewhere: for good
    asked: bool = False  # a letter that asks may come
    paused: bool = False
    left_by_link: bool = False
    requests: list[int] = field(default_factory=list)


class AnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(prefix="syndicate-order-")
        store = open_store(f"sqlite:///{Path(self.folder.name) / 'a.db'}")
        migrate.upgrade(store)
        self.world = World(store, folder=Path(self.folder.name))
        self.wishes = {who: Wishes() for who in PEOPLE}
        self.number = 0
        self.seen = 0

    def teardown(self) -> None:
        self.world.store.close()
        self.folder.cleanup()

    def subscription(self, who: str) -> int | None:
        try:
            reader = describe(self.world.store, KEYS, who)
        except SyndicateError:
            return None
        return reader.memberships[0].subscription.id if reader.memberships else None

    @rule(who=WHO)
    def sign_up(self, who: str) -> None:
        wish = Wish("digest", who, "en", "192.0.2.1", "subscribe", "v", "text")
        sign_up(self.world.store, KEYS, wish, self.world.now, silent)
        answer(self.world.store, KEYS, ["digest"], self.world.now, silent)
        self.wishes[who].asked = True

    @rule(who=WHO)
    def confirm(self, who: str) -> None:
        with self.world.store.read() as tx:
            rows = tx.execute(
                text(
                    "SELECT id FROM signup WHERE address = :who AND kind = 'join' AND state = 'sent'"
                ),
                {"who": who},
            ).fetchall()
        for row in rows:
            try:
                confirm(self.world.store, KEYS, row.id, "192.0.2.1", self.world.now, silent)
            except SyndicateError:
                assert self.wishes[who].never
            else:
                assert not self.wishes[who].never
                self.wishes[who].reads = True
                self.wishes[who].left_by_link = False

    @rule(who=WHO, link=st.booleans())
    def leave(self, who: str, link: bool) -> None:
        number = self.subscription(who)
        if number is not None:
            source = "web" if link else "operator"
            ended = leave.unsubscribe(self.world.store, number, source, self.world.now, silent)
            if ended:
                self.wishes[who].left_by_link = link
            self.wishes[who].reads = False

    @rule(who=WHO)
    def come_back(self, who: str) -> None:
        number = self.subscription(who)
        if number is None or not leave.has_left(self.world.store, number):
            return
        try:
            leave.come_back(self.world.store, number, self.world.now, silent)
        except SyndicateError:
            return
        assert self.wishes[who].left_by_link
        assert not self.wishes[who].never
        self.wishes[who].reads = True
        self.wishes[who].left_by_link = False

    @rule(who=WHO, cadence=st.sampled_from([Cadence.DAILY, Cadence.WEEKLY]), pause=st.booleans())
    def change(self, who: str, cadence: Cadence, pause: bool) -> None:
        number = self.subscription(who)
        if number is None:
            return
        before = preferences.read(self.world.store, number)
        assert before is not None
        until = self.world.now.replace(year=self.world.now.year + 1, month=1) if pause else None
        wanted = replace(before, cadence=cadence, paused_until=until)
        preferences.change(self.world.store, DIGEST, number, wanted, self.world.now, silent)
        self.wishes[who].paused = pause

    @rule(who=WHO)
    def erase(self, who: str) -> None:
        privacy.erase(self.world.store, KEYS, who, "", self.world.now, silent)
        self.wishes[who] = Wishes(never=True)

    @rule(who=WHO, status=st.sampled_from(["active", "left", "unconfirmed"]), agreed=st.booleans())
    def take_in(self, who: str, status: Any, agreed: bool) -> None:
        mine = self.wishes[who]
        known = self.subscription(who) is not None
        report = intake.take_in(
            self.world.store,
            KEYS,
            "digest",
            "en",
            [Line(1, Person(who), status)],
            [Line(1, Person(who), status)],
            Consent("import a.csv"),
            self.world.now,
            silent,
            confirmed=agreed,
        )
        if status == "left":
            mine.never, mine.reads = True, False
        elif report.added:
            assert not mine.never
            assert not known
            mine.reads = True
        answer(self.world.store, KEYS, ["digest"], self.world.now, silent)
        mine.asked = mine.asked or not agreed

    @rule(who=WHO)
    def bounce(self, who: str) -> None:
        """The next letter is refused as no such address."""
        self.world.mouth.answers[who] = [Refused("550 5.1.1 no such user", 550, "address")]

    @rule(hours=st.sampled_from([1, 25, 24 * 8]))
    def wait(self, hours: int) -> None:
        self.world.pass_time(hours=hours)
        purge(self.world.store, self.world.now, silent)

    @rule()
    def edition(self) -> None:
        self.number += 1
        self.world.publish(f"article {self.number}")
        self.world.cut()
        self.send()

    @rule()
    def send(self) -> None:
        refused = {who for who, told in self.world.mouth.answers.items() if told}
        self.world.send(compose=_letter)
        self.nobody_is_mailed_who_should_not_be()  # what was on its way at once with the refused one is
        for who in refused:
            if not self.world.mouth.answers[who]:  # it was refused just now
                self.wishes[who].never, self.wishes[who].reads = True, False
        self.world.finish()

    @invariant()
    def nobody_is_mailed_who_should_not_be(self) -> None:
        for letter in self.world.mouth.taken[self.seen :]:
            mine = self.wishes[letter.recipient]
            assert not mine.never, letter.key
            if letter.key.startswith("e:"):
                assert mine.reads, letter.key
                assert not mine.paused, letter.key
            else:
                assert mine.asked, letter.key
        self.seen = len(self.world.mouth.taken)

    @invariant()
    def no_opt_out_is_forgotten(self) -> None:
        with self.world.store.read() as tx:
            for who, mine in self.wishes.items():
                kept = suppressions.find(tx, tokens.address_key(KEYS, who))
                assert bool(kept) == mine.never, who

    @invariant()
    def a_person_who_was_erased_is_nowhere(self) -> None:
        with self.world.store.read() as tx:
            held = set(tx.scalars(text("SELECT address FROM subscriber WHERE address IS NOT NULL")))
        for who, mine in self.wishes.items():
            if mine.never and not mine.reads and self.subscription(who) is None:
                assert who not in held


def _letter(row: Delivery) -> Letter:
    return Letter(row.key, "from@example.com", row.address, (b"x",))


AnyOrder.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyOrder = AnyOrder.TestCase
