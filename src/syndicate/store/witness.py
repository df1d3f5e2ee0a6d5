"""The witness: a file outside the database that knows how far sending had come (DELIVERY.md, rule 8).

A database cannot know that it is an old copy of itself. Whoever sends from one would mail people
again; so a database that is behind its witness, or not of its identity, is not sent from.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from syndicate.store import marks, private, senders
from syndicate.store.database import Store, StoreError, Transaction
from syndicate.store.lock import only_one
from syndicate.store.senders import Identity
from syndicate.store.types import from_micros

FILE = "witness.json"
_OLDER = f"the database is older than {FILE} (an old copy of it was put back)."


class SendingHeldError(StoreError):
    """This copy must not send; pages may be published all the same."""


class Witness(Struct, frozen=True):
    """What the file holds: who sends, the highest fence reserved and edition started, who left."""

    identity: str
    fence: int
    edition: int
    departures: int


def attest(store: Store, folder: Path) -> None:
    """Make sure that this database may send, and bring its witness up to date, or raise SendingHeldError."""
    with _alone(folder):
        known = examine(store, folder)
        if known is None:
            with store.write() as tx:
                senders.found(tx, secrets.token_hex(16))
                known = senders.identity(tx)
                assert known is not None
        _record(folder, known)


def renew(store: Store, folder: Path) -> None:
    """Write the witness from the database, whatever it said: somebody decided that this one sends."""
    with _alone(folder):
        with store.read() as tx:
            known = senders.identity(tx)
        assert known is not None
        _record(folder, known)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only one who compares and writes: what another knew later must not be written over."""
    try:
        with only_one(folder / f".{FILE}.lock", "writing the witness", wait=True):
            yield
    except OSError as error:
        raise StoreError(
            f"{folder / FILE} cannot be written ({error.strerror}), and nothing is sent that it does not "
            "know of. Make room on its disk, or see who owns its folder, and try again."
        ) from None


def _record(folder: Path, known: Identity) -> None:
    write(folder, Witness(known.identity, known.fence, known.editions, known.departures))


def tell_of_departure(store: Store, folder: Path) -> None:
    """Bring the witness up to date after somebody left, so that no older copy mails them.

    A copy that must not send may note it all the same.
    """
    with suppress(SendingHeldError):
        attest(store, folder)


def examine(store: Store, folder: Path) -> Identity | None:
    """Return who sends from this database (None: nobody yet), or raise SendingHeldError."""
    seen = read(folder)
    with store.read() as tx:
        known, copied = senders.identity(tx), marks.get(tx, marks.COPIED)
    objection = _objection(known, seen)
    if copied and not objection:
        objection = f"the database is a copy, made on {from_micros(copied):%Y-%m-%d at %H:%M} UTC."
    if objection:
        raise _held(folder, objection)
    return known


def reserve_fences(tx: Transaction, folder: Path) -> int:
    """Reserve a range of fences and return the number before its first; `attest` before one is used.

    SendingHeldError: the witness knows of them. Once they are counted, an old copy that was put back
    under a running sender would be as far as its witness, and what follows would leave twice.
    """
    first, seen = senders.reserve_fences(tx), read(folder)
    if seen is not None and seen.fence > first:
        raise _held(folder, _OLDER)
    return first


def _held(folder: Path, objection: str) -> SendingHeldError:
    return SendingHeldError(
        f"Sending is held: {objection} Published pages go on. Put back the newest database if you "
        f"have it and {folder / FILE} belongs to it; else see what is in doubt: syndicate resume"
    )


def _objection(known: Identity | None, seen: Witness | None) -> str | None:
    if known is None and seen is None:
        return None
    if known is None:
        return f"the database has sent nothing, and yet {FILE} says that letters were sent."
    if seen is None:
        return f"{FILE} is missing, and editions were sent." if known.editions else None
    if seen.identity != known.identity:
        return f"{FILE} belongs to another database (a copy of the settings, or of the database)."
    if (seen.fence, seen.edition, seen.departures) != _least(seen, known):
        return _OLDER
    return None


def _least(seen: Witness, known: Identity) -> tuple[int, int, int]:
    return (
        min(seen.fence, known.fence),
        min(seen.edition, known.editions),
        min(seen.departures, known.departures),
    )


def read(folder: Path) -> Witness | None:
    """Read the witness, None when there is none."""
    file = folder / FILE
    try:
        return Witness(**json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(
            f"{file} cannot be read ({error.strerror}). See who owns it, and run as that user."
        ) from None
    except (ValueError, TypeError):
        raise SendingHeldError(
            f"Sending is held: {file} is damaged. Published pages go on. See what is in doubt: "
            "syndicate resume"
        ) from None


def write(folder: Path, witness: Witness) -> None:
    """Write the witness, whole or not at all, and flushed: it must outlive a power cut."""
    new = folder / f".{FILE}.new"
    with open(new, "w", encoding="utf-8", opener=private.opener) as file:
        json.dump(asdict(witness), file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / FILE)
