"""Date what comes out: parts that came together stand a second apart, in their order."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby

from syndicate.jobs.declared import Times
from syndicate.store import dates
from syndicate.store.database import Transaction
from syndicate.store.dates import Placed


def date(
    tx: Transaction, rows: Iterable[Placed], own: Callable[[Placed], Times], now: datetime
) -> list[Placed]:
    """Date articles that come out and return them in order.

    Readers sort by date, so that parts of one pass need dates in part order (FEEDS.md, "order"), and
    later ones than the parts that were there before; what stands alone has the time of the pass.
    A page's `own` date goes before all of this.
    """
    arrived = sorted(rows, key=_place)
    last = now.replace(microsecond=0)
    newest = _newest_before(tx, arrived)
    given: dict[int, tuple[datetime, datetime]] = {}
    for series_id, group in groupby(arrived, key=lambda row: row.series_id):
        parts, apart = list(group), timedelta(seconds=0 if series_id is None else 1)
        first = last - apart * (len(parts) - 1)
        if series_id in newest:
            first = max(first, newest[series_id] + apart)
        taken: set[datetime] = set()
        for number, row in enumerate(parts):
            said = own(row)
            published = said.published or first + apart * number
            while apart and published in taken:  # the parts of one post bear its one date
                published += apart
            taken.add(published)
            updated = max(said.updated or published, published)
            if (published, updated) != (row.published, row.updated):
                given[row.id] = published, updated
    dates.put(tx, given)
    return arrived


def _newest_before(tx: Transaction, arrived: Iterable[Placed]) -> dict[int | None, datetime]:
    """Return the date of the last part, by their series, of those that were there before."""
    new = {row.id for row in arrived if row.series_id is not None}
    parts = dates.of_series(tx, {row.series_id for row in arrived if row.series_id is not None})
    return {
        number: max(before)
        for number, some in parts.items()
        if (before := [date for one, date in some if one not in new])
    }


def _place(row: Placed) -> tuple[int, int, int]:
    """Order: series by number, parts in order, then what stands alone as it came."""
    return (row.series_id or 0, row.part or 0, row.id) if row.series_id else (2**62, 0, row.id)
