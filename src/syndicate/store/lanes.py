"""The buckets of limited lanes, and the claim that goes by them; what they mean is in outbox/lanes.py.

A letter whose lane has no token is given a turn: its `not_before` moves there, so that the queue
itself passes it over until then. No claim looks at the same waiting letters again and again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, update

from syndicate.model import Outcome
from syndicate.outbox import lanes
from syndicate.outbox.lanes import Bucket, Pace, Way
from syndicate.store.activity import lately
from syndicate.store.database import Transaction
from syndicate.store.schema.letters import delivery
from syndicate.store.schema.sending import lane
from syndicate.store.statement import Statement
from syndicate.store.types import from_micros
from syndicate.store.upsert import upsert

_LOOK = 256  # letters looked at together
_LOOKS = 16  # times a claim looks before it is content with few: one transaction stays short
_LIMITED = """
    SELECT name, tokens, updated, rate, ceiling, burst, learned, turn, slowed
    FROM lane WHERE relay = :relay ORDER BY name {lock}
"""
_LIMITED_ALONE = Statement(_LIMITED.format(lock=""))
_LIMITED_AMONG = Statement(_LIMITED.format(lock="FOR UPDATE"))
_POSTPONE = (
    update(delivery).where(delivery.c.id == bindparam("row")).values(not_before=bindparam("turn"))
)

Look = Callable[[int], Sequence[tuple[int, str]]]  # how many -> (letter, lane) in the queue's order


def load(tx: Transaction, way: Way, now: datetime) -> dict[str, Bucket]:
    """Return the limited lanes of a way, none in most cases; other senders wait for this transaction."""
    statement = _LIMITED_ALONE if tx.dialect.name == "sqlite" else _LIMITED_AMONG
    stored = {name: _bucket(*row) for name, *row in statement(tx, {"relay": way.relay})}
    return lanes.current(stored, way, now) if stored or way.limits else {}


def _bucket(
    tokens: float,
    updated: int,
    rate: float,
    ceiling: float,
    burst: float,
    learned: int,
    turn: int,
    slowed: int | None,
) -> Bucket:
    return Bucket(
        tokens,
        from_micros(updated),
        rate,
        ceiling,
        burst,
        learned=bool(learned),
        turn=from_micros(turn),
        slowed=None if slowed is None else from_micros(slowed),
    )


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
