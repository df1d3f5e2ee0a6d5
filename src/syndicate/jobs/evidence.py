"""Settle letters that may have arrived: by a mail server's log, or by the operator (DELIVERY.md, rule 3)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from msgspec import Struct

from syndicate.delivery.replies import kept
from syndicate.digests.letter import Stencil, message_id, message_name
from syndicate.errors import SyndicateError
from syndicate.model import DeliveryState, Edition, EditionState, Event, Tell
from syndicate.outbox.maillog import Arrived, Listed, Named, Removed, read
from syndicate.store import editions, evidence, senders, variants
from syndicate.store.database import Store
from syndicate.store.evidence import Unsettled
from syndicate.store.findings import Findings

BATCH = 500  # rows settled in one transaction: sending goes on beside it

# A row's key and variant -> its letter's Message-ID, None where it was never rendered: so may be what
# `resume --skip` made unknown.
NameOf = Callable[[str, int | None], str | None]

_OBSTACLES = {
    "cancelled": "its edition is cancelled",
    "erased": "the reader was erased",
    "unsubscribed": "the reader has left, so that it would only become unknown again",
    "resting": "the reader has paused their letters, so that it would only become unknown again",
    "suppressed": "the address is suppressed, so that it would only become unknown again",
    "moved": "the reader has another address now, and it would not be the same letter",
    "withdrawn": "an article in it was taken down, so that it would only become unknown again",
    "asked": "it is of no edition: who waits for it asks again",
    "open": "another letter of the same reader is open",
}


class ResendRefused(SyndicateError):
    """No letter of this edition may be sent again."""


class NoEvidence(SyndicateError):
    """A file holds nothing that proves anything."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A letter that may have arrived. `obstacle` says why it cannot be sent again, None if it can.

    `edition` is "" for one that answers a request, or was a test. `address` is the reader's
    present one, None once erased; `reply` what was heard last.
    """

    key: str
    edition: str
    message_id: str | None
    at: datetime | None
    reply: str | None
    address: str | None = field(repr=False)
    obstacle: str | None


class Reconciled(Struct, frozen=True):
    """What evidence did, in letters.

    `settled` were unknown and are `sent` now (their `keys`). `elsewhere` are ours and stand in
    another state, counted by it. `nameless` are lines of letters whose Message-ID the log does not give.
    """

    settled: int
    already_sent: int
    not_ours: int
    still_unknown: int
    elsewhere: Mapping[str, int]
    nameless: int
    keys: tuple[str, ...]


class Resent(Struct, frozen=True):
    """Letters that go out once more, or would if not `done`, and those that cannot."""

    edition: str
    state: str
    done: bool
    letters: tuple[Uncertain, ...]
    refused: tuple[Uncertain, ...]


def message_ids(store: Store, domain: str) -> NameOf:
    """Return the function that names letters: its domain is that with which a variant was written.

    Letters without a variant, which answer requests, bear `domain`.
    """
    domains: dict[int, str] = {}
    with store.read() as tx:
        namespace = senders.namespace(tx)

    def name_of(key: str, variant_id: int | None) -> str | None:
        if variant_id is None:
            return message_id(f"{namespace}/{key}", domain)
        if variant_id not in domains:
            with store.read() as tx:
                found = variants.written(tx, variant_id)
            if found is None:
                return None
            domains[variant_id] = Stencil.from_bytes(found).domain
        return message_id(f"{namespace}/{key}", domains[variant_id])

    return name_of


def uncertain(
    store: Store, edition: Edition | None, name_of: NameOf, now: datetime
) -> list[Uncertain]:
    """Return the letters that may have arrived, of one edition or all that there are."""
    with store.read() as tx:
        asked = [] if edition else evidence.unsettled(tx, None, now)
        chosen = [edition] if edition else editions.listed(tx)
        found = [(one.name, evidence.unsettled(tx, one.id, now)) for one in chosen]
    return [_uncertain(one, row, name_of) for one, rows in [("", asked), *found] for row in rows]


def _uncertain(edition: str, row: Unsettled, name_of: NameOf) -> Uncertain:
    return Uncertain(
        key=row.key,
        edition=edition,
        message_id=name_of(row.key, row.variant_id),
        at=row.at,
        reply=row.reply,
        address=row.address,
        obstacle=_OBSTACLES[row.objection] if row.objection else None,
    )


def reconcile(
    store: Store, lines: Iterable[str], source: str, now: datetime, tell: Tell
) -> Reconciled:
    """Settle what `lines` prove: those of a Postfix log, or Message-IDs, one a line.

    `source` names where they come from. Raises NoEvidence when none of them says anything.
    """
    with Findings() as findings:
        nameless = _collect(lines, source, findings)
        counts: Counter[str] = Counter()
        keys: list[str] = []
        for proofs in _matched(store, findings, counts):
            keys += _settle(store, proofs, now)
        arrived = len(findings)
    report = Reconciled(
        settled=len(keys),
        already_sent=counts[DeliveryState.SENT],
        not_ours=arrived - counts.total() + counts[_MISSING],
        still_unknown=counts[_MISSING],
        elsewhere={
            state.value: counts[state]
            for state in DeliveryState
            if counts[state] and state is not DeliveryState.SENT
        },
        nameless=nameless,
        keys=tuple(keys),
    )
    values = {"settled": report.settled, "still_unknown": report.still_unknown}
    tell(Event("ledger.reconciled", values))
    return report


_MISSING = "still unknown"
_PROVEN = "proven"


def _collect(lines: Iterable[str], source: str, findings: Findings) -> int:
    """Keep what lines prove; return how many letters arrived whose Message-ID is not told."""
    nameless, understood = 0, False
    for line in lines:
        entry = read(line)
        understood = understood or entry is not None
        match entry:
            case Named(queue, name):
                findings.name(queue, name)
            case Removed(queue):
                findings.forget(queue)
            case Listed(name):
                findings.add(name, kept(f"its Message-ID is listed in {source}"))
            case Arrived(queue, proof):
                if (known := findings.named(queue)) is None:
                    nameless += 1
                else:
                    findings.add(known, kept(proof))
            case None:
                pass
    if not understood:
        raise NoEvidence(
            f"{source}: this is no log of Postfix and no list of Message-IDs, one a line. "
            "Nothing was changed."
        )
    return nameless


def _matched(store: Store, findings: Findings, counts: Counter[str]) -> Iterator[dict[int, str]]:
    """Yield the rows that may have arrived and did, by BATCH; count all others that were looked for."""
    batch: dict[int, str] = {}
    with store.read() as tx:
        namespace = senders.namespace(tx)
        for row in evidence.tried(tx):
            proof = findings.find(message_name(f"{namespace}/{row.key}"))
            is_open = row.state is DeliveryState.PENDING and row.was_unknown
            if proof and (row.state is DeliveryState.UNKNOWN or is_open):
                counts[_PROVEN] += 1
                batch[row.id] = proof
            elif proof:
                counts[row.state] += 1
            elif row.state is DeliveryState.UNKNOWN:
                counts[_MISSING] += 1
            if len(batch) == BATCH:
                yield batch
                batch = {}
    if batch:
        yield batch


def _settle(store: Store, proofs: Mapping[int, str], now: datetime) -> list[str]:
    with store.write() as tx:
        known = evidence.addresses(tx, list(proofs))
        clean = {
            row: kept(proof, known[row]) if row in known else proof for row, proof in proofs.items()
        }
        return evidence.settle(tx, clean, now)


def resend(
    store: Store, edition: Edition, name_of: NameOf, now: datetime, tell: Tell, *, yes: bool
) -> Resent:
    """Return an edition's unknown letters to pending, or without `yes` say which that would be.

    Each goes out as the same letter to the same address. Raises ResendRefused in a cancelled edition.
    """
    with store.read() as tx:
        present = editions.get(tx, edition.id)
        rows = evidence.unsettled(tx, edition.id, now)
    if present.state is EditionState.CANCELLED:
        raise ResendRefused(
            f"{present.name} is cancelled: none of its letters is sent again. Those that may have arrived "
            "count as had, and their news does not come with the next edition. See: syndicate "
            f"deliveries uncertain {present.name}"
        )
    letters = [one for one in rows if one.objection is None]
    refused = [_uncertain(present.name, one, name_of) for one in rows if one.objection]
    if yes:
        letters, late = _return_to_pending(store, letters, now)
        refused += [_late(_uncertain(present.name, one, name_of)) for one in late]
        tell(Event("edition.resent", {"edition": present.name, "letters": len(letters)}, "warning"))
    return Resent(
        present.name,
        present.state.value,
        yes,
        tuple(_uncertain(present.name, one, name_of) for one in letters),
        tuple(refused),
    )


def _return_to_pending(
    store: Store, rows: Iterable[Unsettled], now: datetime
) -> tuple[list[Unsettled], list[Unsettled]]:
    """Return rows to pending, and say which were and which could not be any more."""
    done: list[Unsettled] = []
    late: list[Unsettled] = []
    for row in rows:
        with store.write() as tx:
            (done if evidence.return_to_pending(tx, row.id, now) else late).append(row)
    return done, late


def _late(one: Uncertain) -> Uncertain:
    return replace(one, obstacle="it was settled, or its reader's standing changed, just now")
