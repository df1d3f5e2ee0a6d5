"""Subscribers: added and imported by an operator, and leaving by themselves."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from syndicate import mailbox, tokens
from syndicate.errors import AddressRefused, LanguageRefused, SyndicateError, TokenRefused
from syndicate.language import tag as language_tag
from syndicate.model import Event, Preferences, SubscriptionState, Tell
from syndicate.outbox.domains import domain_group
from syndicate.store import joining, news, readers, subscribers, suppressions
from syndicate.store.database import Store, Transaction
from syndicate.store.joining import Newcomer, Standing
from syndicate.tokens import Keys

REGRET = timedelta(hours=1)  # how long leaving by a link can be taken back on the page
BATCH = 1000  # rows a transaction: a large import holds up no letter

Joined = Literal["added", "changed", "unchanged", "left", "suppressed"]


class ListEnded(SyndicateError):
    """A file cannot be read from some line on; what stood before it counts."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is to be subscribed, as given."""

    address: str
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Somebody whose address can be used; `key` is its keyed hash, `language` in its one spelling."""

    address: str
    key: bytes
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a reader is to be called, and the language that a subscription is to be in."""

    subscriber_id: int
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Consent:
    """On what ground: `source` is the way, `evidence` what the operator wrote down."""

    source: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """How many were added or not; `changed` got another name or language, `left` had unsubscribed.

    `refused` are (line number, reason). `ended` says where and why a list could not be read further.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0
    suppressed: int = 0
    refused: tuple[tuple[int, str], ...] = ()
    ended: str = ""


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

    `people` are (line number, person); `language` is for new readers without one. A name or language
    that is given is taken over. Who has left is not brought back by a list, however new: only that
    reader can do it.
    """
    counts = dict.fromkeys(get_args(Joined), 0)
    refused: list[tuple[int, str]] = []
    ended: list[str] = []
    for some in _batches(people, ended.append):
        asked = list(_asked(keys, some, refused))
        with store.write() as tx:
            news.enrol(tx, newsletter, now)
            for each in _rounds(asked):
                for joined in _join(tx, keys, newsletter, language, each, consent, now):
                    counts[joined] += 1
    tell(Event("subscribers.added", {"newsletter": newsletter, **counts, "refused": len(refused)}))
    return Added(**counts, refused=tuple(refused), ended="".join(ended))


def _asked(
    keys: Keys, people: Iterable[tuple[int, Person]], refused: list[tuple[int, str]]
) -> Iterator[_Asked]:
    """Yield who can be subscribed; lines that cannot are `refused`."""
    for line, person in people:
        try:
            box = mailbox.parse(person.address)
            speaks = language_tag(person.language) if person.language else ""
        except (AddressRefused, LanguageRefused) as error:
            refused.append((line, str(error)))
        else:
            key = tokens.address_key(keys, box.canonical)
            yield _Asked(box.address, key, person.name, speaks)


def _rounds(asked: Sequence[_Asked]) -> Iterator[list[_Asked]]:
    """Yield people so that nobody stands twice in a round: a later line sees what an earlier one did."""
    while asked:
        first: dict[bytes, _Asked] = {}
        later = [one for one in asked if first.setdefault(one.key, one) is not one]
        yield list(first.values())
        asked = later


def _join(
    tx: Transaction,
    keys: Keys,
    newsletter: str,
    language: str,
    asked: Sequence[_Asked],
    consent: Consent,
    now: datetime,
) -> list[Joined]:
    """Write a round of people; return what became of each."""
    every = [one.key for one in asked]
    suppressed = suppressions.among(tx, every)
    known = joining.standings(tx, newsletter, every)
    became: list[Joined] = []
    added: list[_Asked] = []
    changes: dict[int, Change] = {}
    for one in asked:
        its = known.get(one.key)
        if one.key in suppressed:
            became.append("suppressed")
        elif its is None or its.subscription_id is None:
            added.append(one)
            became.append("added")
        elif its.state is not SubscriptionState.ACTIVE:
            became.append("left")
        else:
            before = Change(its.subscriber_id, its.name, its.speaks or "")
            wanted = Change(
                its.subscriber_id, one.name or before.name, one.language or before.language
            )
            if wanted != before:
                changes[its.subscription_id] = wanted
            became.append("unchanged" if wanted == before else "changed")
    _change(tx, changes)
    _add(tx, keys, newsletter, language, added, known, consent, now)
    return became


