"""Send what is due, through the ledger (DELIVERY.md, "The ledger").

Work goes round in one thread, and each round is one transaction: the next letters are claimed, what
became of others is recorded, and those claimed are committed to as `sending`. While another thread
waits for the disk to commit it, the letters of the rounds before are on their way; only after it do
the first bytes of its own leave. No more are claimed than have a free connection, so that a pause is
exact to the rows not yet claimed.
"""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import datetime, timedelta
from threading import Event as Signal
from time import monotonic

from msgspec import Struct

from syndicate.delivery import Carrier, Transport
from syndicate.jobs.fences import Fences
from syndicate.jobs.handover import Compose, hand_over, told
from syndicate.jobs.recover import LEASE, Seat, next_fence, recover, reserve
from syndicate.jobs.tally import Landed, Tally
from syndicate.model import (
    Decision,
    Delivery,
    Event,
    Outcome,
    Tell,
)
from syndicate.outbox import rounds
from syndicate.outbox.lanes import FREE, Pace, Way
from syndicate.outbox.retry import RetryPolicy, decide
from syndicate.store import hot, lanes, ledger, precedence
from syndicate.store.database import Store, Transaction
from syndicate.store.hot import Sender

CONNECTIONS = 24
IDLE = timedelta(seconds=10)  # `deliver` waits for what is due within, and leaves the rest to later
LINGER_S = 0.005  # how long a round waits for more letters to record
PATIENCE_S = 1.0  # how soon letters that become due while others are on their way are seen
_POLICY = RetryPolicy()

Clock = Callable[[], datetime]


