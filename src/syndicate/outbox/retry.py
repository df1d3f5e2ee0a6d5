"""What becomes of a letter after an attempt (DELIVERY.md, "The ledger")."""

from datetime import datetime, timedelta
from typing import assert_never

from msgspec import Struct

from syndicate.model import (
    Accepted,
    Decision,
    Deferred,
    Delivery,
    DeliveryState,
    Done,
    GivenBack,
    Outcome,
    Refused,
    Retry,
    Unknown,
)


class RetryPolicy(Struct, frozen=True):
    """How long to wait before each further attempt; the last of `waits` repeats.

    `spread` is the part of a wait that jitter moves it by, so that letters which were deferred
    together do not come back together. No attempt is later than `give_up` after the first.
    """

    waits: tuple[timedelta, ...] = (
        timedelta(seconds=30),
        *(timedelta(minutes=minutes) for minutes in (2, 5, 15, 30, 60)),
    )
    spread: float = 0.2
    give_up: timedelta = timedelta(hours=24)


def decide(
    delivery: Delivery, outcome: Outcome, now: datetime, policy: RetryPolicy, jitter: float
) -> Decision:
    """Say how a row ends, or when it is tried again.

    `jitter` is a random number in [-1, 1]. That a row which was ever unknown ends no other way than
    sent is the store's rule, and not known here.
    """
    match outcome:
        case Accepted(reply):
            return Done(DeliveryState.SENT, reply)
        case Unknown(reply):
            return Done(DeliveryState.UNKNOWN, reply)
        case GivenBack(reply) | Refused(reply, _, "us") | Deferred(reply, _, True):
            # Our own fault must cost no reader a letter, however long its repair takes.
            at = now if isinstance(outcome, GivenBack) else _again(delivery, now, policy, jitter)
            return Retry(at, reply, counts=False)
        case Refused(reply, _, blames):
            return Done(
                DeliveryState.FAILED, reply, "address" if blames == "address" else "message"
            )
        case Deferred(reply):
            at = _again(delivery, now, policy, jitter)
            if at - delivery.first_try > policy.give_up:
                return Done(DeliveryState.FAILED, reply)
            return Retry(at, reply)
        case _:
            assert_never(outcome)


def _again(delivery: Delivery, now: datetime, policy: RetryPolicy, jitter: float) -> datetime:
    wait = policy.waits[min(delivery.attempts, len(policy.waits) - 1)]
    return now + wait * (1 + policy.spread * jitter)
