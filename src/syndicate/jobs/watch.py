"""How sending stands, read from the store: the same answer whichever process sends."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from syndicate.jobs.recover import anyone_sends
from syndicate.model import DeliveryState, EditionState
from syndicate.outbox.domains import shown
from syndicate.store import activity, control, hot
from syndicate.store.activity import DEFERRED, Attempt
from syndicate.store.database import Store

_LEAST_RATE = 0.05  # letters a second: what is slower tells nothing of the time that is left


class Standing(Struct, frozen=True):
    """An unfinished edition, in letters. `pending` were never tried, `deferred` wait to be tried again.

    frozen = sent + failed + unknown + cancelled + deferred + pending + under_way; `groups` holds the
    same by provider.
    """

    edition: str
    state: str
    frozen: int
    sent: int
    failed: int
    unknown: int
    cancelled: int
    deferred: int
    pending: int
    under_way: int
    groups: Mapping[str, Mapping[str, int]]


class Status(Struct, frozen=True):
    """Unfinished editions, the speed of the last minute (letters a second), and what is left.

    `waiting` are letters that may leave, `held` those that a pause holds back; `left_seconds` is None
    while next to nothing is sent. `limited` are lanes that may not go as fast as they can, with letters
    a second. `alive` is whether a process may be there that sends; the speed of one that is not is 0.
    `of_no_edition` are the tests and answers to requests that wait. `last` is the last attempt, where it
    was in vain, letters wait and next to nothing is sent.
    """

    editions: tuple[Standing, ...]
    rate: float
    waiting: int
    left_seconds: float | None
    next_due: datetime | None
    limited: Mapping[str, float]
    held: int = 0
    alive: bool = True
    of_no_edition: int = 0
    last: Attempt | None = None


def watch(store: Store, now: datetime) -> Status:
    """Read how sending stands."""
    with store.read() as tx:
        found = [
            (one.edition, activity.by_lane(tx, one.edition.id)) for one in activity.sending(tx)
        ]
        alive = anyone_sends(tx)
        rate, due = activity.lately(tx, now).rate if alive else 0.0, hot.next_due(tx)
        limited, halted = activity.limited(tx), control.all_paused(tx) is not None
        alone, last = activity.of_no_edition(tx), activity.last_attempt(tx)
    editions = tuple(_standing(one.name, one.state, lanes) for one, lanes in found)
    left = {True: 0, False: 0}  # letters, by whether they are held back
    for one in editions:
        left[halted or one.state == EditionState.PAUSED] += one.pending + one.deferred
    waiting, held = left[False], left[True]
    slowest: dict[str, float] = {}
    for lane, allowed in limited.items():
        slowest[shown(lane)] = min(allowed, slowest.get(shown(lane), allowed))
    moves = rate >= _LEAST_RATE
    seconds = waiting / rate if moves else None
    in_vain = last and last.came_to != DeliveryState.SENT and not moves and (waiting or alone)
    told = last if in_vain else None
    return Status(editions, rate, waiting, seconds, due, slowest, held, alive, alone, told)


def _standing(name: str, state: str, lanes: Mapping[str, Mapping[str, int]]) -> Standing:
    groups: dict[str, dict[str, int]] = {}
    for lane, counts in lanes.items():
        group = groups.setdefault(shown(lane), dict.fromkeys(_KINDS, 0))
        for found, number in counts.items():
            group[_UNDER_WAY.get(found, found)] += number
    whole = {kind: sum(group[kind] for group in groups.values()) for kind in _KINDS}
    ordered = dict(sorted(groups.items(), key=lambda item: (-sum(item[1].values()), item[0])))
    return Standing(name, str(state), sum(whole.values()), **whole, groups=ordered)


_KINDS = (
    DeliveryState.SENT.value,
    DeliveryState.FAILED.value,
    DeliveryState.UNKNOWN.value,
    DeliveryState.CANCELLED.value,
    DEFERRED,
    DeliveryState.PENDING.value,
    "under_way",
)
_UNDER_WAY = {DeliveryState.SENDING.value: "under_way"}
