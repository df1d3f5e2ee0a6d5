"""Pings that are due: which hub is yet to be told of which feed (WebSub)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from syndicate.store.database import Transaction
from syndicate.store.schema.serving import ping
from syndicate.store.upsert import upsert_many


class Ping(Struct, frozen=True):
    """A hub to be told of a feed (its published path); `tries` were in vain.

    `digest` is of the feed's bytes: it tells a ping from one for a later change of the same feed.
    """

    hub: str
    topic: str
    digest: str
    tries: int


def arm(tx: Transaction, topics: Mapping[str, str], hubs: Collection[str]) -> None:
    """Note that hubs are to be told of feeds (path and digest): however often one changed, once."""
    rows = [
        {"hub": hub, "topic": topic, "digest": digest, "tries": 0, "not_before": None}
        for hub in dict.fromkeys(hubs)
        for topic, digest in topics.items()
    ]
    upsert_many(tx, ping, rows, ("hub", "topic"))


def any_due(tx: Transaction, now: datetime) -> bool:
    """Whether a hub is to be told of something now."""
    return tx.execute(select(ping.c.hub).where(_is_due(now)).limit(1)).first() is not None


def due(tx: Transaction, now: datetime) -> list[Ping]:
    """Return the pings that are due."""
    rows = tx.execute(
        select(ping.c.hub, ping.c.topic, ping.c.digest, ping.c.tries)
        .where(_is_due(now))
        .order_by(ping.c.hub, ping.c.topic)
    )
    return [Ping(*row) for row in rows]


def done(tx: Transaction, one: Ping) -> None:
    """Forget a ping, unless its feed changed meanwhile."""
    tx.execute(delete(ping).where(_is(one)))


def again(tx: Transaction, one: Ping, at: datetime) -> None:
    """Note that a ping was in vain, and when it is due again; one for a later change is due at once."""
    tx.execute(update(ping).where(_is(one)).values(tries=one.tries + 1, not_before=at))


def forget_others(tx: Transaction, hubs: Collection[str]) -> None:
    """Forget what other hubs than these were to be told."""
    tx.execute(delete(ping).where(ping.c.hub.not_in(hubs)))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(ping.c.not_before.is_(None), ping.c.not_before <= now)


def _is(one: Ping) -> ColumnElement[bool]:
    return and_(ping.c.hub == one.hub, ping.c.topic == one.topic, ping.c.digest == one.digest)
