"""Members of a newsletter in what is to come: where letters that are planned have taken them."""

from collections.abc import Collection
from datetime import date

from msgspec import Struct

from syndicate.digests.owed import Owed
from syndicate.jobs.slots import PERIODS
from syndicate.model import Cadence, Log
from syndicate.store.outlook import Stand


class Members(Struct):
    """Members who stand alike, as far as the plan has taken them."""

    stand: Stand
    cursor: int
    last: date | None = None


def move(one: Members, log: Log, day: date, due: Owed) -> None:
    """Take members past what they are due, as a letter would."""
    if not due.waits and log.rows:
        one.cursor = max(one.cursor, log.rows[-1].seq)
    if due.items:
        one.last = day


def is_due(one: Members, day: date, cadences: Collection[Cadence]) -> bool:
    """Whether members are due a letter by their cadence, of an edition for these cadences."""
    cadence = one.stand.cadence
    if cadence not in cadences:
        return False
    if cadence is Cadence.EACH or one.last is None:
        return True
    begins = PERIODS[cadence]
    return begins(one.last) != begins(day)
