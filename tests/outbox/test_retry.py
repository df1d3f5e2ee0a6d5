"""Decisions after an attempt."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import (
    Accepted,
    Deferred,
    Delivery,
    DeliveryState,
    Done,
    Outcome,
    Refused,
    Retry,
    Unknown,
)
from syndicate.outbox.retry import RetryPolicy, decide

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
POLICY = RetryPolicy()
FIRST = Delivery(
    id=1,
    key="e:1:1",
    fence=1,
    edition_id=1,
    variant_id=1,
    subscription_id=1,
    upto_seq=1,
    lane="other",
    address="reader@example.com",
    address_key=b"",
    attempts=0,
    first_try=NOW,
    dated=NOW,
)
BUSY = Deferred("451 busy", 451)


@pytest.mark.parametrize(
    ("outcome", "done"),
    [
        (Accepted("250 ok"), Done(DeliveryState.SENT, "250 ok")),
        (Unknown("lost"), Done(DeliveryState.UNKNOWN, "lost")),
        (Refused("550 no", 550, "address"), Done(DeliveryState.FAILED, "550 no", "address")),
        (Refused("554 no", 554, "message"), Done(DeliveryState.FAILED, "554 no", "message")),
    ],
    ids=["accepted", "unknown", "address", "message"],
)
def test_an_outcome_that_ends_the_row(outcome: Outcome, done: Done) -> None:
    assert decide(FIRST, outcome, NOW, POLICY, 0.0) == done


def test_waits_grow_and_then_are_hourly_until_a_day_after_the_first_attempt() -> None:
    delivery, now, waits = FIRST, NOW, []
    while isinstance(decision := decide(delivery, BUSY, now, POLICY, 0.0), Retry):
        waits.append((decision.at - now) / timedelta(minutes=1))
        delivery = delivery._replace(attempts=delivery.attempts + 1)
        now = decision.at
    assert waits == [0.5, 2, 5, 15, 30] + [60] * 23
    assert decision == Done(DeliveryState.FAILED, "451 busy")


@pytest.mark.parametrize(
    "outcome",
    [
        Refused("535 wrong password", 535, "us"),
        Deferred("mx.example:25, connect: refused", unheard=True),
    ],
)
def test_what_nobody_heard_of_is_no_attempt_however_long_it_lasts(outcome: Outcome) -> None:
    delivery = FIRST._replace(attempts=99, first_try=NOW - timedelta(days=9))
    decision = Retry(NOW + timedelta(hours=1), outcome.reply, counts=False)
    assert decide(delivery, outcome, NOW, POLICY, 0.0) == decision


def test_jitter_moves_a_wait_by_a_fifth_either_way() -> None:
    at = [decide(FIRST, BUSY, NOW, POLICY, jitter) for jitter in (-1.0, 1.0)]
    assert at == [
        Retry(NOW + timedelta(seconds=24), "451 busy"),
        Retry(NOW + timedelta(seconds=36), "451 busy"),
    ]


@given(st.integers(0, 10**6), st.timedeltas(timedelta(0), timedelta(days=30)), st.floats(-1, 1))
def test_no_attempt_is_later_than_a_day_after_the_first(
    attempts: int, age: timedelta, jitter: float
) -> None:
    delivery = FIRST._replace(attempts=attempts, first_try=NOW - age)
    decision = decide(delivery, BUSY, NOW, POLICY, jitter)
    if isinstance(decision, Retry):
        assert NOW < decision.at <= NOW - age + POLICY.give_up
    else:
        assert decision.state is DeliveryState.FAILED
        assert decision.blames is None
