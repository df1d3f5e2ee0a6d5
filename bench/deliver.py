"""Delivery with the ledger on, beside smtp-source, smtplib and aiosmtplib (issue 3).

Each client sends the same letters, one recipient each, to Postfix's smtp-sink, which has one core
to itself; the clients have the other. Needs Debian's package postfix and two cores.

    python -m bench.deliver [LETTERS]
"""

import asyncio
import gc
import json
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event as Signal
from time import monotonic, process_time
from typing import NamedTuple

import aiosmtplib

from bench import letters
from bench.edition import publication
from syndicate.__main__ import YOUNG
from syndicate.delivery.session import SmtpSettings
from syndicate.delivery.smtp import SmtpTransport
from syndicate.jobs.deliver import CONNECTIONS, deliver
from syndicate.jobs.recover import seated
from syndicate.model import silent
from syndicate.outbox.rounds import fewest

HOST = "127.0.0.1"
LETTERS = 5000
SESSIONS = 4  # of smtp-source and aiosmtplib
TURNS = 5  # each client's, one after another: a shared machine is slow in some of them
_LIMIT_S = 300
_NAMES = {
    "smtp-source": "smtp-source -s 4 -d",
    "smtplib": "smtplib, reused",
    "aiosmtplib": "aiosmtplib, 4 sessions",
    "bare": "syndicate, no ledger",
    "ledger": "syndicate, SQLite FULL",
}


class Taken(NamedTuple):
    """The least that a client took for all letters, in seconds of the clock and of the processor."""

    seconds: float
    cpu: float

    def least(self, other: "Taken | None") -> "Taken":
        """Return the better of both, each of the two figures by itself."""
        if other is None:
            return self
        return Taken(min(self.seconds, other.seconds), min(self.cpu, other.cpu))


def main(count: int) -> None:
    """Measure every client in a process of its own, in turn, and print the best that each took."""
    for program in ("smtp-sink", "smtp-source", "taskset"):
        if _found(program) is None:
            raise SystemExit(f"{program} is missing: install Debian's packages postfix, util-linux")
    best: dict[str, Taken] = {}
    with tempfile.TemporaryDirectory() as name, _sink() as port:
        for _ in range(TURNS):
            for client in _NAMES:
                took = _measured(client, Path(name), port, count)
                best[client] = took.least(best.get(client))
    print(f"{'':24}{'letters/s':>10}{'CPU µs':>9}{'by clock':>10}{'by CPU':>8}")
    for client, name in _NAMES.items():
        seconds, cpu = best[client]
        clock, by_cpu = best["smtp-source"].seconds / seconds, best["smtplib"].cpu / cpu
        print(f"{name:24}{count / seconds:10.0f}{cpu / count * 1e6:9.0f}{clock:10.2f}{by_cpu:8.2f}")
    print("by clock: times smtp-source (wanted 0.9); by CPU: times smtplib (wanted 3; no ledger 4)")


def _found(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def _sink() -> Iterator[int]:
    """Run smtp-sink on the second core while the block lasts."""
    with closing(socket.create_server((HOST, 0))) as probe:
        port: int = probe.getsockname()[1]
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    command = ["taskset", "-c", "1", str(_found("smtp-sink")), *user, f"{HOST}:{port}", "1000"]
    sink = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        sink.terminate()
        sink.wait()


def _await(port: int) -> None:
    until = monotonic() + 10
    while True:
        try:
            socket.create_connection((HOST, port)).close()
        except OSError:
            if monotonic() > until:
                raise
        else:
            return


def _smtp_source(folder: Path, port: int, count: int) -> Taken:
    file = folder / "letter"
    file.write_bytes(letters.letter(letters.stencil(), 1).data.replace(b"\r\n", b"\n"))
    command = [
        *("taskset", "-c", "0", str(_found("smtp-source")), "-s", str(SESSIONS), "-d"),
        *("-m", str(count), "-F", str(file), "-f", letters.SENDER, "-t", "reader@example.com"),
        f"{HOST}:{port}",
    ]
    begun, before = monotonic(), os.times()
    subprocess.run(command, check=True, timeout=_LIMIT_S)
    after = os.times()
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return Taken(monotonic() - begun, cpu)


def _measured(client: str, folder: Path, port: int, count: int) -> Taken:
    if client == "smtp-source":
        return _smtp_source(folder, port, count)
    command = ["taskset", "-c", "0", sys.executable, "-m", "bench.deliver", client]
    done = subprocess.run(
        [*command, str(port), str(count)], check=True, timeout=_LIMIT_S, stdout=subprocess.PIPE
    )
    return Taken(**json.loads(done.stdout))


def _timed(work: Callable[[], int]) -> None:
    begun, cpu = monotonic(), process_time()
    work()
    print(json.dumps({"seconds": monotonic() - begun, "cpu": process_time() - cpu}))


def _smtplib(port: int, count: int) -> None:
    made = letters.stencil()

    def work() -> int:
        with smtplib.SMTP(HOST, port) as session:
            for number in range(count):
                letter = letters.letter(made, number)
                session.sendmail(letter.sender, [letter.recipient], letter.data)
        return count

    _timed(work)


def _aiosmtplib(port: int, count: int) -> None:
    made = letters.stencil()

    async def session(numbers: range) -> None:
        async with aiosmtplib.SMTP(hostname=HOST, port=port, start_tls=False) as one:
            for number in numbers:
                letter = letters.letter(made, number)
                await one.sendmail(letter.sender, [letter.recipient], letter.data)

    async def all_sessions() -> None:
        await asyncio.gather(*(session(range(n, count, SESSIONS)) for n in range(SESSIONS)))

    def work() -> int:
        asyncio.run(all_sessions())
        return count

    _timed(work)


def _bare(port: int, count: int) -> None:
    """Measure our way out alone: letters filled and sent, nothing recorded."""
    made = letters.stencil()

    def work() -> int:
        settings = SmtpSettings(HOST, port, starttls=False, helo="bench.example")
        with closing(SmtpTransport(settings).carrier(CONNECTIONS)) as carrier:
            taken = landed = 0
            while landed < count:
                while taken < count and taken - landed < CONNECTIONS:
                    carrier.take(taken, letters.letter(made, taken))
                    taken += 1
                landed += len(carrier.landed(10, fewest(CONNECTIONS)))
        return landed

    _timed(work)


def _ledger(port: int, count: int) -> None:
    """Measure `deliver` itself, on an edition of its own, with the collector as the program sets it."""
    gc.set_threshold(YOUNG)
    with tempfile.TemporaryDirectory() as name:
        services = publication(Path(name), port, count, letters.stencil().to_bytes())
        transport, letter = services.transport(), services.letter
        with seated(services.store, services.folder, services.clock(), silent) as seat:

            def work() -> int:
                return deliver(
                    services.store,
                    transport,
                    seat,
                    letter,
                    services.clock,
                    silent,
                    Signal(),
                ).sent

            _timed(work)


_CLIENTS = {"smtplib": _smtplib, "aiosmtplib": _aiosmtplib, "bare": _bare, "ledger": _ledger}

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in _CLIENTS:
        _CLIENTS[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else LETTERS)
