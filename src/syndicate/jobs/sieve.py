"""Part a list of readers into those to subscribe, those to suppress, and those to be looked at."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from msgspec.structs import replace

from syndicate import mailbox, tokens
from syndicate.errors import AddressRefused
from syndicate.jobs.people import Line
from syndicate.jobs.sheet import BATCH, ListEnded
from syndicate.jobs.subscribe import Person
from syndicate.store import suppressions
from syndicate.store.database import Store
from syndicate.tokens import Keys

_REASONS = {"left": "unsubscribed", "bounced": "bounced", "complained": "complaint"}
_DIGITS = 8  # bytes of a keyed hash by which a line is known again: a hundred bytes of memory each


class Sieve:
    """Parts a list into those to be subscribed, those to be suppressed, and those to be looked at.

    It is given the list twice: to turn away who left by any of its lines, then for the others.
    """

    def __init__(
        self,
        store: Store,
        keys: Keys,
        evidence: str,
        now: datetime,
        *,
        confirmed: bool,
        smtputf8: bool,
    ) -> None:
        self._store, self._keys, self._evidence, self._now = store, keys, evidence, now
        self._confirmed, self._smtputf8 = confirmed, smtputf8
        self._seen: set[int] = set()
        self._gone: set[int] = set()  # who was turned away
        self._waiting: list[tuple[bytes, str]] = []
        self.barred = 0
        self.refused: list[tuple[int, str]] = []

    def turn_away(self, lines: Iterable[Line]) -> None:
        """Suppress all who left; what cannot be read is told of when the lines come again."""
        with suppress(ListEnded):
            for line in lines:
                if line.status not in _REASONS:
                    continue
                with suppress(AddressRefused):
                    key = tokens.address_key(self._keys, self._parse(line).canonical)
                    self._gone.add(_mark(key))
                    self._waiting.append((key, _REASONS[line.status]))
                if len(self._waiting) == BATCH:
                    self._bar()
        self._bar()

    def people(self, lines: Iterable[Line]) -> Iterator[tuple[int, Person]]:
        """Yield who is to be subscribed; outside of any transaction."""
        for line in lines:
            try:
                box = self._parse(line)
            except AddressRefused as error:
                self.refused.append((line.number, str(error)))
                continue
            key = tokens.address_key(self._keys, box.canonical)
            if why := self._objection(line, key):
                self.refused.append((line.number, why))
            elif line.status not in _REASONS:
                yield line.number, replace(line.person, address=box.address, key=key)

    def _parse(self, line: Line) -> mailbox.Mailbox:
        """Read an address; of who is only to be suppressed, whether or not it can be reached."""
        reachable = self._smtputf8 or line.status in _REASONS
        return mailbox.parse_new(line.person.address, smtputf8=reachable)

    def _objection(self, line: Line, key: bytes) -> str:
        if line.status is None:
            return f"the status {line.word[:40]!r} is not known: subscribe or suppress by hand."
        if line.status in _REASONS:
            return ""
        mark = _mark(key)
        if mark in self._gone:
            return "another line says that this reader left, or cannot be reached."
        if mark in self._seen:
            return "this address stands in an earlier line already."
        self._seen.add(mark)
        if line.status == "unconfirmed" and self._confirmed:
            return (
                "was not confirmed there: import the line without --confirmed to ask by a letter."
            )
        return ""

    def _bar(self) -> None:
        """Suppress those who wait for it."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            with self._store.write() as tx:
                those = [(key, reason, f"{self._evidence}{reason}") for key, reason in waiting]
                self.barred += suppressions.suppress_many(tx, those, self._now)


def _mark(key: bytes) -> int:
    return int.from_bytes(key[:_DIGITS], "big")
