"""Subscribers: added and imported by an operator, and leaving by themselves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from syndicate import mailbox, tokens
from syndicate.errors import AddressRefused, LanguageRefused
from syndicate.jobs.sheet import batches
from syndicate.language import tag as language_tag
from syndicate.model import Event, Preferences, SubscriptionState, Tell
from syndicate.outbox.domains import domain_group
from syndicate.store import intakes, joining, news, precedence, readers, suppressions
from syndicate.store.database import Store, Transaction
from syndicate.store.joining import Agreed, Newcomer, Standing
from syndicate.tokens import Keys

Joined = Literal["added", "changed", "unchanged", "left", "suppressed"]


class Person(Struct, frozen=True):
    """Somebody who is to be subscribed, as given.

    What is known of the consent elsewhere: when it was given, from which network address, and how.
    `key` is the keyed hash of the address where somebody has read it already.
    """

    address: str
    name: str = ""
    language: str = ""
    agreed: datetime | None = None
    network: str = ""
    origin: str = ""
    key: bytes | None = None


class _Asked(Struct, frozen=True):
    """Somebody whose address can be used; `key` is its keyed hash, `language` in its one spelling."""

    address: str
    key: bytes
    name: str
    language: str
    person: Person


class Change(Struct, frozen=True):
    """What a reader is to be called, and the language that a subscription is to be in."""

    subscriber_id: int
    name: str
    language: str


class Consent(Struct, frozen=True):
    """On what ground: `source` is the way, `evidence` what the operator wrote down."""

    source: str
    evidence: str = ""


class Added(Struct, frozen=True):
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
    intake: int | None = None,
) -> Added:
    """Subscribe people whose consent the operator has; no letter of any kind goes out.

    `people` are (line number, person); `language` is for new readers without one. A name or language
    that is given is taken over. Who has left is not brought back by a list, however new: only that
    reader can do it.
    """
    counts = dict.fromkeys(get_args(Joined), 0)
    refused: list[tuple[int, str]] = []
    ended: list[str] = []
    for some in batches(people, ended.append):
        asked = list(_asked(keys, some, refused))
        with store.write() as tx:
            news.enrol(tx, newsletter, now)
            for each in _rounds(asked):
                for joined in _join(tx, keys, newsletter, language, each, consent, now, intake):
                    counts[joined] += 1
    tell(Event("subscribers.added", {"newsletter": newsletter, **counts, "refused": len(refused)}))
    return Added(**counts, refused=tuple(refused), ended="".join(ended))


def _asked(
    keys: Keys, people: Iterable[tuple[int, Person]], refused: list[tuple[int, str]]
) -> Iterator[_Asked]:
    """Yield who can be subscribed; lines that cannot are `refused`."""
    for line, person in people:
        try:
            address, key = _address(keys, person)
            speaks = language_tag(person.language) if person.language else ""
        except (AddressRefused, LanguageRefused) as error:
            refused.append((line, str(error)))
        else:
            yield _Asked(address, key, person.name, speaks, person)


def _address(keys: Keys, person: Person) -> tuple[str, bytes]:
    if person.key is not None:
        return person.address, person.key
    box = mailbox.parse(person.address)
    return box.address, tokens.address_key(keys, box.canonical)


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
    intake: int | None,
) -> list[Joined]:
    """Write a round of people; return what became of each."""
    every = [one.key for one in asked]
    suppressed = suppressions.among(tx, every)
    known = joining.standings(tx, newsletter, every)
    became = [_becomes(one, known.get(one.key), one.key in suppressed) for one in asked]
    changes = {
        its.subscription_id: _wanted(one, its)
        for one, what in zip(asked, became, strict=True)
        if what == "changed" and (its := known[one.key]).subscription_id is not None
    }
    if intake is not None:
        before = {number: _before(known, change) for number, change in changes.items()}
        intakes.note_changes(tx, intake, before)
    _change(tx, changes)
    added = [one for one, what in zip(asked, became, strict=True) if what == "added"]
    _add(tx, keys, newsletter, language, added, known, consent, now, intake)
    return became


def _becomes(one: _Asked, its: Standing | None, is_suppressed: bool) -> Joined:
    """Say what becomes of somebody, who is known already or not."""
    if is_suppressed:
        return "suppressed"
    if its is None or its.subscription_id is None:
        return "added"
    if its.state is not SubscriptionState.ACTIVE:
        return "left"
    same = _wanted(one, its) == Change(its.subscriber_id, its.name, its.speaks or "")
    return "unchanged" if same else "changed"


def _wanted(one: _Asked, its: Standing) -> Change:
    """Return what a reader is called from now on, and spoken to in: what is not given stays."""
    return Change(its.subscriber_id, one.name or its.name, one.language or its.speaks or "")


def _before(known: Mapping[bytes, Standing], change: Change) -> tuple[str, str]:
    """Return what a reader was called, and spoke, before a change."""
    its = next(one for one in known.values() if one.subscriber_id == change.subscriber_id)
    return its.name, its.speaks or ""


def _add(
    tx: Transaction,
    keys: Keys,
    newsletter: str,
    language: str,
    asked: Sequence[_Asked],
    known: Mapping[bytes, Standing],
    consent: Consent,
    now: datetime,
    intake: int | None,
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
        made = joining.numbers(tx, newsletter, list(wishes))
        joining.record_consents(tx, _consents(keys, asked, known, numbers, made, consent, now))
        if intake is not None:
            intakes.note_additions(tx, intake, list(made.values()))


def _consents(
    keys: Keys,
    asked: Sequence[_Asked],
    known: Mapping[bytes, Standing],
    numbers: Mapping[bytes, int],
    made: Mapping[int, int],
    consent: Consent,
    now: datetime,
) -> list[Agreed]:
    """Return what is recorded of each: what is known from elsewhere, else what the operator says."""
    found = []
    for one in asked:
        its = known.get(one.key)
        reader = its.subscriber_id if its else numbers[one.key]
        person = one.person
        found.append(
            Agreed(
                subscription=made[reader],
                at=person.agreed or now,
                source=consent.source,
                evidence="; ".join(filter(None, (consent.evidence, person.origin))),
                network=tokens.network_key(keys, person.network) if person.network else None,
            )
        )
    return found


def _change(tx: Transaction, changes: Mapping[int, Change]) -> None:
    """Write new names and languages, by subscription."""
    if changes:
        precedence.people(tx, list(changes))
    for subscription, wanted in sorted(changes.items()):
        readers.rename(tx, wanted.subscriber_id, wanted.name)
        readers.speak(tx, subscription, wanted.language)
