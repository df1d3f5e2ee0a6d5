"""Prove that an edition's letters add up: frozen = sent + failed + unknown + cancelled + pending."""

from collections import Counter

from msgspec import Struct

from syndicate.model import OPEN_STATES, DeliveryState, Edition
from syndicate.store import audit as ledger
from syndicate.store import editions
from syndicate.store.audit import Fault
from syndicate.store.database import Store

LISTED = 1000  # rows that are named: more of them are one mistake


class Audit(Struct, frozen=True):
    """An edition's account, in letters; `pending` are all that are open, sending too.

    `frozen` was noted when they were frozen, `rows` stand in the ledger now. `faults` are the first
    rows that break a rule, `faulty` is the number of all.
    """

    edition: str
    state: str
    frozen: int
    rows: int
    sent: int
    failed: int
    unknown: int
    cancelled: int
    pending: int
    faults: tuple[Fault, ...]
    faulty: int
    holds: bool

    @property
    def equation(self) -> str:
        """The account in one line."""
        return (
            f"frozen {self.frozen} = sent {self.sent} + failed {self.failed} + unknown {self.unknown}"
            f" + cancelled {self.cancelled} + pending {self.pending}"
        )


def audit(store: Store, edition: Edition) -> Audit:
    """Look at every row of an edition, also while it is being sent."""
    with store.read() as tx:
        now = editions.get(tx, edition.id)
        counts, frozen = Counter(ledger.counts(tx, edition.id)), ledger.frozen(tx, edition.id)
        faults: list[Fault] = []
        faulty = 0
        for fault in ledger.faults(tx, edition.id):
            faulty += 1
            if faulty <= LISTED:
                faults.append(fault)
    known = sum(counts[state] for state in DeliveryState)
    return Audit(
        edition=now.name,
        state=now.state.value,
        frozen=frozen,
        rows=counts.total(),
        sent=counts[DeliveryState.SENT],
        failed=counts[DeliveryState.FAILED],
        unknown=counts[DeliveryState.UNKNOWN],
        cancelled=counts[DeliveryState.CANCELLED],
        pending=sum(counts[state] for state in OPEN_STATES),
        faults=tuple(faults),
        faulty=faulty,
        holds=not faulty and frozen == known == counts.total(),
    )
