"""Freezing an audience: who gets an edition, decided once, in one transaction (DELIVERY.md).

Work is done a *group* at a time (subscriptions of equal cursor, start, profile and held revisions);
the rows themselves are made by one INSERT ... SELECT, which reads cursor and openness in the same
statement.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, insert, select, text

from syndicate.model import Filters
from syndicate.store import holdings
from syndicate.store.database import Transaction
from syndicate.store.membership import Membership
from syndicate.store.preferences import filters_of
from syndicate.store.schema.people import subscription
from syndicate.store.schema.sending import freeze_group, freeze_hour
from syndicate.store.types import to_micros

_FURTHEST = timedelta(days=2)  # no reader's hour and no further try is later
_MANY = 1000  # members: fewer are frozen at once, whatever plan a server makes for them
_OPEN = """SELECT 1 FROM delivery o WHERE o.subscription = s.id AND o.kind = 'bulk'
    AND o.state IN ('pending', 'sending')"""
_KEY = "'e:' || CAST(:edition AS TEXT) || ':' || CAST(s.id AS TEXT)"
_GROUPED = """freeze_group g ON g.edition = :edition AND g.cursor = s.cursor AND g.start = s.start
    AND g.profile = s.profile AND g.held = {held}"""

_GROUPS = """
    SELECT s.cursor, s.start, s.profile, f.filters, f.language, f.depth, {held} AS held, COUNT(*)
    FROM {people} JOIN profile f ON f.id = s.profile
    WHERE {member}
    GROUP BY s.cursor, s.start, s.profile, f.filters, f.language, f.depth, held
    ORDER BY s.cursor, s.start, s.profile, held
"""

# An earlier letter that waits still is replaced; its range joins the new one by the cursor, and the
# new row keeps its patience (not_before, first_try). A row that was ever unknown is never replaced.
_SUPERSEDE = f"""
    UPDATE delivery SET state = 'cancelled', reason = 'superseded', superseded_by = :edition
    WHERE state = 'pending' AND kind = 'bulk' AND was_unknown = 0 AND edition < :edition
    AND subscription IN (
        SELECT s.id FROM {{people}}
        JOIN {_GROUPED} AND g.variant IS NOT NULL
        WHERE {{member}})
"""

# The wait of a replaced letter is kept, unless it was reckoned by a clock that was far ahead.
# Who has an open letter is passed over by what the statement sees, as is the cursor: a unique index
# sees the letter that ended meanwhile, and would let the old cursor through.
_FREEZE = f"""
    INSERT INTO delivery (key, kind, edition, subscription, variant, address_key, state, after_seq, upto_seq,
        day, not_before, first_try, attempts, was_unknown, lane)
    WITH replaced AS MATERIALIZED (
        SELECT subscription, MIN(not_before) AS not_before, MIN(first_try) AS first_try
        FROM delivery WHERE superseded_by = :edition GROUP BY subscription)
    SELECT {_KEY}, 'bulk', :edition, s.id, g.variant,
        p.address_key, 'pending', s.cursor, COALESCE(CAST(:upto AS BIGINT), s.cursor), CAST(:counts AS TEXT),
        COALESCE(CASE WHEN o.not_before <= :furthest THEN o.not_before END, t.at, :now),
        o.first_try, 0, 0, p.lane
    FROM {{people}}
    JOIN {_GROUPED} AND g.variant IS NOT NULL
    LEFT JOIN replaced o ON o.subscription = s.id
    LEFT JOIN freeze_hour t ON t.edition = :edition AND t.hour = s.hour AND t.zone = COALESCE(s.zone, '')
    WHERE {{member}} AND NOT EXISTS ({_OPEN})
    ON CONFLICT DO NOTHING
"""

# Members with nothing due move to the cut without a letter; a correction that waits keeps the cursor.
_ADVANCE = f"""
    UPDATE subscription SET cursor = :cut
    WHERE cursor < :cut AND id IN (
        SELECT s.id FROM {{people}}
        JOIN {_GROUPED} AND g.variant IS NULL AND g.waits = 0
        WHERE {{member}} AND NOT EXISTS ({_OPEN}))
"""

_COUNT = text("UPDATE edition SET frozen = frozen + :letters WHERE id = :edition")

# Members who got no row: another letter of theirs is open, or their cursor moved meanwhile.
_BLOCKED = f"""
    SELECT COUNT(*) FROM {{people}} LEFT JOIN {_GROUPED}
    WHERE {{member}} AND s.cursor < COALESCE(CAST(:upto AS BIGINT), s.cursor + 1)
    AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.key = {_KEY})
    AND (g.edition IS NULL OR g.variant IS NOT NULL)
