"""What a reader wants of a subscription: its profile (interned) and its times."""

import json

from sqlalchemy import select, update

from syndicate.model import Cadence, Depth, Filters, Preferences
from syndicate.store.database import Transaction
from syndicate.store.schema.people import profile, subscriber, subscription
from syndicate.store.upsert import insert_new


def get(tx: Transaction, subscription_id: int) -> Preferences | None:
    """Return what a subscription's reader wants, None when there is no such subscription."""
    row = tx.execute(
        select(
            profile.c.language,
            subscription.c.cadence,
            profile.c.depth,
            profile.c.filters,
            subscription.c.hour,
            subscription.c.zone,
            subscription.c.paused_until,
        )
        .join(profile, profile.c.id == subscription.c.profile)
        .where(subscription.c.id == subscription_id)
    ).first()
    if row is None:
        return None
    cadence, depth = Cadence(row.cadence), Depth(row.depth)
    return Preferences(row.language, cadence, depth, filters_of(row.filters), *row[4:])


def put(tx: Transaction, subscription_id: int, wanted: Preferences) -> None:
    """Write what a subscription's reader wants; the reader is spoken to in that language, too."""
    done = tx.execute(
        update(subscription)
        .where(subscription.c.id == subscription_id)
        .values(
            profile=intern_profile(tx, wanted),
            cadence=wanted.cadence.value,
            hour=wanted.hour,
            zone=wanted.zone,
            paused_until=wanted.paused_until,
        )
        .returning(subscription.c.subscriber)
    ).fetchall()
    reader = subscriber.c.id.in_([row[0] for row in done])
    tx.execute(update(subscriber).where(reader).values(language=wanted.language))


def intern_profile(tx: Transaction, wanted: Preferences) -> int:
    """Return the number of the profile of some wishes, the same for the same."""
    values = {
        "filters": _written(wanted.filters),
        "language": wanted.language,
        "depth": wanted.depth.value,
    }
    its = [profile.c[name] == value for name, value in values.items()]
    found = tx.scalar(select(profile.c.id).where(*its))
    if found is None:
        insert_new(tx, profile, values)
        found = tx.scalar(select(profile.c.id).where(*its))
    assert found is not None
    return int(found)


def filters_of(text: str) -> Filters:
    """Read a profile's filters."""
    return Filters(**{name: tuple(chosen) for name, chosen in json.loads(text).items()})


def _written(filters: Filters) -> str:
    """Write filters in one form, whatever the order in which they were chosen."""
    lists = {
        "languages": sorted(filters.languages),
        "tags": sorted(filters.tags),
        "series": sorted(filters.series),
    }
    return json.dumps(
        {name: chosen for name, chosen in lists.items() if chosen},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
