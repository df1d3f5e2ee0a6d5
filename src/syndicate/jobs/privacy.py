"""What is held of a person: told, and erased."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from syndicate import mailbox, tokens
from syndicate.jobs.readers import ReaderUnknownError
from syndicate.model import Event, Tell
from syndicate.store import asked, precedence, privacy, subscribers, suppressions
from syndicate.store.database import Store
from syndicate.tokens import Keys

ERASED = "erased"  # the reason of the suppression that stays


class Erased(Struct, frozen=True):
    """What was done: subscriptions that ended, requests that were dropped; whether anything was held.

    `known` is also true of an address that only asked, or that only the ledger names.
    """

    subscriptions: int
    requests: int
    known: bool


def export(store: Store, keys: Keys, address: str) -> Mapping[str, Any]:
    """Return all that is held of an address. Raises AddressRefused or ReaderUnknownError."""
    box = mailbox.parse(address)
    with store.read() as tx:
        found = privacy.held(tx, tokens.address_key(keys, box.canonical), box.address)
    if not any(found.values()):
        raise ReaderUnknownError(f"Nothing is held of {address}.")
    return {"address": box.address, **{name: _shown(value) for name, value in found.items()}}


def _shown(value: Any) -> Any:
    """Write keyed hashes in hex, so that the whole can be JSON."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if isinstance(value, dict):
        return {name: _shown(one) for name, one in value.items()}
    return value


def erase(
    store: Store, keys: Keys, address: str, evidence: str, now: datetime, tell: Tell
) -> Erased:
    """Take away all that is held of an address, but for its keyed hash among the suppressions.

    Letters that wait are not sent, and the address is written to by nobody's wish any more. Raises
    AddressRefused.
    """
    box = mailbox.parse(address)
    key = tokens.address_key(keys, box.canonical)
    with store.write() as tx:
        precedence.addresses(tx, [key], asked.numbers(tx, box.address))
        person = subscribers.find(tx, key)
        known = any(privacy.held(tx, key, box.address).values())
        suppressions.blank(tx, key)
        suppressions.suppress(tx, key, ERASED, evidence, now)
        done = privacy.erase(tx, person.id if person else None, box.address, key)
        for subscription in done.ended:
            subscribers.record_consent(tx, subscription, "left", ERASED, "", now)
    tell(Event("reader.erased", {"reader": key}))
    return Erased(len(done.ended), done.requests, known)
