"""Send what is due, through the ledger (DELIVERY.md, "The ledger").

One thread talks to the database, others to the server. Rows are claimed for the free connections
only, so that a pause is exact to the rows not yet claimed; `sending` is committed before a letter's
first byte may leave, and what came of it is committed after.
"""

import random
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, LifoQueue
from threading import Event as Signal
from typing import Literal

from syndicate.delivery import ConnectError, Connection, Transport
from syndicate.jobs.recover import LEASE, Seat, next_fence
from syndicate.model import (
    Decision,
    Deferred,
    Delivery,
    DeliveryState,
    Done,
    Event,
    Letter,
    Outcome,
    Refused,
    Tell,
    Unknown,
)
from syndicate.outbox.retry import RetryPolicy, decide
from syndicate.store import hot, ledger
from syndicate.store.database import Store
from syndicate.store.hot import Sender

CONNECTIONS = 16
IDLE = timedelta(seconds=10)  # `deliver` waits for what is due within, and leaves the rest to later
OUR_FAULTS = 3  # refusals in a row that blame us: then every further try would only do harm

Compose = Callable[[Delivery], Letter]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run of deliveries did, in letters; `stopped` says why sending stopped early."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    deferred: int = 0
    waiting: int = 0
    next_due: datetime | None = None
    stopped: str | None = None


@dataclass(slots=True)
class _Tally:
    """What happened so far; `faults` counts refusals in a row that blame us."""

    counts: dict[str, int] = field(default_factory=dict)
    faults: int = 0
    stopped: str | None = None

    def add(self, outcome: Outcome, decision: Decision) -> None:
        kind = decision.state.value if isinstance(decision, Done) else "deferred"
        self.counts[kind] = self.counts.get(kind, 0) + 1
        ours = isinstance(outcome, Refused) and outcome.blames == "us"
        self.faults = self.faults + 1 if ours else 0
        if self.faults >= OUR_FAULTS:
            self.stopped = outcome.reply


def deliver(
    store: Store,
    transport: Transport,
    seat: Seat,
    compose: Compose,
    clock: Clock,
    tell: Tell,
    stop: Signal,
    *,
    idle: timedelta = IDLE,
) -> Delivered:
    """Send until nothing is due within `idle`, or `stop` is set; then finish what is on its way."""
    post = _Post(store, transport, seat, compose, clock, tell)
    tally = _Tally()
    with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="smtp") as threads:
        flying: dict[Future[Outcome], Delivery] = {}
        try:
            while True:
                if not (stop.is_set() or tally.stopped):
                    flying |= post.take_off(threads, CONNECTIONS - len(flying))
                if flying:
                    post.land(flying, tally)
                elif stop.is_set() or tally.stopped or not post.wait_for_due(idle, stop):
                    break
        finally:
            while flying:
                post.land(flying, tally)
            post.close()
    return post.report(tally)


class _Post:
    """A running delivery: letters taking off to the server, and landing in the ledger."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        seat: Seat,
        compose: Compose,
        clock: Clock,
        tell: Tell,
    ) -> None:
        self._store, self._transport, self._seat = store, transport, seat
        self._compose, self._clock, self._tell = compose, clock, tell
        self._free: LifoQueue[Connection] = LifoQueue()
        self._renewed = clock()

    def take_off(self, threads: ThreadPoolExecutor, room: int) -> dict[Future[Outcome], Delivery]:
        """Claim letters for the free connections, commit to sending them, and hand them over."""
        if room <= 0:
            return {}
        now = self._clock()
        with self._store.write() as tx:
            sender = Sender(self._seat.sender_id, next_fence(tx, self._seat), LEASE)
            claimed = hot.claim(tx, sender, room, now)
        if not claimed:
            return {}
        with self._store.write() as tx:
            letters = hot.intend(tx, claimed, sender.fence, now)
        return {threads.submit(self._send, letter): letter for letter in letters}

    def land(self, flying: dict[Future[Outcome], Delivery], tally: _Tally) -> None:
        """Wait for the first reply, and record all that have come."""
        self._renew()
        landed, _ = wait(flying, timeout=LEASE.total_seconds() / 3, return_when=FIRST_COMPLETED)
        now = self._clock()
        with self._store.write() as tx:
            for future in landed:
                letter, outcome = flying.pop(future), future.result()
                decision = decide(letter, outcome, now, RetryPolicy(), random.uniform(-1, 1))  # noqa: S311
                if hot.finish(tx, letter, decision, now):
                    tally.add(outcome, decision)
                    self._told(letter, decision)

    def wait_for_due(self, idle: timedelta, stop: Signal) -> bool:
        """Wait for the next letter if it is due soon; whether there is one."""
        with self._store.read() as tx:
            at = ledger.next_due(tx)
        ahead = at - self._clock() if at else idle
        if ahead >= idle:
            return False
        stop.wait(max(ahead.total_seconds(), 0.05))
        return True

    def close(self) -> None:
        """Hang up."""
        while not self._free.empty():
            self._free.get_nowait().close()

    def report(self, tally: _Tally) -> Delivered:
        """Say what was done, and what is left."""
        with self._store.read() as tx:
            left, at = ledger.waiting(tx), ledger.next_due(tx)
        return Delivered(
            **{
                name: tally.counts.get(name, 0)
                for name in ("sent", "failed", "unknown", "deferred")
            },
            waiting=left,
            next_due=at,
            stopped=tally.stopped,
        )

    def _send(self, letter: Delivery) -> Outcome:
        """Hand one letter over, on a connection that this thread alone has meanwhile.

        Never raises: what is not foreseen is deferred before the hand-over, and unknown after.
        """
        try:
            ready, connection = self._compose(letter), self._connection()
        except ConnectError as error:
            return error.outcome
        except Exception as error:  # noqa: BLE001 - one bad letter must not hold up the others
            return Deferred(f"not sent: {error!r}")
        try:
            outcome = connection.send(ready)
        except Exception as error:  # noqa: BLE001 - as above; it may have arrived
            connection.close()
            return Unknown(f"{error!r}")
        self._free.put(connection)
        return outcome

    def _connection(self) -> Connection:
        try:
            return self._free.get_nowait()
        except Empty:
            return self._transport.connect()

    def _renew(self) -> None:
        now = self._clock()
        if now - self._renewed > LEASE / 3:
            with self._store.write() as tx:
                ledger.renew(tx, self._seat.sender_id, LEASE, now)
            self._renewed = now

    def _told(self, letter: Delivery, decision: Decision) -> None:
        kind = decision.state.value if isinstance(decision, Done) else "deferred"
        level: Literal["debug", "warning"] = "debug" if kind == DeliveryState.SENT else "warning"
        values = {"delivery": letter.key, "attempt": letter.attempts + 1, "reply": decision.reply}
        self._tell(Event(f"delivery.{kind}", values, level))
