"""The buckets of limited lanes, and the claim that goes by them; what they mean is in outbox/lanes.py.

A letter whose lane has no token is given a turn: its `not_before` moves there, so that the queue
itself passes it over until then. No claim looks at the same waiting letters again and again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from syndicate.model import Outcome
from syndicate.outbox import lanes
from syndicate.outbox.lanes import Bucket, Pace, Way
from syndicate.store.activity import lately
from syndicate.store.database import Transaction
from syndicate.store.schema import delivery, lane
from syndicate.store.upsert import upsert

_LOOK = 256  # letters looked at together
_LOOKS = 16  # times a claim looks before it is content with few: one transaction stays short
_COLUMNS = (
    lane.c.name,
    lane.c.tokens,
    lane.c.updated,
    lane.c.rate,
    lane.c.ceiling,
    lane.c.burst,
    lane.c.learned,
    lane.c.turn,
    lane.c.slowed,
)
# Built once: it is asked with every group of letters.
_LIMITED = (
    select(*_COLUMNS)
    .where(lane.c.relay == bindparam("relay"))
    .order_by(lane.c.name)
    .with_for_update()
)
_POSTPONE = (
    update(delivery).where(delivery.c.id == bindparam("row")).values(not_before=bindparam("turn"))
)

Look = Callable[[int], Sequence[tuple[int, str]]]  # how many -> (letter, lane) in the queue's order


def load(tx: Transaction, way: Way, now: datetime) -> dict[str, Bucket]:
    """Return the limited lanes of a way, none in most cases; other senders wait for this transaction."""
    stored = {
        row.name: Bucket(
            row.tokens,
            row.updated,
            row.rate,
            row.ceiling,
            row.burst,
            learned=bool(row.learned),
            turn=row.turn,
            slowed=row.slowed,
        )
        for row in tx.execute(_LIMITED, {"relay": way.relay})
    }
    return lanes.current(stored, way, now) if stored or way.limits else {}


def pick(
    tx: Transaction, way: Way, pace: Pace, look: Look, room: int, now: datetime
) -> tuple[list[int], Pace]:
    """Choose up to `room` letters that may be claimed, and give the others that it met their turn.

    `look` names the first so many due letters, locked where others claim too. Returns the pace
    after it, which is saved.
    """
    chosen: list[int] = []
    after = pace
    for _ in range(_LOOKS):
        found = look(_LOOK + len(chosen))  # those chosen are not claimed yet, and come again
        waiting = [(letter, name) for letter, name in found if letter not in chosen]
        admission = lanes.admit(after, waiting, room - len(chosen), now)
        chosen += admission.leaving
        after = admission.pace
        if admission.later:
            tx.execute(_POSTPONE, [{"row": r, "turn": at} for r, at in admission.later.items()])
        if len(chosen) == room or len(waiting) < _LOOK:
            break
    save(tx, way, pace, after)
    return chosen, after


def learn(
    tx: Transaction, way: Way, pace: Pace, landed: Sequence[tuple[str, Outcome]], now: datetime
) -> Pace:
    """Slow and grow the lanes of letters that landed, given as (lane, outcome); save and return them."""
    new = lanes.newly_slow(pace, landed)
    after = lanes.learned(pace, landed, lately(tx, now).by_lane if new else {}, now)
    save(tx, way, pace, after)
    return after


def save(tx: Transaction, way: Way, before: Pace, after: Pace) -> None:
    """Write the buckets that differ; a lane that is free again leaves its row."""
    for name in sorted(before.keys() - after.keys()):
        tx.execute(delete(lane).where(lane.c.relay == way.relay, lane.c.name == name))
    for name in sorted(after):
        bucket = after[name]
        if bucket != before.get(name):
            values = {
                "relay": way.relay,
                "name": name,
                "tokens": bucket.tokens,
                "updated": bucket.updated,
                "rate": bucket.rate,
                "ceiling": bucket.ceiling,
                "burst": bucket.burst,
                "learned": int(bucket.learned),
                "turn": bucket.turn,
                "slowed": bucket.slowed,
            }
            upsert(tx, lane, values, ("relay", "name"))
