from datetime import timedelta

from syndicate.cli.course import Course, course_line
from syndicate.cli.deliver import waiting
from syndicate.model import Event
from tests.conftest import NOW


class Timer:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def tell(course: Course, kind: str, lane: str, times: int = 1) -> None:
    for _ in range(times):
        course.tell(Event(f"delivery.{kind}", {"lane": lane}))


def test_letters_are_counted_by_what_became_of_them_and_by_provider() -> None:
    timer = Timer()
    course = Course(100, timer)
    tell(course, "sent", "gmail", 6)
    tell(course, "deferred", "d-123456789abc", 3)
    tell(course, "sent", "d-123456789abc", 3)
    tell(course, "failed", "d-ffffffffffff")
    course.tell(Event("edition.done", {"edition": "digest/1"}))
    timer.now += 4
    assert (course.done, course.deferred) == (10, 3)
    assert course.record() == {
        "seconds": 4,
        "rate": 2.5,
        "groups": {
            "other": {"sent": 3, "failed": 1, "unknown": 0, "deferred": 3},
            "gmail": {"sent": 6, "failed": 0, "unknown": 0, "deferred": 0},
        },
    }


def test_the_speed_is_of_the_last_seconds_and_says_what_is_left() -> None:
    timer = Timer()
    course = Course(1000, timer)
    assert (course.speed(), course.left()) == (0, None)
    for _ in range(20):
        timer.now += 1
        tell(course, "sent", "gmail", 10)
        course.speed()
    for _ in range(20):
        timer.now += 1
        tell(course, "sent", "gmail", 20)
        course.speed()
    assert course.speed() == 20
    assert course.left() == 20
    line = course_line(course).plain
    assert line == "600 of 1000 letters · 20.0 a second · deferred 0 · 0:00:20 left\ngmail 600"


def test_a_letter_whose_time_has_come_is_due_now() -> None:
    assert waiting(2, NOW, NOW - timedelta(1)).endswith(f"the next is due at {NOW:%H:%M:%S} UTC")
    assert waiting(1, NOW, NOW) == "1 letter waits; the next is due now: syndicate deliver"
