"""What a run of deliveries has come to, and when it has to stop by itself (DELIVERY.md, "Speed and pace")."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, field

from syndicate.model import (
    Accepted,
    Decision,
    Deferred,
    Delivery,
    Done,
    GivenBack,
    Outcome,
    Refused,
    Unknown,
)
from syndicate.outbox.breaker import Counts, tripped
from syndicate.store import control, editions
from syndicate.store.database import Transaction

OUR_FAULTS = 3  # in a row: then every further try would only do harm

Landed = tuple[Delivery, Outcome, Decision]


class Tally(Struct):
    """`counts` are letters by how they ended; `stopped` is the reply that ended the run early."""

    counts: Counter[str] = field(default_factory=Counter)
    stopped: str | None = None
    _faults: int = 0  # in a row, that blame us
    _editions: dict[int, Counter[str]] = field(default_factory=dict)

    def add(self, outcome: Outcome, decision: Decision) -> None:
        """Count one letter that landed."""
        self.counts[decision.state.value if isinstance(decision, Done) else "deferred"] += 1
        reply = _our_fault(outcome)
        self._faults = 0 if reply is None else self._faults + 1
        if self._faults >= OUR_FAULTS:
            self.stopped = reply

    def look(
        self, tx: Transaction, landed: Sequence[Landed], now: datetime
    ) -> list[tuple[int, str]]:
        """Stop the editions of which too much is refused; returns them and why.

        As with a pause by hand, what was to be sent once more is unknown again. Editions are
        counted from their first refusal on: until then there is nothing to weigh.
        """
        broken = []
        refused = {one.edition_id for one, outcome, _ in landed if isinstance(outcome, Refused)}
        fresh = {one for one in refused if one is not None and one not in self._editions}
        for one in fresh:
            self._editions[one] = editions.refusals(tx, one)
        for letter, outcome, decision in landed:
            seen = self._editions.get(letter.edition_id or 0)
            if seen is None or (letter.edition_id in fresh and isinstance(decision, Done)):
                continue  # what is at its end in this round is counted already
            if isinstance(decision, Done) or _our_fault(outcome):
                seen["finished"] += 1
            if isinstance(outcome, Refused):
                seen[outcome.blames] += 1
        for edition_id, seen in self._editions.items():
            reason = tripped(Counts(**seen))
            if reason and editions.stop(tx, edition_id, reason):
                control.doubt_again(tx, edition_id, "paused", now)
                broken.append((edition_id, reason))
        for edition_id, _ in broken:  # when it goes on, it is weighed anew
            del self._editions[edition_id]
        return broken


def _our_fault(outcome: Outcome) -> str | None:
    """Return the reply of an outcome that blames us, None for all others."""
    match outcome:
        case Refused(reply, _, "us") | Deferred(reply, _, True):
            return reply
        case Accepted() | Unknown() | Deferred() | GivenBack() | Refused():
            return None
