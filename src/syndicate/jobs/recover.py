"""Take a seat among those who send, and settle what a dead sender left (DELIVERY.md, rule 7)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from socket import gethostname

from msgspec import Struct

from syndicate.model import Event, Tell
from syndicate.store import ledger, senders, witness
from syndicate.store.database import Store, Transaction
from syndicate.store.lock import only_sender
from syndicate.store.senders import Process

LEASE = timedelta(seconds=60)


class Seat(Struct):
    """A sending process' place: its number, the fences that it reserved, where its witness is."""

    sender_id: int
    fence: int
    last_fence: int
    folder: Path


@contextmanager
def seated(store: Store, folder: Path, now: datetime, tell: Tell) -> Iterator[Seat]:
    """Take the seat of a sender for the block, after the witness agreed and the dead were settled.

    On SQLite there is one seat: LockedError names who has it. SendingHeldError: an old copy.
    """
    if store.embedded:
        assert store.url.database
        with only_sender(Path(store.url.database)):
            yield _sit(store, folder, now, tell)
    else:
        yield _sit(store, folder, now, tell)


def _sit(store: Store, folder: Path, now: datetime, tell: Tell) -> Seat:
    witness.attest(store, folder)
    settle(store, now, tell)
    with store.write() as tx:
        number = senders.register(tx, this_process(), now)
    seat = Seat(number, 0, 0, folder)
    reserve(store, seat)
    return seat


def reserve(store: Store, seat: Seat) -> None:
    """Reserve more fences, and go on with them.

    While the witness objects, or cannot be written, the seat has none: nothing is claimed under any.
    """
    seat.fence = seat.last_fence
    with store.write() as tx:
        first = witness.reserve_fences(tx, seat.folder)
    witness.attest(store, seat.folder)
    take(seat, first)


def take(seat: Seat, first: int) -> None:
    """Go on with the reserved fences after `first`, of which the witness knows."""
    seat.fence, seat.last_fence = first, first + senders.FENCES


def next_fence(seat: Seat) -> int:
    """Return the fence for one more group of claims; there has to be one left."""
    assert seat.fence < seat.last_fence
    seat.fence += 1
    return seat.fence


def settle(store: Store, now: datetime, tell: Tell) -> None:
    """What dead senders were sending is `unknown`."""
    with store.write() as tx:
        theirs = senders.everyones() if store.embedded else _dead(tx, now)
        unknown = ledger.settle_dead(tx, theirs, now)
    _told(unknown, tell)


def recover(store: Store, seat: Seat, now: datetime, tell: Tell) -> None:
    """Settle what an error in this process left, and other senders that have died since we began.

    To be called before anything is sent: nothing of ours may be on its way.
    """
    with store.write() as tx:
        unknown = ledger.settle_dead(tx, senders.own(seat.sender_id), now)
        if not store.embedded:
            unknown += ledger.settle_dead(tx, _dead(tx, now), now)
    _told(unknown, tell)


def _dead(tx: Transaction, now: datetime) -> senders.Rows:
    """Rows of dead processes of this machine, and of any whose lease has run out."""
    here = this_process()
    dead = [number for number, one in senders.holders(tx).items() if _is_dead(one, here)]
    return senders.dead_or_expired(dead, ledger.lease_clock(tx, now))


def _told(unknown: int, tell: Tell) -> None:
    if unknown:
        tell(Event("sender.recovered", {"unknown": unknown}, "warning"))


def anyone_sends(tx: Transaction) -> bool:
    """Whether a process that took a seat may be there: whether one of another machine is, nobody sees."""
    here = this_process()
    return any(not _is_dead(one, here) for one in senders.latest(tx))


def this_process() -> Process:
    """Name this process so that no later one of the same pid is taken for it."""
    return Process(gethostname(), _boot(), os.getpid(), _began(os.getpid()) or "")


def _is_dead(one: Process, here: Process) -> bool:
    """Whether a process that we would see is gone; of all others only the lease tells.

    Two machines may bear one name, and so may two containers of one machine.
    """
    seen = (one.host, one.boot) == (here.host, here.boot)
    return seen and (_began(one.pid) or "") != one.began


def _boot() -> str:
    """Name the run of this machine, and those processes of it that we see (pid_namespaces(7))."""
    try:
        run = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{run} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _began(pid: int) -> str | None:
    """When a process began, in clock ticks since boot (proc(5)); None when there is none."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return status.rpartition(")")[2].split()[19]
