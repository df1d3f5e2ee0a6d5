"""Take in a list of readers, so that it can be undone; the same list twice changes nothing.

Who unsubscribed, bounced or complained elsewhere becomes a suppression here; who did not confirm there
is listed, and not subscribed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate import mailbox, tokens
from syndicate.errors import AddressRefused, SyndicateError
from syndicate.jobs.people import Line
from syndicate.jobs.sheet import ListEnded
from syndicate.jobs.subscribe import BATCH, Added, Consent, Person, add
from syndicate.model import Event, Tell, silent
from syndicate.store import intakes, news, readers, signups, subscribers, suppressions
from syndicate.store.database import Store, Transaction
from syndicate.tokens import Keys

_REASONS = {"left": "unsubscribed", "bounced": "bounced", "complained": "complaint"}
_DIGITS = 8  # bytes of a keyed hash by which a line is known again: a hundred bytes of memory each


class IntakeUnknownError(SyndicateError):
    """There is no such import, or it was undone."""


@dataclass(frozen=True, slots=True)
class Taken:
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


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing did: readers taken out, ended since they had letters, and called as before.

    `suppressed` addresses stay so: an opt-out is never forgotten, however it was learned of.
    """

    removed: int
    ended: int
    restored: int
    suppressed: int


def take_in(
    store: Store,
    keys: Keys,
    newsletter: str,
    language: str,
    lines: Iterable[Line],
    consent: Consent,
    now: datetime,
    tell: Tell,
    *,
    confirmed: bool,
    rehearse: bool = False,
) -> Taken:
    """Subscribe the people of a list, or ask each by a letter where their consent is not at hand.

    `rehearse` does everything and keeps nothing.
    """
    store = store.rehearsal() if rehearse else store
    number = None
    if not rehearse:
        with store.write() as tx:
            news.enrol(tx, newsletter, now)
            number = intakes.begin(tx, newsletter, consent.source, now)
    sieve = _Sieve(store, keys, newsletter, f"import {number or 0}: ", now, confirmed=confirmed)
    if confirmed:
        report = add(
            store, keys, newsletter, language, sieve.people(lines), consent, now, silent, number
        )
    else:
        report = _invite(store, newsletter, language, sieve.people(lines), consent, now)
    sieve.bar()
    taken = _report(number, report, sieve, confirmed=confirmed)
    if number is not None and taken.id is None:
        with store.write() as tx:
            intakes.forget(tx, number)
    tell(Event("subscribers.imported", {"newsletter": newsletter, "import": taken.id}))
    return taken


