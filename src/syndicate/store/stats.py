"""Counts of what happened: no row of them names a person."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text

from syndicate.store.database import Transaction
from syndicate.store.types import from_micros, to_micros

# Every zone's days begin at a quarter of an hour: so much is counted by the database.
_QUARTER = 900_000_000  # microseconds

_CONSENTS = text(f"""
    SELECT c.at / {_QUARTER} AS quarter, s.newsletter, c.kind,
        COALESCE(NULLIF(c.form, ''),
            CASE WHEN c.source LIKE 'import %' THEN 'import' ELSE c.source END) AS form,
        COUNT(*) AS number
    FROM consent c JOIN subscription s ON s.id = c.subscription
    WHERE c.at >= :since AND c.kind IN ('asked', 'confirmed', 'left', 'returned')
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
""")
_BOUNCED = text(f"""
    SELECT at / {_QUARTER} AS quarter, COUNT(*) AS number FROM suppression_event
    WHERE at >= :since AND kind = 'suppressed' AND reason IN ('refused', 'bounced')
        AND evidence NOT LIKE 'import %'
    GROUP BY 1 ORDER BY 1
""")
# Of a letter that was sent once more, or of which a log told later, only the last word counts.
_LETTERS = text(f"""
    SELECT v.at / {_QUARTER} AS quarter, e.newsletter, e.number, e.id,
        CASE WHEN v.kind = 'failed' AND d.reason = 'address' THEN 'bounced' ELSE v.kind END AS kind,
        COUNT(*) AS number_of
    FROM delivery_event v JOIN delivery d ON d.id = v.delivery JOIN edition e ON e.id = d.edition
    WHERE v.at >= :since AND v.kind IN ('sent', 'failed', 'unknown')
        AND (d.was_unknown = 0 OR NOT EXISTS (SELECT 1 FROM delivery_event w
            WHERE w.delivery = v.delivery AND w.id > v.id AND w.kind IN ('sent', 'failed', 'unknown')))
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 4, 5
""")


class Count(NamedTuple):
    """So many of a kind in a quarter of an hour; `form` is where, `edition` of which edition.

    `suppressed` are addresses whose mail came back, of no newsletter; `bounced` an edition's letters.
    """

    at: datetime
    newsletter: str | None
    kind: str
    number: int
    form: str | None = None
    edition: str | None = None


def counts(tx: Transaction, since: datetime) -> Iterator[Count]:
    """Yield all counts since a point in time."""
    values = {"since": to_micros(since)}
    for row in tx.execute(_CONSENTS, values):
        yield Count(_at(row.quarter), row.newsletter, row.kind, row.number, form=row.form)
    for row in tx.execute(_BOUNCED, values):
        yield Count(_at(row.quarter), None, "suppressed", row.number)
    for row in tx.execute(_LETTERS, values):
        name = f"{row.newsletter}/{row.number if row.number is not None else f'@{row.id}'}"
        yield Count(_at(row.quarter), row.newsletter, row.kind, row.number_of, edition=name)


def _at(quarter: int) -> datetime:
    return from_micros(quarter * _QUARTER)
