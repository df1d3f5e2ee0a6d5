"""Freezing an audience: who gets an edition, decided once, in one transaction (DELIVERY.md).

Work is done a *group* at a time (subscriptions of equal cursor, start and profile); the rows
themselves are made by one INSERT ... SELECT, which reads cursor and openness in the same statement.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, text

from syndicate.store.database import Transaction
from syndicate.store.schema import freeze_group
from syndicate.store.types import to_micros

# Who may be frozen: active, reachable, not suppressed, and due by cadence. `failed` letters count
# for cadence, cancelled ones do not; an edition cut by hand ignores cadence.
_MEMBER = """
    s.newsletter = :newsletter AND s.state = 'active' AND p.address_key IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address_key = p.address_key)
    AND (:any_cadence = 1 OR (
        s.cadence <> 'each' AND NOT EXISTS (
            SELECT 1 FROM delivery c
            WHERE c.subscription = s.id AND c.state <> 'cancelled'
            AND c.day >= CASE s.cadence WHEN 'daily' THEN :day WHEN 'weekly' THEN :week ELSE :month END)))
"""
_OPEN = """SELECT 1 FROM delivery o WHERE o.subscription = s.id AND o.kind = 'bulk'
    AND o.state IN ('pending', 'claimed', 'sending')"""
_GROUPED = """freeze_group g ON g.edition = :edition
    AND g.cursor = s.cursor AND g.start = s.start AND g.profile = s.profile"""

_GROUPS = text(f"""
    SELECT s.cursor, s.start, s.profile, f.filters, f.language, f.depth, COUNT(*)
    FROM subscription s JOIN subscriber p ON p.id = s.subscriber JOIN profile f ON f.id = s.profile
    WHERE {_MEMBER}
    GROUP BY s.cursor, s.start, s.profile, f.filters, f.language, f.depth
    ORDER BY s.cursor, s.start, s.profile
""")

# An earlier letter that waits still is replaced; its range joins the new one by the cursor, and the
# new row keeps its patience (not_before, first_try). A row that was ever unknown is never replaced.
_SUPERSEDE = text(f"""
    UPDATE delivery SET state = 'cancelled', reason = 'superseded', superseded_by = :edition
    WHERE state = 'pending' AND kind = 'bulk' AND was_unknown = 0 AND edition < :edition
    AND subscription IN (
        SELECT s.id FROM subscription s JOIN subscriber p ON p.id = s.subscriber
        JOIN {_GROUPED} AND g.variant IS NOT NULL
        WHERE {_MEMBER})
""")

_FREEZE = text(f"""
    INSERT INTO delivery (key, kind, edition, subscription, variant, address_key, state, after_seq, upto_seq,
        day, not_before, first_try, attempts, was_unknown, lane)
    SELECT 'e:' || CAST(:edition AS TEXT) || ':' || CAST(s.id AS TEXT), 'bulk', :edition, s.id, g.variant,
        p.address_key, 'pending', s.cursor, :cut, :day,
        COALESCE((SELECT MIN(d.not_before) FROM delivery d
            WHERE d.subscription = s.id AND d.superseded_by = :edition), :now),
        (SELECT MIN(d.first_try) FROM delivery d WHERE d.subscription = s.id AND d.superseded_by = :edition),
        0, 0, p.lane
    FROM subscription s JOIN subscriber p ON p.id = s.subscriber
    JOIN {_GROUPED} AND g.variant IS NOT NULL
    WHERE {_MEMBER} AND NOT EXISTS ({_OPEN})
    ON CONFLICT DO NOTHING
""")

_ADVANCE = text(f"""
    UPDATE subscription SET cursor = :cut
    WHERE cursor < :cut AND id IN (
        SELECT s.id FROM subscription s JOIN subscriber p ON p.id = s.subscriber
        JOIN {_GROUPED} AND g.variant IS NULL
        WHERE {_MEMBER} AND NOT EXISTS ({_OPEN}))
""")

_COUNT = text("UPDATE edition SET frozen = frozen + :letters WHERE id = :edition")

# Members who got no row: an earlier letter of theirs is on its way, or their cursor moved meanwhile.
_BLOCKED = text(f"""
    SELECT COUNT(*) FROM subscription s JOIN subscriber p ON p.id = s.subscriber
    LEFT JOIN {_GROUPED}
    WHERE {_MEMBER} AND s.cursor < :cut
    AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.subscription = s.id AND e.edition = :edition)
    AND (g.edition IS NULL OR g.variant IS NOT NULL)
""")


@dataclass(frozen=True, slots=True)
class Membership:
    """The member test of one edition. `day` is the local date of its slot."""

    newsletter: str
    day: date
    by_hand: bool

    def parameters(self) -> dict[str, Any]:
        """Return the statements' parameters."""
        return {
            "newsletter": self.newsletter,
            "any_cadence": int(self.by_hand),
            "day": self.day.isoformat(),
            "week": (self.day - timedelta(days=self.day.weekday())).isoformat(),
            "month": self.day.replace(day=1).isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Group:
    """Members that are due the same: `filters` is what their profile asks for."""

    cursor: int
    start: int
    profile_id: int
    filters: Mapping[str, Any]
    language: str
    depth: str
    members: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a freeze did: letters made, letters it replaced, members left out for an open letter."""

    letters: int
    superseded: int
    blocked: int


def groups(tx: Transaction, membership: Membership) -> Iterator[Group]:
    """Yield the groups of all members."""
    for row in tx.execute(_GROUPS, membership.parameters()):
        yield Group(row[0], row[1], row[2], json.loads(row[3]), *row[4:])


def freeze(
    tx: Transaction,
    edition_id: int,
    membership: Membership,
    chosen: Sequence[tuple[Group, int | None]],
    cut: int,
    now: datetime,
) -> Frozen:
    """Make the rows of an edition from the variant of each group (None: nothing due).

    It may be repeated: a member who has a row of this edition, or another open one, gets none.
    """
    parameters = {
        **membership.parameters(),
        "edition": edition_id,
        "cut": cut,
        "now": to_micros(now),
    }
    _write_groups(tx, edition_id, chosen)
    superseded = tx.execute(_SUPERSEDE, parameters).rowcount
    letters = tx.execute(_FREEZE, parameters).rowcount
    tx.execute(_COUNT, {"letters": letters, "edition": edition_id})
    blocked = tx.scalar(_BLOCKED, parameters) or 0
    tx.execute(_ADVANCE, parameters)
    tx.execute(delete(freeze_group).where(freeze_group.c.edition == edition_id))
    return Frozen(letters, superseded, blocked)


def _write_groups(
    tx: Transaction, edition_id: int, chosen: Sequence[tuple[Group, int | None]]
) -> None:
    rows = [
        {
            "edition": edition_id,
            "cursor": group.cursor,
            "start": group.start,
            "profile": group.profile_id,
            "variant": variant_id,
        }
        for group, variant_id in chosen
    ]
    if rows:
        tx.execute(insert(freeze_group), rows)