def _report(number: int | None, report: Added, sieve: "_Sieve", *, confirmed: bool) -> Taken:
    changed = report.added + report.changed + sieve.barred
    refused = sorted((*sieve.refused, *report.refused))
    return Taken(
        id=number if changed or not confirmed else None,
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


class _Sieve:
    """Parts a list into those to be subscribed, those to be suppressed, and those to be looked at."""

    def __init__(
        self,
        store: Store,
        keys: Keys,
        newsletter: str,
        evidence: str,
        now: datetime,
        *,
        confirmed: bool,
    ) -> None:
        self._store, self._keys, self._newsletter = store, keys, newsletter
        self._evidence, self._now, self._confirmed = evidence, now, confirmed
        self._seen: set[int] = set()
        self._waiting: list[tuple[bytes, str]] = []
        self.barred = 0
        self.refused: list[tuple[int, str]] = []

    def people(self, lines: Iterable[Line]) -> Iterator[tuple[int, Person]]:
        """Yield who is to be subscribed; outside of any transaction."""
        for line in lines:
            try:
                box = mailbox.parse(line.person.address)
            except AddressRefused as error:
                self.refused.append((line.number, str(error)))
                continue
            key = tokens.address_key(self._keys, box.canonical)
            if why := self._objection(line, key):
                self.refused.append((line.number, why))
            elif line.status in _REASONS:
                self._waiting.append((key, _REASONS[line.status]))
                if len(self._waiting) == BATCH:
                    self.bar()
            else:
                yield line.number, replace(line.person, address=box.address)
        self.bar()

    def _objection(self, line: Line, key: bytes) -> str:
        if line.status is None:
            return f"the status {line.word[:40]!r} is not known: subscribe or suppress by hand."
        mark = int.from_bytes(key[:_DIGITS], "big")
        if mark in self._seen and line.status not in _REASONS:  # an opt-out counts anywhere
            return "this address stands in an earlier line already."
        self._seen.add(mark)
        if line.status == "unconfirmed" and self._confirmed:
            return (
                "was not confirmed there: import the line without --confirmed to ask by a letter."
            )
        return ""

    def bar(self) -> None:
        """Suppress those who wait for it."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            with self._store.write() as tx:
                self.barred += sum(
                    suppressions.suppress(tx, key, reason, f"{self._evidence}{reason}", self._now)
                    for key, reason in waiting
                )


def _invite(
    store: Store,
    newsletter: str,
    language: str,
    people: Iterable[tuple[int, Person]],
    consent: Consent,
    now: datetime,
) -> Added:
    """Write down that people are to be asked by a letter each."""
    count, ended = 0, ""
    batch: list[tuple[str, str, str]] = []

    def write(tx: Transaction) -> None:
        signups.add_many(tx, batch, newsletter, consent.source, consent.evidence, now)

    try:
        for _line, person in people:
            batch.append((person.address, person.name, person.language or language))
            if len(batch) == BATCH:
                _in_turn(store, write)
                count, batch = count + len(batch), []
    except ListEnded as error:
        ended = str(error)
    if batch:
        _in_turn(store, write)
    return Added(added=count + len(batch), ended=ended)


def _in_turn(store: Store, write: Callable[[Transaction], None]) -> None:
    with store.write() as tx:
        write(tx)


def undo(store: Store, number: int, now: datetime, tell: Tell) -> Undone:
    """Take back what an import did, but for opt-outs: those stay, and `suppressions remove` lifts one.

    Who had letters since is ended, not deleted: the ledger names them. Raises IntakeUnknownError.
    """
    with store.read() as tx:
        found = {one.id: one for one in intakes.listed(tx)}.get(number)
    if found is None or found.undone:
        state = "was undone already" if found else "is not known"
        raise IntakeUnknownError(f"The import {number} {state}. See: syndicate subscribers imports")
    total = Undone(0, 0, 0, 0)
    while True:
        with store.write() as tx:
            rows = intakes.open_rows(tx, number)
            done = _undo(tx, number, rows, now)
        total = replace(
            total,
            removed=total.removed + done.removed,
            ended=total.ended + done.ended,
            restored=total.restored + done.restored,
        )
        if not rows:
            break
    with store.write() as tx:
        intakes.finish(tx, number, now)
        suppressed = intakes.suppressions_of(tx, f"import {number}: ")
    tell(Event("subscribers.import_undone", {"import": number}))
    return replace(total, suppressed=suppressed)


def _undo(
    tx: Transaction,
    number: int,
    rows: list[tuple[int, tuple[str, str] | None]],
    now: datetime,
) -> Undone:
    added = [one for one, before in rows if before is None]
    readers.lock(tx, [one for one, _ in rows])
    gone = intakes.remove_untouched(tx, added)
    ended = 0
    for one in added:
        if one not in gone and subscribers.leave(tx, one):
            subscribers.record_consent(tx, one, "left", "operator", f"import {number} undone", now)
            ended += 1
    restored = 0
    for one, before in rows:
        if before is not None and (person := readers.person(tx, one)):
            readers.rename(tx, person.id, before[0])
            readers.speak(tx, one, before[1])
            restored += 1
    intakes.settle(tx, number, [one for one, _ in rows])
    return Undone(len(gone), ended, restored, 0)
