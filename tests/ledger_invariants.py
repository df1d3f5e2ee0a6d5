"""What must hold after any history of crashes (DELIVERY.md, "Invariants").

The receiving server is the judge: its log of letters, not our own tables, says what was mailed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import text

from syndicate.store import editions
from syndicate.store.database import Store

_ROWS = text("""
    SELECT d.edition, d.state, d.was_unknown, p.address
    FROM delivery d JOIN subscription s ON s.id = d.subscription JOIN subscriber p ON p.id = s.subscriber
    WHERE d.kind = 'bulk' ORDER BY d.id
""")
_SLOTS = text("SELECT newsletter, slot FROM edition GROUP BY newsletter, slot HAVING COUNT(*) > 1")
_NEWS_TWICE = text("""
    SELECT d.subscription, i.article FROM delivery d JOIN variant_item i ON i.variant = d.variant
    WHERE d.state IN ('sent', 'unknown') AND i.kind = 'new'
    GROUP BY d.subscription, i.article HAVING COUNT(*) > 1
""")
_BEGUN = ("sending", "sent", "unknown")
_ENDED = ("sent", "failed", "unknown", "cancelled")


class Arrival(NamedTuple):
    """A letter whose last dot the server saw: its Message-ID, and whether the server took it over."""

    letter: str
    mailbox: str
    digest: str
    accepted: bool


class Row(NamedTuple):
    """A row of the ledger, with the address that it goes to."""

    edition: int
    state: str
    was_unknown: int
    mailbox: str


def rows_of(store: Store) -> list[Row]:
    """Read the ledger."""
    with store.read() as tx:
        return [Row(*row) for row in tx.execute(_ROWS)]


def violations(
    store: Store,
    arrivals: Sequence[Arrival],
    *,
    may_be_unknown: int,
    frozen: int | None = None,
    ended: bool = True,
) -> list[str]:
    """Name everything that does not hold.

    `may_be_unknown` is crashes times connections, and letters whose reply the server kept back;
    `frozen` how many members an edition had; `ended` whether no row may be open any more.
    """
    rows = rows_of(store)
    found = [*_doubled(arrivals), *_changed(arrivals), *_by_mailbox(rows, arrivals)]
    unknown = sum(row.was_unknown for row in rows)
    if unknown > may_be_unknown:
        found.append(f"{unknown} rows are unknown, at most {may_be_unknown} may be")
    if frozen is not None and len(rows) != frozen:
        found.append(f"{frozen} members were frozen and {len(rows)} rows are there")
    if ended:
        found += [f"a row ended as {row.state}" for row in rows if row.state not in _ENDED]
    return [*found, *_tables(store, rows)]


def assert_kept(
    store: Store,
    arrivals: Sequence[Arrival],
    *,
    may_be_unknown: int,
    frozen: int | None = None,
    ended: bool = True,
    at: str = "the end",
) -> None:
    """Fail with all that does not hold, and the point `at` which it was found."""
    found = violations(store, arrivals, may_be_unknown=may_be_unknown, frozen=frozen, ended=ended)
    assert not found, f"at {at}: " + "; ".join(found)


def _doubled(arrivals: Iterable[Arrival]) -> list[str]:
    taken = Counter((one.letter, one.mailbox) for one in arrivals if one.accepted)
    return [f"accepted {n} times: {letter}" for (letter, _), n in taken.items() if n > 1]


def _changed(arrivals: Iterable[Arrival]) -> list[str]:
    digests: defaultdict[str, set[str]] = defaultdict(set)
    for one in arrivals:
        digests[one.letter].add(one.digest)
    return [f"other bytes: {letter}" for letter, forms in digests.items() if len(forms) > 1]


def _by_mailbox(rows: Sequence[Row], arrivals: Sequence[Arrival]) -> list[str]:
    """Sent implies accepted, accepted implies sent or unknown, and no row has two names."""
    accepted = Counter(one.mailbox for one in arrivals if one.accepted)
    letters = Counter(mailbox for _, mailbox in {(one.letter, one.mailbox) for one in arrivals})
    sent, begun, known = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        sent[row.mailbox] += row.state == "sent"
        begun[row.mailbox] += row.state in _BEGUN or row.was_unknown
        known[row.mailbox] += 1
    found = []
    for mailbox in {*accepted, *letters, *sent}:
        if accepted[mailbox] > begun[mailbox]:
            found.append(f"{mailbox}: accepted {accepted[mailbox]}, may have been {begun[mailbox]}")
        if sent[mailbox] > accepted[mailbox]:
            found.append(f"{mailbox}: sent {sent[mailbox]}, accepted {accepted[mailbox]}")
        if letters[mailbox] > known[mailbox]:
            found.append(f"{mailbox}: {letters[mailbox]} letters of {known[mailbox]} rows")
    return found


def _tables(store: Store, rows: Sequence[Row]) -> list[str]:
    """Counters equal the rows, each slot has one edition, each article is news once."""
    found = []
    counted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counted[row.edition][row.state] += 1
    with store.read() as tx:
        for edition, states in counted.items():
            tally = {state: n for state, n in editions.tally(tx, edition).items() if n}
            if tally != states:
                found.append(f"edition {edition}: counters {tally}, rows {dict(states)}")
        found += [f"two editions of one slot: {slot}" for slot in tx.execute(_SLOTS)]
        found += [f"news twice: subscription, article {one}" for one in tx.execute(_NEWS_TWICE)]
    return found
