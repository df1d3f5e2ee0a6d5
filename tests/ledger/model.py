"""The ledger's functions, called in any order by senders that may stop anywhere, and their judge."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from sqlalchemy import text

from syndicate.jobs import control, evidence, leave
from syndicate.model import (
    Accepted,
    Decision,
    Deferred,
    Delivery,
    Edition,
    EditionState,
    Outcome,
    Refused,
    Unknown,
    silent,
)
from syndicate.outbox import retry
from syndicate.outbox.retry import RetryPolicy
from syndicate.store import editions, hot, ledger, senders, suppressions
from syndicate.store.database import Store
from tests.ledger_invariants import Arrival, assert_kept
from tests.world import World

READERS = 4
LEASE = timedelta(seconds=60)
# What the server does with a letter: `taken` and `lost` both end without a reply.
Deed = Literal["accept", "taken", "lost", "defer", "refuse", "blame us"]
_OUTCOMES: dict[Deed, Outcome] = {
    "accept": Accepted("250 ok"),
    "taken": Unknown("lost"),
    "lost": Unknown("lost"),
    "defer": Deferred("451 later", 451),
    "refuse": Refused("554 5.6.0 no", 554, "message"),
    "blame us": Refused("530 5.7.0 log in", 530, "us"),
}


@dataclass
class Hand:
    """A sending process: what it holds in memory, which may be out of date."""

    sender: int
    claimed: list[int] = field(default_factory=list)
    flying: list[Delivery] = field(default_factory=list)
    landed: list[tuple[Delivery, Decision]] = field(default_factory=list)
    finished: list[tuple[Delivery, Decision]] = field(default_factory=list)


class Ledger:
    """A small publication, three senders, and the receiving server's log."""

    def __init__(self, store: Store) -> None:
        self.world = World(store)
        self.world.join(*(f"reader{n}@example.com" for n in range(1, READERS + 1)))
        self.hands = [Hand(self._register()) for _ in range(3)]
        self.arrivals: list[Arrival] = []
        self.doubtful: set[str] = set()  # letters that were on their way when something broke
        self.resent: Counter[str] = Counter()
        self.gone: set[int] = set()  # subscriptions that must get nothing more
        self._articles = self._fence = 0
        self.cut()

    def cut(self) -> None:
        """Bring an article and cut an edition of it: it supersedes what waits."""
        self._articles += 1
        self.world.publish(f"article {self._articles}")
        self.world.cut()

    def claim(self, who: int, limit: int = 2) -> None:
        """Let a sender claim."""
        hand = self.hands[who]
        if hand.claimed:
            return
        with self.world.store.write() as tx:
            hand.claimed = hot.claim(tx, limit, self.world.now)

    def intend(self, who: int) -> None:
        """Let a sender commit to what it claimed."""
        hand = self.hands[who]
        if not hand.claimed:
            return
        self._fence += 1
        with self.world.store.write() as tx:
            sender = hot.Sender(hand.sender, self._fence, LEASE)
            letters = hot.intend(tx, sender, hand.claimed, self.world.now)
        hand.claimed = []
        hand.flying += letters
        assert not {one.subscription_id for one in letters} & self.gone, "mail after an opt-out"

    def hand_over(self, who: int, deed: Deed) -> None:
        """Let a sender hand a letter over; it knows the outcome, and has not recorded it."""
        hand = self.hands[who]
        if not hand.flying:
            return
        letter = hand.flying.pop(0)
        outcome = _OUTCOMES[deed]
        if deed in {"accept", "taken", "lost"}:
            self._arrive(letter, accepted=deed != "lost")
        if isinstance(outcome, Unknown):
            self.doubtful.add(letter.key)
        decision = retry.decide(letter, outcome, self.world.now, RetryPolicy(), 0.0)
        hand.landed.append((letter, decision))

    def finish(self, who: int) -> None:
        """Let a sender record what landed."""
        hand = self.hands[who]
        with self.world.store.write() as tx:
            hot.finish(tx, hand.landed, self.world.now)
        hand.finished, hand.landed = hand.landed, []

    def finish_again(self, who: int) -> None:
        """Let a sender repeat its last record, as when the commit's answer was lost."""
        with self.world.store.write() as tx:
            hot.finish(tx, self.hands[who].finished, self.world.now)

    def crash(self, who: int, *, arrive: bool) -> None:
        """Kill a sender, and let the next one settle what it left."""
        hand = self.hands[who]
        for letter in hand.flying:
            self._arrive(letter, accepted=arrive)
        self.expire(who)
        self.hands[who] = Hand(hand.sender)

    def expire(self, who: int) -> None:
        """Let another take over from a sender that only sleeps: it goes on, and does not know."""
        hand = self.hands[who]
        self.doubtful |= {one.key for one in hand.flying}
        self.doubtful |= {one.key for one, _ in hand.landed}
        with self.world.store.write() as tx:
            ledger.settle_dead(tx, senders.own(hand.sender), self.world.now)

    def resend(self) -> None:
        """Let the operator send again what is unknown."""
        for one in self._editions(EditionState.SENDING, EditionState.PAUSED, EditionState.DONE):
            store, now = self.world.store, self.world.now
            report = evidence.resend(store, one, lambda key, _: key, now, silent, yes=True)
            self.resent.update(letter.key for letter in report.letters)

    def unsubscribe(self, reader: int) -> None:
        """Let a reader leave."""
        leave.unsubscribe(self.world.store, reader, "test", self.world.now, silent)
        self.gone.add(reader)

    def suppress(self, reader: int) -> None:
        """Suppress a reader's address."""
        key = text("SELECT address_key FROM subscriber WHERE id = :id")
        with self.world.store.write() as tx:
            found = tx.scalar(key, {"id": reader})
            assert found is not None
            suppressions.suppress(tx, found, "complaint", "test", self.world.now)
        self.gone.add(reader)

    def pause(self) -> None:
        """Pause all editions that send."""
        for one in self._editions(EditionState.SENDING):
            with suppress(control.ControlRefused):  # it has ended, and nobody has said so yet
                control.pause(self.world.store, one, self.world.now, silent)

    def resume(self) -> None:
        """Let all paused editions send again."""
        for one in self._editions(EditionState.PAUSED):
            control.resume(self.world.store, one, silent)

    def cancel(self) -> None:
        """Cancel all paused editions."""
        for one in self._editions(EditionState.PAUSED):
            control.cancel(self.world.store, one, self.world.now, silent, yes=True)

    def end(self) -> None:
        """End the editions that can end; who had to be left out is frozen then, and gets a letter."""
        self.world.finish()
        self.world.render()

    def check(self, *, ended: bool = False) -> None:
        """Hold the ledger against the server's log."""
        known: Counter[str] = Counter()
        judged = []
        for one in self.arrivals:
            known[one.letter] += one.accepted
            again = one.accepted and 1 < known[one.letter] <= 1 + self.resent[one.letter]
            judged.append(one._replace(accepted=one.accepted and not again))
        store, doubtful = self.world.store, len(self.doubtful)
        assert_kept(store, judged, may_be_unknown=doubtful, ended=ended)

    def drain(self) -> None:
        """Let everything come to its end, with a server that takes all."""
        self.resume()
        for who in range(len(self.hands)):
            self.work_off(who)
            self.crash(who, arrive=True)
        for _ in range(3 * READERS):
            self.world.pass_time(hours=2)
            self.end()
            self.claim(0, 16)
            self.work_off(0)
        self.check(ended=True)

    def work_off(self, who: int, deed: Deed = "accept") -> None:
        """Let a sender send all that it claimed."""
        self.intend(who)
        while self.hands[who].flying:
            self.hand_over(who, deed)
        self.finish(who)

    def _editions(self, *states: EditionState) -> list[Edition]:
        with self.world.store.read() as tx:
            return [one for state in states for one in editions.in_state(tx, state)]

    def _arrive(self, letter: Delivery, *, accepted: bool) -> None:
        digest = f"{letter.variant_id} {letter.dated} {letter.address}"
        self.arrivals.append(Arrival(letter.key, letter.address, digest, accepted))

    def _register(self) -> int:
        with self.world.store.write() as tx:
            return senders.register(tx, senders.Process("host", "boot", 1, "then"), self.world.now)
