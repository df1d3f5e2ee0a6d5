"""Take in a list of readers, so that it can be undone; the same list twice changes nothing.

Who unsubscribed, bounced or complained elsewhere becomes a suppression here; who did not confirm there
is listed, and not subscribed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from syndicate.errors import SyndicateError
from syndicate.jobs.people import Line
from syndicate.jobs.sheet import batches
from syndicate.jobs.sieve import Sieve
from syndicate.jobs.subscribe import Added, Consent, Joined, Person, add
from syndicate.model import Event, SubscriptionState, Tell, silent
from syndicate.store import (
    asked,
    intakes,
    joining,
    news,
    precedence,
    readers,
    signups,
    subscribers,
    suppressions,
)
from syndicate.store.database import Store, Transaction
from syndicate.tokens import Keys


class IntakeUnknownError(SyndicateError):
    """There is no such import, or it was undone."""


class IntakeMailedError(SyndicateError):
    """Readers of an import were written to while it was undone, and nobody said that they may be ended."""


class Taken(Struct, frozen=True):
    """What a list did: `id` undoes it (None: nothing changed). `barred` became suppressions.

    `invited` were asked by a letter; `refused` are (line number, reason).
    """

    id: int | None
    added: int
    changed: int
    unchanged: int
    left: int
    suppressed: int
    barred: int
    invited: int
    refused: tuple[tuple[int, str], ...]
    ended: str


class Undone(Struct, frozen=True):
    """What undoing did, or would do if not `done`, to readers.

    `removed` are gone, `ended` had letters since, `restored` are called as before.
    `kept` have agreed by themselves since. `requests` are those whom it asked by a letter and who had
    not confirmed. `suppressed` addresses stay so: an opt-out is never forgotten, however it was learned of.
    """

    removed: int
    ended: int
    restored: int
    kept: int = 0
    requests: int = 0
    suppressed: int = 0
    done: bool = False


def take_in(
    store: Store,
    keys: Keys,
    newsletter: str,
    language: str,
    first: Iterable[Line],
    lines: Iterable[Line],
    consent: Consent,
    now: datetime,
    tell: Tell,
    *,
    confirmed: bool,
    rehearse: bool = False,
    smtputf8: bool = False,
) -> Taken:
    """Subscribe the people of a list, or ask each by a letter where their consent is not at hand.

    `rehearse` does everything and keeps nothing; `smtputf8` is as in `mailbox.parse_new`. `first` are the
    same lines once more, of a list that is too long for one transaction: who left by its last line is
    suppressed before anybody is subscribed, and mailed meanwhile.
    """
    store = store.rehearsal() if rehearse else store
    number = None
    if not rehearse:
        with store.write() as tx:
            news.enrol(tx, newsletter, now)
            number = intakes.begin(tx, newsletter, consent.source, now)
    evidence = f"import {number or 0}: "
    sieve = Sieve(store, keys, evidence, now, confirmed=confirmed, smtputf8=smtputf8)
    sieve.turn_away(first)
    if confirmed:
        report = add(
            store, keys, newsletter, language, sieve.people(lines), consent, now, silent, number
        )
    else:
        grounds = replace(consent, evidence=evidence + consent.evidence)
        report = _invite(store, newsletter, language, sieve.people(lines), grounds, now)
    taken = _report(number, report, sieve, confirmed=confirmed)
    if number is not None and taken.id is None:
        with store.write() as tx:
            intakes.forget(tx, number)
    tell(Event("subscribers.imported", {"newsletter": newsletter, "import": taken.id}))
    return taken


def _report(number: int | None, report: Added, sieve: Sieve, *, confirmed: bool) -> Taken:
    changed = report.added + report.changed + sieve.barred  # those who are asked count as added
    refused = sorted((*sieve.refused, *report.refused))
    return Taken(
        id=number if changed else None,
        added=report.added if confirmed else 0,
        changed=report.changed,
        unchanged=report.unchanged,
        left=report.left,
        suppressed=report.suppressed,
        barred=sieve.barred,
        invited=0 if confirmed else report.added,
        refused=tuple(refused),
        ended=report.ended,
    )


def _invite(
    store: Store,
    newsletter: str,
    language: str,
    people: Iterable[tuple[int, Person]],
    consent: Consent,
    now: datetime,
) -> Added:
    """Write down who is to be asked by a letter: nobody who reads, was asked, left or is suppressed."""
    counts = dict.fromkeys(get_args(Joined), 0)
    ended: list[str] = []
    for some in batches(people, ended.append):
        with store.write() as tx:
            became = _standing(tx, newsletter, [one for _, one in some])
            wanted = [
                (one.address, one.name, one.language or language)
                for one, what in became
                if what == "added"
            ]
            signups.add_many(tx, wanted, newsletter, consent.source, consent.evidence, now)
        for _, what in became:
            counts[what] += 1
    return Added(
        added=counts["added"],
        unchanged=counts["unchanged"],
        left=counts["left"],
        suppressed=counts["suppressed"],
        ended="".join(ended),
    )


def _standing(
    tx: Transaction, newsletter: str, people: Sequence[Person]
) -> list[tuple[Person, Joined]]:
    """Say of people whether each is new, or reads or was asked already, or must not be asked."""
    keys = [one.key for one in people if one.key]
    suppressed, known = suppressions.among(tx, keys), joining.standings(tx, newsletter, keys)
    waiting = asked.among(tx, newsletter, [one.address for one in people])
    found: list[tuple[Person, Joined]] = []
    for one in people:
        its = known.get(one.key or b"")
        what: Joined = "unchanged" if one.address.lower() in waiting else "added"
        if its and its.state is not None:
            what = "unchanged" if its.state is SubscriptionState.ACTIVE else "left"
        found.append((one, "suppressed" if one.key in suppressed else what))
    return found


def undo(store: Store, number: int, now: datetime, tell: Tell, *, yes: bool) -> Undone:
    """Take back what an import did, but for opt-outs: those stay, and `suppressions remove` lifts one.

    Who had letters since is ended, not deleted: the ledger names them. Who left and subscribed again stays:
    that consent is not the import's. Who is ended cannot be imported again: without `yes` nothing is done
    where there is anybody, but to say how many. Raises IntakeUnknownError and IntakeMailedError.
    """
    with store.read() as tx:
        found = _find(tx, number)
        if not yes and (would := _would_undo(tx, number)).ended:
            return would
    total = Undone(0, 0, 0, done=True)
    while True:
        with store.write() as tx:
            news.lock(tx, found.newsletter)  # who is frozen into an edition has a letter, or will
            rows = intakes.open_rows(tx, number)
            total = _sum(total, _undo(tx, number, rows, now, yes=yes))
        if not rows:
            break
    with store.write() as tx:
        intakes.finish(tx, number, now)
        suppressed = intakes.suppressions_of(tx, f"import {number}: ")
        requests = asked.drop_of_import(tx, f"import {number}: ")
    tell(Event("subscribers.import_undone", {"import": number}))
    return replace(total, requests=requests, suppressed=suppressed)


def _find(tx: Transaction, number: int) -> intakes.Intake:
    found = {one.id: one for one in intakes.listed(tx)}.get(number)
    if found is None or found.undone:
        state = "was undone already" if found else "is not known"
        raise IntakeUnknownError(f"The import {number} {state}. See: syndicate subscribers imports")
    return found


def _sum(total: Undone, more: "_Fates") -> Undone:
    return replace(
        total,
        removed=total.removed + len(more.removed),
        ended=total.ended + len(more.ended),
        restored=total.restored + len(more.restored),
        kept=total.kept + len(more.kept),
    )


def _would_undo(tx: Transaction, number: int) -> Undone:
    """Say what undoing would do. Who would be ended was subscribed at once: there are no requests."""
    total, last = Undone(0, 0, 0), 0
    while rows := intakes.open_rows(tx, number, after=last):
        total = _sum(total, _fates(tx, rows))
        last = rows[-1][0]
    return replace(total, suppressed=intakes.suppressions_of(tx, f"import {number}: "))


class _Fates(Struct, frozen=True):
    """What becomes of subscriptions by undoing their import; of those `restored`, reader, name, language."""

    removed: set[int]
    kept: set[int]
    ended: set[int]
    restored: dict[int, tuple[int, tuple[str, str]]]


_Rows = Sequence[tuple[int, tuple[str, str] | None]]


def _fates(tx: Transaction, rows: _Rows) -> _Fates:
    added = [one for one, before in rows if before is None]
    removed, kept = intakes.untouched(tx, added), intakes.confirmed_since(tx, added)
    restored = {
        one: (person.id, before)
        for one, before in rows
        if before is not None and (person := readers.person(tx, one))
    }
    ended = intakes.not_left(tx, set(added) - removed - kept)
    return _Fates(removed, kept, ended, restored)


def _undo(tx: Transaction, number: int, rows: _Rows, now: datetime, *, yes: bool) -> _Fates:
    precedence.people(tx, [one for one, _ in rows])
    fates = _fates(tx, rows)
    if fates.ended and not yes:  # there were none when it was looked at
        raise IntakeMailedError(
            f"Readers of import {number} were written to just now, and none of them was ended. "
            f"Look again: syndicate subscribers undo {number}"
        )
    intakes.remove(tx, fates.removed)
    for one in sorted(fates.ended):
        subscribers.leave(tx, one)
        subscribers.record_consent(tx, one, "left", "operator", f"import {number} undone", now)
    for one, (person, (name, language)) in fates.restored.items():
        readers.rename(tx, person, name)
        readers.speak(tx, one, language)
    intakes.settle(tx, number, [one for one, _ in rows])
    return fates
