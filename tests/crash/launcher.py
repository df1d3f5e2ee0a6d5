"""`syndicate`, to be killed at a point of its ledger: python -m tests.crash.launcher ARGUMENTS.

CRASH_AT     "intend before 3": SIGKILL before (after) the third commit that holds an intent;
             "claim", "finish" and "settle" likewise. What a commit holds is what was changed in it.
CRASH_WAITS  seconds between attempts, in place of minutes
CRASH_LEASE  seconds that a claim lives, in place of a minute
CRASH_JUMP   "3 -3600": the clock jumps by so many seconds at the third commit that holds an intent
CRASH_BYTES  the largest file that this process may write, as on a full disk
"""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from msgspec.structs import replace

from syndicate import cli, clock
from syndicate.jobs import deliver, recover
from syndicate.model import Decision, Delivery, Outcome
from syndicate.outbox import retry
from syndicate.outbox.retry import RetryPolicy
from syndicate.store import database, hot, ledger
from syndicate.store.database import Store, Transaction


def main() -> None:
    """Arrange the accident, and run the program."""
    if "CRASH_AT" in os.environ:
        name, side, nth = os.environ["CRASH_AT"].split()
        _die_at(name, side, int(nth))
    if "CRASH_WAITS" in os.environ:
        _wait_only(timedelta(seconds=float(os.environ["CRASH_WAITS"])))
    if "CRASH_LEASE" in os.environ:
        lease = timedelta(seconds=float(os.environ["CRASH_LEASE"]))
        _replace("LEASE", lease, recover, deliver)
        _replace("IDLE_LIMIT_S", int(lease.total_seconds()), database)
    if "CRASH_JUMP" in os.environ:
        nth, jump = os.environ["CRASH_JUMP"].split()
        _jump_at(int(nth), jump)
    if "CRASH_BYTES" in os.environ:
        limit = int(os.environ["CRASH_BYTES"])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    cli.main()


def _die_at(name: str, side: str, nth: int) -> None:
    def deed(reached: str) -> None:
        if reached == side:
            os.kill(os.getpid(), signal.SIGKILL)

    _at(name, nth, deed)


def _jump_at(nth: int, jump: str) -> None:
    def deed(reached: str) -> None:
        if reached == "after":
            os.environ[clock.SHIFT] = jump

    _at("intend", nth, deed)


def _at(name: str, nth: int, deed: Callable[[str], None]) -> None:
    """Do a deed "before" and "after" a commit: wrapped by name, since any thread may commit."""
    module = ledger if name == "settle" else hot
    function = "settle_dead" if name == "settle" else name
    wrapped: Callable[..., Any] = getattr(module, function)
    held: set[int] = set()
    left = nth

    def noting(tx: Transaction, *arguments: Any, **options: Any) -> Any:
        result = wrapped(tx, *arguments, **options)
        if result:
            held.add(id(tx))
        return result

    transaction = Store._transaction

    @contextmanager
    def deadly(self: Store, connection: Transaction) -> Iterator[Transaction]:
        nonlocal left
        with transaction(self, connection) as tx:
            yield tx
            doomed = id(tx) in held
            held.discard(id(tx))
            left -= doomed
            if doomed and left == 0:
                deed("before")
        if doomed and left == 0:
            deed("after")

    setattr(module, function, noting)
    Store._transaction = deadly  # type: ignore[method-assign]


def _wait_only(wait: timedelta) -> None:
    decide = retry.decide

    def soon(
        delivery: Delivery, outcome: Outcome, now: datetime, policy: RetryPolicy, jitter: float
    ) -> Decision:
        return decide(delivery, outcome, now, replace(policy, waits=(wait,)), jitter)

    _replace("decide", soon, retry, deliver)


def _replace(name: str, value: object, *modules: ModuleType) -> None:
    """Replace a name wherever it was imported to."""
    for module in modules:
        assert hasattr(module, name), f"{module.__name__} has no {name} any more"
        setattr(module, name, value)


if __name__ == "__main__":
    main()
