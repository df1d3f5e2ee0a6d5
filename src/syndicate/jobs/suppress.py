"""Addresses that are not written to, by an operator's hand: each step is kept with its reason."""

import csv
from datetime import datetime
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from syndicate import mailbox, tokens
from syndicate.errors import AddressRefused, SyndicateError
from syndicate.jobs.sheet import ImportRefused, batches, defused, reading, table
from syndicate.model import Event, Tell
from syndicate.store import private, suppressions
from syndicate.store.database import Store
from syndicate.tokens import Keys

OPERATOR = "operator"
_KEY = 32  # bytes of a keyed hash
_COLUMNS = ("key", "reason", "evidence", "at", "address")


class NotSuppressedError(SyndicateError):
    """The address may be written to already."""


class Imported(Struct, frozen=True):
    """How many were added, or known; `refused` are (line number, reason).

    `ended` says where and why the file could not be read further.
    """

    added: int = 0
    known: int = 0
    refused: tuple[tuple[int, str], ...] = ()
    ended: str = ""


def suppress(
    store: Store, keys: Keys, address: str, evidence: str, now: datetime, tell: Tell
) -> bool:
    """Suppress an address; whether it was not before. Raises AddressRefused."""
    key = tokens.address_key(keys, mailbox.parse(address).canonical)
    with store.write() as tx:
        new = suppressions.suppress(tx, key, OPERATOR, evidence, now)
    if new:
        tell(Event("address.suppressed", {"reader": key}))
    return new


def lift(store: Store, keys: Keys, address: str, evidence: str, now: datetime, tell: Tell) -> None:
    """Let an address be written to again. Raises AddressRefused or NotSuppressedError."""
    key = tokens.address_key(keys, mailbox.parse(address).canonical)
    with store.write() as tx:
        if not suppressions.lift(tx, key, evidence, now):
            raise NotSuppressedError(
                f"{address} is not suppressed. See: syndicate suppressions list"
            )
    tell(Event("address.lifted", {"reader": key}))


def import_file(
    store: Store, keys: Keys, file: Path, evidence: str, now: datetime, tell: Tell
) -> Imported:
    """Suppress the addresses of a file. Raises ImportRefused."""
    with reading(file) as text:
        return _import(store, keys, text, file, evidence, now, tell)


def _import(
    store: Store,
    keys: Keys,
    text: TextIO,
    file: Path,
    evidence: str,
    now: datetime,
    tell: Tell,
) -> Imported:
    columns, rows = table(text, str(file))
    if not {"email", "key"} & set(columns):
        raise ImportRefused(
            f"{file}: the first line must name a column email, or key as `suppressions export` does."
        )
    added = known = 0
    refused: list[tuple[int, str]] = []
    ended: list[str] = []
    for some in batches(rows, ended.append):
        those = []
        for line, row in some:
            try:
                key = _key(keys, row)
            except AddressRefused as error:
                refused.append((line, str(error)))
                continue
            reason = row.get("reason") or OPERATOR
            those.append((key, reason, row.get("evidence") or evidence or f"import {file.name}"))
        with store.write() as tx:
            new = suppressions.suppress_many(tx, those, now)
        added, known = added + new, known + len(those) - new
    tell(Event("addresses.suppressed", {"added": added, "known": known}))
    return Imported(added, known, tuple(refused), "".join(ended))


def _key(keys: Keys, row: dict[str, str]) -> bytes:
    """Return the keyed hash that a row names, or that of its address."""
    if written := row.get("key"):
        try:
            found = bytes.fromhex(written)
        except ValueError:
            found = b""
        if len(found) != _KEY:
            raise AddressRefused(f"{written[:20]!r} is no key: expected {_KEY * 2} hex digits.")
        return found
    return tokens.address_key(keys, mailbox.parse(row.get("email", "")).canonical)


def export_file(store: Store, file: Path) -> int:
    """Write all suppressions; nobody else may read the file. How many."""
    count = 0
    try:
        with (
            open(file, "w", encoding="utf-8-sig", newline="", opener=private.opener) as text,
            store.read() as tx,
        ):
            writer = csv.writer(text)
            writer.writerow(_COLUMNS)
            for one in suppressions.listed(tx):
                writer.writerow(
                    [
                        one.address_key.hex(),
                        defused(one.reason),
                        defused(one.evidence),
                        one.at.isoformat(),
                        defused(one.address or ""),
                    ]
                )
                count += 1
    except OSError as error:
        raise SyndicateError(f"{file}: cannot be written ({error.strerror}).") from None
    return count
