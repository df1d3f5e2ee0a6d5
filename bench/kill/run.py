"""One run: an edition is sent, and its sender killed at random moments, until all letters are done."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

from tests.crash.mailing import CONNECTIONS, Mailing
from tests.ledger_invariants import violations

from bench.kill import server

_PATIENCE_S = 600.0  # without a letter: longer than any lease or wait
_LOOK_S = 0.002


class Told(Protocol):
    """Is told how far it has come; `killed` when a kill was just made."""

    def __call__(self, kills: int, accepted: int, *, killed: bool = False) -> None: ...


@dataclass(frozen=True)
class Plan:
    """What is to be tried; `delay` is how long the server takes for a reply, in seconds."""

    database: str
    letters: int
    kills: int
    seed: int
    delay: float = 0.0


@dataclass(frozen=True)
class Result:
    """What the server's log and the ledger say; `wrong` names every invariant that does not hold."""

    plan: Plan
    kills: int
    accepted: int
    twice: int
    lost: int
    uncertain: int
    arrived: int  # of those uncertain
    seconds: float
    wrong: list[str]


def tried(plan: Plan, folder: Path, url: str, tell: Told) -> Result:
    """Send, kill and judge."""
    dice, log = random.Random(plan.seed), folder / "server.log"
    mailing = Mailing(folder / "publication", url, plan.letters)
    mailing.close()
    kills, begun = 0, monotonic()
    with _listening(log, plan.delay) as port:
        tail = _Tail(log)
        for _ in range(plan.kills):
            target = tail.count() + dice.randint(1, _most(plan, kills, tail.count()))
            with _deliver(mailing.folder, port) as sender:
                _wait(sender, tail, target, partial(tell, kills))
                sleep(dice.uniform(0, 0.01))  # it may be anywhere by then
                if sender.poll() is not None:
                    break
                sender.send_signal(signal.SIGKILL)
                sender.wait()
            kills += 1
            tell(kills, tail.count(), killed=True)
        with _deliver(mailing.folder, port) as sender:
            _wait(sender, tail, sys.maxsize, partial(tell, kills))
            if sender.wait() != 0:
                raise SystemExit(f"the last sender ended with {sender.returncode}: {folder}")
    return _judged(plan, mailing, log, kills, monotonic() - begun)


def _most(plan: Plan, kills: int, accepted: int) -> int:
    """After how many more letters the next kill comes at the latest, so that all kills find some."""
    left = plan.kills - kills
    return max(1, 3 * (plan.letters - accepted) // (2 * (left + 1)))


def _judged(plan: Plan, mailing: Mailing, log: Path, kills: int, seconds: float) -> Result:
    arrivals = server.read(log)
    accepted = Counter(one.mailbox for one in arrivals if one.accepted)
    rows = mailing.rows
    unknown = {row.mailbox for row in rows if row.state == "unknown"}
    store = mailing.services.store
    wrong = violations(store, arrivals, may_be_unknown=kills * CONNECTIONS, frozen=plan.letters)
    mailing.close()
    return Result(
        plan=plan,
        kills=kills,
        accepted=len(accepted),
        twice=sum(n > 1 for n in accepted.values()),
        lost=len({row.mailbox for row in rows} - set(accepted) - unknown),
        uncertain=len(unknown),
        arrived=len(unknown & set(accepted)),
        seconds=seconds,
        wrong=wrong,
    )


@contextmanager
def _listening(log: Path, delay: float) -> Iterator[int]:
    """Run the server while the block lasts; it ends with its standard input, whatever happens to us."""
    command = [sys.executable, "-m", "bench.kill.server", str(log), str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        yield int(process.stdout.readline())
        process.stdin.close()


@contextmanager
def _deliver(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the program as its users do."""
    command = [sys.executable, "-m", "syndicate", "-C", str(folder), "deliver", "--json"]
    process = subprocess.Popen(
        command,
        env={**os.environ, "SYNDICATE_MAIL__PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _wait(
    sender: subprocess.Popen[bytes], tail: "_Tail", target: int, tell: Callable[[int], None]
) -> None:
    """Wait until the server has so many letters, or the sender has ended."""
    seen, until = -1, monotonic() + _PATIENCE_S
    while sender.poll() is None and (count := tail.count()) < target:
        if count != seen:
            seen, until = count, monotonic() + _PATIENCE_S
            tell(count)
        if monotonic() > until:
            raise SystemExit(f"no letter for {_PATIENCE_S:.0f} s")
        sleep(_LOOK_S)


class _Tail:
    """Counts the lines of a log that grows."""

    def __init__(self, log: Path) -> None:
        self._file = log.open("rb")
        self._lines = 0

    def count(self) -> int:
        """Return how many lines there are by now."""
        self._lines += self._file.read().count(b"\n")
        return self._lines
