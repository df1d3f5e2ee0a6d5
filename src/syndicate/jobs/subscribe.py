"""Subscribers: added and imported by an operator, and leaving by themselves."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TextIO, get_args

from syndicate import mailbox, tokens
from syndicate.errors import AddressRefused, SyndicateError
from syndicate.model import Event, SubscriptionState, Tell
from syndicate.store import news, subscribers, suppressions
from syndicate.store.database import Store, Transaction
from syndicate.tokens import Keys

BATCH = 1000  # rows a transaction: a large import holds up no letter

Joined = Literal["added", "unchanged", "left", "suppressed"]


class ImportRefused(SyndicateError):
    """A file cannot be imported at all; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is to be subscribed, as given."""

    address: str
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """On what ground: `source` is the way, `evidence` what the operator wrote down."""

    source: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """How many were added or not; `left` had unsubscribed. `refused` are (line number, reason)."""

    added: int = 0
    unchanged: int = 0
    left: int = 0
    suppressed: int = 0
    refused: tuple[tuple[int, str], ...] = ()


def add(
    store: Store,
    keys: Keys,
    newsletter: str,
    language: str,
    people: Iterable[tuple[int, Person]],
    consent: Consent,
    now: datetime,
    tell: Tell,
) -> Added:
    """Subscribe people whose consent the operator has; no letter of any kind goes out.

    `people` are (line number, person); `language` is for those without one. Who has left is not
    brought back by a list, however new: only that reader can do it.
    """
    counts = dict.fromkeys(get_args(Joined), 0)
    refused: list[tuple[int, str]] = []
    for some in _batches(people):
        with store.write() as tx:
            news.enrol(tx, newsletter, now)
            for line, person in some:
                try:
                    counts[_join(tx, keys, newsletter, language, person, consent, now)] += 1
                except AddressRefused as error:
                    refused.append((line, str(error)))
    tell(Event("subscribers.added", {"newsletter": newsletter, **counts, "refused": len(refused)}))
    return Added(**counts, refused=tuple(refused))


def _join(
    tx: Transaction,
    keys: Keys,
    newsletter: str,
    language: str,
    person: Person,
    consent: Consent,
    now: datetime,
) -> Joined:
    box = mailbox.parse(person.address)
    key = tokens.address_key(keys, box.canonical)
    if suppressions.is_suppressed(tx, key):
        return "suppressed"
    known = subscribers.find(tx, key)
    speaks = person.language or (known.language if known else language)
    number = known.id if known else subscribers.add(tx, box.address, key, person.name, speaks, now)
    state = subscribers.state_of(tx, number, newsletter)
    if state is SubscriptionState.ACTIVE:
        return "unchanged"
    if state is not None:
        return "left"
    profile = subscribers.intern_profile(tx, speaks)
    start = subscribers.start_of_new(tx, newsletter)
    subscription = subscribers.subscribe(tx, number, newsletter, profile, start, now)
    subscribers.record_consent(tx, subscription, "confirmed", consent.source, consent.evidence, now)
    return "added"


def read_csv(file: TextIO, name: str) -> Iterator[tuple[int, Person]]:
    """Yield people of a CSV file with their line numbers; its header names the columns."""
    reader = csv.DictReader(file)
    columns = [column.strip().lower() for column in reader.fieldnames or ()]
    if "email" not in columns:
        raise ImportRefused(
            f"{name}: the first line must name the columns, email among them (and name, language "
            f"if you have them); it says: {', '.join(columns) or 'nothing'}."
        )
    reader.fieldnames = columns
    for row in reader:
        address = (row.get("email") or "").strip()
        if any(row.get(column) for column in columns):
            yield (
                reader.line_num,
                Person(
                    address, (row.get("name") or "").strip(), (row.get("language") or "").strip()
                ),
            )


def _batches(people: Iterable[tuple[int, Person]]) -> Iterator[list[tuple[int, Person]]]:
    batch: list[tuple[int, Person]] = []
    for one in people:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def unsubscribe(store: Store, subscription_id: int, source: str, now: datetime, tell: Tell) -> bool:
    """End one subscription at once; no letter follows. Whether it was not ended before."""
    with store.write() as tx:
        left = subscribers.leave(tx, subscription_id)
        if left:
            subscribers.record_consent(tx, subscription_id, "left", source, "", now)
    if left:
        tell(Event("subscription.left", {"subscription": subscription_id, "source": source}))
    return left


def reader_of(store: Store, subscription_id: int) -> tuple[str, str] | None:
    """Return a subscription's newsletter and its reader's language, None when there is none."""
    with store.read() as tx:
        return subscribers.newsletter_of(tx, subscription_id)