"""


class Group(Struct, frozen=True):
    """Members that are due the same: `filters` is what their profile asks for.

    `held` are the newest revisions that they were mailed, of the few articles logged more than once.
    """

    cursor: int
    start: int
    profile_id: int
    filters: Filters
    language: str
    depth: str
    noted: str
    members: int

    @property
    def held(self) -> Mapping[int, int]:
        """Revisions by article."""
        return holdings.read(self.noted)


class Choice(Struct, frozen=True):
    """What a group gets: a variant, or nothing. `waits` where its cursor stays all the same."""

    group: Group
    variant_id: int | None
    waits: bool = False


class Frozen(Struct, frozen=True):
    """What a freeze did: letters made, letters it replaced, members left out for an open letter."""

    letters: int
    superseded: int
    blocked: int


def groups(tx: Transaction, membership: Membership, now: datetime) -> Iterator[Group]:
    """Yield the groups of all members."""
    for row in tx.execute(membership.statement(tx, _GROUPS), membership.parameters(now)):
        yield Group(row[0], row[1], row[2], filters_of(row[3]), *row[4:])


def freeze(
    tx: Transaction,
    edition_id: int,
    membership: Membership,
    chosen: Sequence[Choice],
    cut: int,
    at_hour: Callable[[int, str | None], datetime],
    now: datetime,
) -> Frozen:
    """Make the rows of an edition from the variant of each group.

    `at_hour` is when an hour comes in a zone (None: the newsletter's). It may be repeated: a member
    who has a row of this edition, or another open one, gets none.
    """
    parameters = membership.parameters(now) | {"edition": edition_id}
    moves: dict[str, Any] = {"upto": None, "counts": None, "furthest": to_micros(now + _FURTHEST)}
    if membership.goes_on:
        moves |= {"upto": cut, "counts": membership.day.isoformat()}
    _write_groups(tx, edition_id, chosen)
    _write_hours(tx, edition_id, membership.newsletter, at_hour)
    if sum(one.group.members for one in chosen) >= _MANY:
        _go_by_index(tx)
    superseded = 0
    if membership.goes_on:  # a correction holds no news: what waits with some is not in it
        superseded = tx.execute(membership.statement(tx, _SUPERSEDE), parameters).rowcount
    letters = tx.execute(membership.statement(tx, _FREEZE), parameters | moves).rowcount
    tx.execute(_COUNT, {"letters": letters, "edition": edition_id})
    upto = {"upto": moves["upto"]}
    blocked = tx.scalar(membership.statement(tx, _BLOCKED), parameters | upto) or 0
    if membership.goes_on:
        tx.execute(membership.statement(tx, _ADVANCE), parameters | {"cut": cut})
    for scratch in (freeze_group, freeze_hour):
        tx.execute(delete(scratch).where(scratch.c.edition == edition_id))
    return Frozen(letters, superseded, blocked)


def _go_by_index(tx: Transaction) -> None:
    """Keep PostgreSQL from reading whole tables for each member.

    Right after an import it knows of no readers yet, and it plans for a `delivery` that is empty and
    then grows with each row that is made: a freeze of 100,000 would take an hour.
    """
    if tx.dialect.name != "sqlite":
        tx.execute(text("SET LOCAL enable_seqscan = off"))
        tx.execute(text("ANALYZE subscription, subscriber, freeze_group"))


def _write_groups(tx: Transaction, edition_id: int, chosen: Sequence[Choice]) -> None:
    rows = [
        {
            "edition": edition_id,
            "cursor": one.group.cursor,
            "start": one.group.start,
            "profile": one.group.profile_id,
            "held": one.group.noted,
            "variant": one.variant_id,
            "waits": int(one.waits),
        }
        for one in chosen
    ]
    if rows:
        tx.execute(insert(freeze_group), rows)


def _write_hours(
    tx: Transaction,
    edition_id: int,
    newsletter: str,
    at_hour: Callable[[int, str | None], datetime],
) -> None:
    wanted = select(subscription.c.hour, subscription.c.zone).where(
        subscription.c.newsletter == newsletter, subscription.c.hour.is_not(None)
    )
    rows = [
        {"edition": edition_id, "hour": hour, "zone": zone or "", "at": at_hour(hour, zone)}
        for hour, zone in tx.execute(wanted.distinct()).fetchall()
    ]
    if rows:
        tx.execute(insert(freeze_hour), rows)
