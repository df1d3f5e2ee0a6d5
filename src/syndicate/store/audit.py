"""Rows of an edition that break what the ledger promises (DELIVERY.md, "Invariants")."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select, text

from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery, edition

# What is wrong with a row, the first that is. `e` is its edition, `s` its subscription.
_BROKEN = text("""
    SELECT * FROM (
        SELECT d.id, d.key, d.state, CASE
            WHEN d.state NOT IN
                ('pending', 'sending', 'sent', 'failed', 'unknown', 'cancelled')
                THEN 'is in no known state'
            WHEN d.state = 'sent' AND NOT EXISTS
                (SELECT 1 FROM delivery_event v WHERE v.delivery = d.id AND v.kind = 'sent')
                THEN 'has no event by which it was accepted'
            WHEN d.kind = 'bulk' AND 1 < (SELECT COUNT(*) FROM delivery_event v
                WHERE v.delivery = d.id AND v.kind = 'sent')
                THEN 'was accepted more than once'
            WHEN d.state = 'cancelled' AND COALESCE(d.reason, '') = '' THEN 'has no reason'
            WHEN d.state IN ('sent', 'unknown') AND d.upto_seq > s.cursor
                THEN 'the cursor of its subscription is before what it held'
            WHEN d.state = 'unknown' AND d.was_unknown = 0 THEN 'was not noted as ever unknown'
            WHEN d.state IN ('failed', 'cancelled') AND d.was_unknown = 1
                THEN 'was unknown once, and may end only sent or unknown'
            WHEN d.state = 'sending' AND (d.sender IS NULL OR d.lease_until IS NULL)
                THEN 'is held by no sender'
            WHEN (d.state = 'pending' AND e.state IN ('done', 'cancelled'))
                OR (d.state = 'sending' AND e.state = 'done')
                THEN 'waits in an edition that is at its end'
        END AS fault
        FROM delivery d JOIN edition e ON e.id = d.edition
        LEFT JOIN subscription s ON s.id = d.subscription
        WHERE d.edition = :edition
    ) looked WHERE fault IS NOT NULL ORDER BY id
""")


class Fault(NamedTuple):
    """A row that breaks a rule."""

    key: str
    state: str
    fault: str


def faults(tx: Transaction, edition_id: int) -> Iterator[Fault]:
    """Yield the rows of an edition that break a rule, in the order of the freeze."""
    rows = tx.execute(_BROKEN.execution_options(yield_per=1000), {"edition": edition_id})
    for row in rows:
        yield Fault(row.key, row.state, row.fault)


def frozen(tx: Transaction, edition_id: int) -> int:
    """Return how many rows an edition's freezes made."""
    return tx.scalar(select(edition.c.frozen).where(edition.c.id == edition_id)) or 0


def counts(tx: Transaction, edition_id: int) -> dict[str, int]:
    """Count an edition's rows by what stands as their state, known or not."""
    rows = tx.execute(
        select(delivery.c.state, func.count())
        .where(delivery.c.edition == edition_id)
        .group_by(delivery.c.state)
    )
    return {row[0]: row[1] for row in rows}