def _add(
    tx: Transaction,
    keys: Keys,
    newsletter: str,
    language: str,
    asked: Sequence[_Asked],
    known: Mapping[bytes, Standing],
    consent: Consent,
    now: datetime,
) -> None:
    """Insert subscriptions, and who is not known yet."""
    newcomers = [
        Newcomer(
            one.address,
            one.key,
            domain_group(keys, one.address),
            one.name,
            one.language or language,
        )
        for one in asked
        if one.key not in known
    ]
    numbers = joining.add(tx, newcomers, now)
    wishes: dict[int, Preferences] = {}
    for one in asked:
        its = known.get(one.key)
        speaks = one.language or (its.language if its else language)
        wishes[its.subscriber_id if its else numbers[one.key]] = Preferences(speaks)
    if wishes:
        joining.subscribe(tx, newsletter, wishes, now)
        joining.record_consents(tx, newsletter, list(wishes), consent.source, consent.evidence, now)


def _change(tx: Transaction, changes: Mapping[int, Change]) -> None:
    """Write new names and languages, by subscription."""
    if changes:
        readers.lock(tx, list(changes))
    for subscription, wanted in sorted(changes.items()):
        readers.rename(tx, wanted.subscriber_id, wanted.name)
        readers.speak(tx, subscription, wanted.language)


def _batches(
    people: Iterable[tuple[int, Person]], ended: Callable[[str], None]
) -> Iterator[list[tuple[int, Person]]]:
    """Yield people by BATCH; what was read before a list ended by a fault is not lost."""
    batch: list[tuple[int, Person]] = []
    try:
        for one in people:
            batch.append(one)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except ListEnded as error:
        ended(str(error))
    if batch:
        yield batch


def unsubscribe(
    store: Store,
    subscription_id: int,
    source: str,
    now: datetime,
    tell: Tell,
    evidence: str = "",
) -> bool:
    """End one subscription at once; no letter follows. Whether it was not ended before."""
    with store.write() as tx:
        left = subscribers.leave(tx, subscription_id)
        if left:
            subscribers.record_consent(tx, subscription_id, "left", source, evidence, now)
    if left:
        tell(Event("subscription.left", {"subscription": subscription_id, "source": source}))
    return left


def may_come_back(store: Store, subscription_id: int, now: datetime) -> bool:
    """Whether a reader left so lately, by the link in a letter, that it may have been a mistake."""
    with store.read() as tx:
        return _may_come_back(tx, subscription_id, now)


def _may_come_back(tx: Transaction, subscription_id: int, now: datetime) -> bool:
    """A letter gets forwarded: for longer, whoever has it could undo what its reader decided."""
    left = readers.left_by_link(tx, subscription_id)
    return left is not None and now - left < REGRET


def come_back(store: Store, subscription_id: int, now: datetime, tell: Tell) -> None:
    """Undo leaving; start and cursor stay as they were. Raises TokenRefused when it is too late."""
    with store.write() as tx:
        readers.lock(tx, [subscription_id])
        if not readers.has_left(tx, subscription_id):
            return
        if not _may_come_back(tx, subscription_id, now):
            raise TokenRefused("It is too late to take it back. Please subscribe anew.")
        readers.return_to(tx, subscription_id)
        subscribers.record_consent(tx, subscription_id, "returned", "web", "", now)
    tell(Event("subscription.returned", {"subscription": subscription_id}))


def reader_of(store: Store, subscription_id: int) -> tuple[str, str] | None:
    """Return a subscription's newsletter and its reader's language, None when there is none."""
    with store.read() as tx:
        return subscribers.newsletter_of(tx, subscription_id)


def has_left(store: Store, subscription_id: int) -> bool:
    """Whether a subscription was ended."""
    with store.read() as tx:
        return readers.has_left(tx, subscription_id)
