"""What is known of coming editions: who stands where, and what will not be in them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from syndicate.model import Cadence
from syndicate.store.database import Transaction
from syndicate.store.freeze import Group
from syndicate.store.membership import Membership
from syndicate.store.preferences import filters_of
from syndicate.store.schema.content import article
from syndicate.store.schema.news import left_out
from syndicate.store.types import from_micros

_STANDS = """
    SELECT s.cursor, s.start, s.profile, f.filters, f.language, f.depth, {held} AS held, COUNT(*),
        s.cadence, s.paused_until, (SELECT MAX(c.day) FROM delivery c
            WHERE c.subscription = s.id AND c.state <> 'cancelled') AS last
    FROM {people} JOIN profile f ON f.id = s.profile
    WHERE {member}
    GROUP BY s.cursor, s.start, s.profile, f.filters, f.language, f.depth, held, s.cadence,
        s.paused_until, last
    ORDER BY s.cursor, s.start, s.profile, held
"""


class Stand(NamedTuple):
    """Members of one group and cadence: `last` is the local date of their last letter."""

    group: Group
    cadence: Cadence
    paused_until: datetime | None
    last: date | None


class Absent(NamedTuple):
    """An article that is in no edition: its state, and whether an editor left it out or it is old."""

    id: int
    slug: str
    title: str
    state: str
    excluded: bool
    backlog: bool


def stands(tx: Transaction, membership: Membership, ever: datetime) -> Iterator[Stand]:
    """Yield the members of a newsletter by where they stand; who pauses until `ever` is among them."""
    for row in tx.execute(membership.statement(tx, _STANDS), membership.parameters(ever)):
        group = Group(row[0], row[1], row[2], filters_of(row[3]), *row[4:8])
        until = None if row[9] is None else from_micros(row[9])
        yield Stand(group, Cadence(row[8]), until, date.fromisoformat(row[10]) if row[10] else None)


def absent(tx: Transaction, newsletter: str, ids: Sequence[int], since: datetime) -> list[Absent]:
    """Return which of some articles cannot be mailed, and what came since then as old."""
    its = (left_out.c.article == article.c.id) & (left_out.c.newsletter == newsletter)
    rows = tx.execute(
        select(
            article.c.id,
            article.c.slug,
            article.c.title,
            article.c.state,
            left_out.c.article.is_not(None).label("excluded"),
            article.c.backlog,
        )
        .outerjoin(left_out, its)
        .where(
            (
                article.c.id.in_(ids)
                & ((article.c.state != "published") | left_out.c.at.is_not(None))
            )
            | ((article.c.backlog == 1) & (article.c.first_seen >= since))
        )
        .order_by(article.c.id)
    )
    return [
        Absent(row.id, row.slug, row.title, row.state, bool(row.excluded), bool(row.backlog))
        for row in rows
    ]
