"""The receiving server in a process of its own: its log is the judge.

    python -m bench.kill.server LOG DELAY

It prints its port, writes a line for each letter whose last dot it saw, and ends with its input.
DELAY is how long it takes for a reply, in seconds, as servers do.
"""

import asyncio
import os
import sys
from pathlib import Path

from tests.crash.sink import Sink
from tests.ledger_invariants import Arrival


def main(log: Path, delay: float) -> None:
    """Serve until standard input ends, as it does when whoever started this is gone."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(one: Arrival) -> None:
        line = f"{one.letter}\t{one.mailbox}\t{one.digest}\t{int(one.accepted)}\n"
        os.write(handle, line.encode())

    asyncio.run(_serve(Sink(delay=delay, log=write)))


async def _serve(sink: Sink) -> None:
    server = await sink.listen()
    print(sink.port, flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)
        os._exit(0)  # sessions may be open still; what counts is written


def read(log: Path) -> list[Arrival]:
    """Read a server's log."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return [
        Arrival(one[0], one[1], one[2], one[3] == "1") for one in (x.split("\t") for x in lines)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
