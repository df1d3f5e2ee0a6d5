from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Accepted, Deferred, Outcome, Refused, Unknown
from syndicate.outbox import lanes
from syndicate.outbox.lanes import FLOOR, Bucket, Limit, Pace, Way
from tests.conftest import NOW

THROTTLED = Deferred("421 4.7.28 too fast", 421)
TAKEN = Accepted("250 ok")


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def configured(rate: float, burst: float = 1) -> dict[str, Bucket]:
    return lanes.current({}, Way("relay", {"docomo": Limit(rate, burst)}), NOW)


def test_a_free_lane_has_no_bucket_and_lets_everything_leave() -> None:
    assert lanes.current({}, Way("relay"), NOW) == {}
    admission = lanes.admit({}, [(n, "gmail") for n in range(50)], 16, NOW)
    assert admission.leaving == tuple(range(16))
    assert (admission.later, admission.pace) == ({}, {})


def test_what_finds_no_token_is_given_its_turn_and_others_leave_before_it() -> None:
    waiting = [(1, "docomo"), (2, "docomo"), (3, "docomo"), (4, "gmail"), (5, "gmail")]
    admission = lanes.admit(configured(2), waiting, 3, NOW)
    assert admission.leaving == (1, 4, 5)
    assert admission.later == {2: later(0.5), 3: later(1.0)}


def test_turns_are_not_given_twice_and_not_far_ahead() -> None:
    first = lanes.admit(configured(0.5), [(n, "docomo") for n in range(400)], 16, NOW)
    turns = list(first.later.values())
    assert turns[:3] == [later(2), later(4), later(6)]
    assert max(turns) == later(600)
    second = lanes.admit(first.pace, [(500, "docomo")], 16, NOW)
    assert second.later[500] == later(600)


@given(
    st.floats(0.2, 50),
    st.integers(1, 20),
    st.lists(st.sampled_from(["docomo", "gmail"]), min_size=1, max_size=120),
    st.integers(1, 16),
)
def test_a_limited_lane_keeps_its_rate_and_in_the_end_everything_leaves(
    rate: float, burst: int, queue: list[str], room: int
) -> None:
    pace: Pace = configured(rate, burst)
    due = dict.fromkeys(range(len(queue)), NOW)
    left: list[tuple[float, str]] = []
    now, steps = NOW, 0
    while due:
        waiting = [(n, queue[n]) for n in sorted(due, key=lambda n: (due[n], n)) if due[n] <= now]
        admission = lanes.admit(pace, waiting, room, now)
        pace = admission.pace
        due.update(admission.later)
        for number in admission.leaving:
            del due[number]
            left.append(((now - NOW).total_seconds(), queue[number]))
        if due:
            now = max(now + timedelta(milliseconds=1), min(due.values()))
        steps += 1
        assert steps < 20 * len(queue) + 20, "letters are looked at again and again"
    times = [at for at, lane in left if lane == "docomo"]
    assert Counter(lane for _, lane in left) == Counter(queue)
    for n, at in enumerate(times):
        assert n + 1 <= burst + rate * at + 1e-3
    if times:
        assert times[-1] <= len(times) / rate + 1


@pytest.mark.parametrize(
    ("outcome", "slows"),
    [
        (THROTTLED, True),
        (Deferred("421 try later", 421), True),
        (Deferred("mx.example:25, connect: 421 too many connections", 421), True),
        (Deferred("450 4.7.1 rate limited", 450), True),
        (Deferred("451 4.7.500 server busy", 451), True),
        (Deferred("450 4.7.1 Greylisted, come again", 450), False),
        (Deferred("450 4.2.0 greylisting in action", 450), False),
        (Deferred("452 4.2.2 mailbox full", 452), False),
        (Deferred("450 4.71.1 odd", 450), False),
        (Deferred("the connection was lost"), False),
        (Refused("550 5.7.1 no", 550, "message"), False),
        (Unknown("lost"), False),
        (TAKEN, False),
    ],
)
def test_421_and_4_7_x_ask_to_slow_and_greylisting_does_not(outcome: Outcome, slows: bool) -> None:
    assert lanes.asks_to_slow(outcome) is slows


def test_the_first_slowing_halves_the_rate_of_late() -> None:
    landed: list[tuple[str, Outcome]] = [("gmail", THROTTLED), ("other", TAKEN)]
    assert lanes.newly_slow({}, landed) == {"gmail"}
    pace = lanes.learned({}, landed, {"gmail": 40.0}, NOW)
    assert list(pace) == ["gmail"]
    assert (pace["gmail"].rate, pace["gmail"].tokens) == (20, 0)


def test_replies_that_come_together_slow_once_and_later_ones_down_to_the_floor() -> None:
    pace = lanes.learned({}, [("gmail", THROTTLED)] * 16, {"gmail": 40.0}, NOW)
    assert pace["gmail"].rate == 20
    pace = lanes.learned(pace, [("gmail", THROTTLED)], {}, later(9))
    assert pace["gmail"].rate == 20
    for n in range(1, 30):
        pace = lanes.learned(pace, [("gmail", THROTTLED)], {}, later(10 * n))
    assert pace["gmail"].rate == FLOOR


def test_a_lane_that_never_ran_is_slowed_too() -> None:
    pace = lanes.learned({}, [("gmail", THROTTLED)], {}, NOW)
    assert pace["gmail"].rate == 10
    assert lanes.learned(pace, [("gmail", TAKEN)], {}, NOW)["gmail"].rate > 10


def test_a_slowed_lane_doubles_within_a_minute_and_is_free_again_at_its_old_speed() -> None:
    pace = lanes.learned({}, [("gmail", THROTTLED)], {"gmail": 40.0}, NOW)
    seconds = 0
    while "gmail" in pace:
        seconds += 1
        accepted = [("gmail", TAKEN)] * round(pace["gmail"].rate)
        pace = lanes.learned(pace, accepted, {}, later(seconds))
    assert 30 < seconds < 60


def test_a_configured_lane_is_slowed_and_grows_no_further_than_its_limit() -> None:
    way = Way("relay", {"docomo": Limit(4, 4)})
    pace = lanes.learned(lanes.current({}, way, NOW), [("docomo", THROTTLED)], {}, NOW)
    assert pace["docomo"].rate == 2
    assert lanes.current(pace, way, later(1))["docomo"].rate == 2
    pace = lanes.learned(pace, [("docomo", TAKEN)] * 10_000, {}, later(100))
    assert pace["docomo"].rate == 4


def test_a_limit_that_is_changed_or_taken_away_counts_at_once() -> None:
    stored = configured(4)
    assert lanes.current(stored, Way("relay"), NOW) == {}
    assert lanes.current(stored, Way("relay", {"docomo": Limit(9, 9)}), NOW)["docomo"].rate == 9
    assert lanes.current(stored, Way("relay", {"docomo": Limit(1, 1)}), NOW)["docomo"].rate == 1


def test_a_clock_that_runs_back_gives_no_tokens_and_takes_none() -> None:
    (bucket,) = configured(5, burst=5).values()
    assert bucket.at(later(-100)).tokens == 5