class Delivered(Struct, frozen=True):
    """What a run of deliveries did, in letters; `stopped` says why sending stopped early."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    deferred: int = 0
    waiting: int = 0
    next_due: datetime | None = None
    stopped: str | None = None


def deliver(
    store: Store,
    transport: Transport,
    seat: Seat,
    compose: Compose,
    clock: Clock,
    tell: Tell,
    stop: Signal,
    *,
    way: Way = FREE,
    idle: timedelta = IDLE,
    tests: bool = False,
) -> Delivered:
    """Send until nothing is due within `idle`, or `stop` is set; then finish what is on its way.

    With `tests` nothing but test letters.
    """
    tally = Tally()
    recover(store, seat, clock(), tell)
    reserve(store, seat)  # the database may have been put back since the last run
    with (
        closing(transport.carrier(CONNECTIONS)) as carrier,
        store.writing() as write,
        ThreadPoolExecutor(2, "books") as books,
    ):
        post = _Post(
            store, write, carrier, books, seat, compose, clock, tell, tally, way, tests=tests
        )
        try:
            while not (stop.is_set() or tally.stopped):
                claimed = post.round(claim=True)
                if not (claimed or post.busy or post.wait_for_due(idle, stop)):
                    break
        finally:
            carrier.give_back()
            while post.busy:
                post.round(claim=False)
    reserve(store, seat)  # so that a copy made during this run is known to be older
    return post.report()


class _Entry(Struct, frozen=True):
    """A round in the ledger: what became of letters, of which `ours` were still so; what leaves next."""

    committed: Future[None]
    ours: set[int]
    decisions: list[Landed]
    letters: list[Delivery]
    broken: list[tuple[int, str]]
    fences: int | None  # the number before those reserved


class _Post:
    """A running delivery: letters leaving, and landing in the ledger."""

    def __init__(
        self,
        store: Store,
        write: Callable[[], AbstractContextManager[Transaction]],
        carrier: Carrier,
        books: ThreadPoolExecutor,
        seat: Seat,
        compose: Compose,
        clock: Clock,
        tell: Tell,
        tally: Tally,
        way: Way,
        *,
        tests: bool,
    ) -> None:
        self._way, self._books, self._tests = way, books, tests
        self._store, self._write, self._carrier, self._seat = store, write, carrier, seat
        self._compose, self._clock, self._tell, self._tally = compose, clock, tell, tally
        self._flying: dict[int, Delivery] = {}
        self._landed: list[tuple[int, Outcome]] = []  # and not recorded yet
        self._entry: _Entry | None = None  # of the round before, while it is committed
        self._fences = Fences(store, seat, books)
        self._together = rounds.fewest(CONNECTIONS)
        self._renewed = clock()

    @property
    def busy(self) -> bool:
        """Whether letters are on their way."""
        return bool(self._flying)

    @property
    def _in_the_air(self) -> bool:
        """Whether the carrier has letters of which it has not said yet what came of them."""
        return len(self._flying) > len(self._landed)

    def round(self, *, claim: bool) -> bool:
        """End the round before, whose letters leave then, and begin the next; whether it claimed any.

        Where nothing is on its way that could be served meanwhile, it ends at once.
        """
        self._end()
        self._wait()
        if claim:
            self._fences.ready()
        now = self._clock()
        decisions = [self._decide(ticket, outcome, now) for ticket, outcome in self._landed]
        with ExitStack() as stack:
            tx = stack.enter_context(self._write())
            precedence.in_a_round(tx)
            pace = self._learn(tx, decisions, now)
            claimed = self._claim(tx, pace, now) if claim else []
            ended = [(letter, decision) for letter, _, decision in decisions]
            ours = hot.finish(tx, ended, now, claimed)
            broken = self._tally.look(tx, [one for one in decisions if one[0].id in ours], now)
            letters = self._intend(tx, claimed, now) if claimed else []
            self._renew(tx, now)
            fences = self._fences.reserve(tx) if claim else None
            committed = self._books.submit(stack.pop_all().close)
        self._landed = []
        for letter, _, _ in decisions:
            del self._flying[letter.id]
        self._entry = _Entry(committed, ours, decisions, letters, broken, fences)
        if self._in_the_air:
            committed.add_done_callback(lambda _: self._carrier.ring())
        else:
            self._end()
        return bool(claimed)

    def _end(self) -> None:
        """Let letters land until the round before is committed; send on, and tell what it recorded."""
        if self._entry is None:
            return
        while self._in_the_air and not self._entry.committed.done():
            self._landed += self._carrier.landed(PATIENCE_S, CONNECTIONS)
        left = len(self._flying) - len(self._landed)
        self._together = rounds.together(self._together, left, CONNECTIONS)
        entry, self._entry = self._entry, None
        try:
            entry.committed.result()
        except BaseException:  # what is known of letters is to be recorded still
            self._flying |= {letter.id: letter for letter, _, _ in entry.decisions}
            self._landed += [(letter.id, outcome) for letter, outcome, _ in entry.decisions]
            raise
        if entry.fences is not None:
            self._fences.reserved(entry.fences)
        for letter in entry.letters:
            self._flying[letter.id] = letter
            if ended := hand_over(self._carrier, self._compose, letter):
                self._landed.append((letter.id, ended))
        for edition, reason in entry.broken:
            self._tell(Event("breaker.tripped", {"edition": edition, "reason": reason}, "error"))
        for letter, outcome, decision in entry.decisions:
            if letter.id in entry.ours:
                self._tally.add(outcome, decision)
                self._tell(told(letter, decision))

    def _wait(self) -> None:
        """Wait until enough letters have landed, or those that landed together; a late ring is none."""
        until = monotonic() + (LINGER_S if self._landed else PATIENCE_S)
        lacking = min(self._together, len(self._flying)) - len(self._landed)
        while lacking > 0 and (ahead := until - monotonic()) > 0:
            if landed := self._carrier.landed(ahead, lacking):
                self._landed += landed
                break

    def _decide(
        self, ticket: int, outcome: Outcome, now: datetime
    ) -> tuple[Delivery, Outcome, Decision]:
        letter, jitter = self._flying[ticket], random.uniform(-1, 1)  # noqa: S311 - it spreads load
        return letter, outcome, decide(letter, outcome, now, _POLICY, jitter)

    def _learn(self, tx: Transaction, landed: Sequence[Landed], now: datetime) -> Pace:
        replies = [(letter.lane, outcome) for letter, outcome, _ in landed]
        return lanes.learn(tx, self._way, lanes.load(tx, self._way, now), replies, now)

    def _claim(self, tx: Transaction, pace: Pace, now: datetime) -> list[int]:
        """Claim for the connections that are free."""
        room = CONNECTIONS - len(self._flying) + len(self._landed)
        return hot.claim(tx, room, now, self._way, pace, tests=self._tests) if room else []

    def _intend(self, tx: Transaction, claimed: Sequence[int], now: datetime) -> list[Delivery]:
        sender = Sender(self._seat.sender_id, next_fence(self._seat), LEASE)
        return hot.intend(tx, sender, claimed, now, taken=True)

    def wait_for_due(self, idle: timedelta, stop: Signal) -> bool:
        """Wait for the next letter if it is due soon, or another sender's; whether there is one."""
        if self._tally.stopped:
            return False
        with self._store.read() as tx:
            at = hot.next_due(tx, tests=self._tests)
            others = not self._store.embedded and ledger.others_hold(tx, self._seat.sender_id)
        ahead = at - self._clock() if at else idle
        if ahead < idle:
            stop.wait(max(ahead.total_seconds(), 0.05))
        elif others and idle:  # they send them, or their leases end
            stop.wait(PATIENCE_S)
            recover(self._store, self._seat, self._clock(), self._tell)
        else:
            return False
        return True

    def report(self) -> Delivered:
        """Say what was done, and what is left."""
        with self._store.read() as tx:
            left, at = ledger.waiting(tx), hot.next_due(tx)
        return Delivered(
            **{
                name: self._tally.counts.get(name, 0)
                for name in ("sent", "failed", "unknown", "deferred")
            },
            waiting=left,
            next_due=at,
            stopped=self._tally.stopped,
        )

    def _renew(self, tx: Transaction, now: datetime) -> None:
        if abs(now - self._renewed) > LEASE / 3:  # a clock may be set back
            ledger.renew(tx, self._seat.sender_id, LEASE, now)
            self._renewed = now
