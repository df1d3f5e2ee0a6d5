"""When what waits becomes news."""

from datetime import timedelta

from msgspec.structs import replace

from syndicate.digests.settling import Waiting, mailable, next_time
from syndicate.model import NewsKind
from tests.conftest import NOW

HOUR, NONE = timedelta(hours=1), timedelta(0)


def alone(number: int, hours: int, kind: NewsKind = NewsKind.NEW) -> Waiting:
    return Waiting(number, kind, NOW - hours * HOUR)


def part(number: int, hours: int, *, incomplete: bool = True) -> Waiting:
    return Waiting(number, NewsKind.NEW, NOW - hours * HOUR, 7, number, incomplete)


def ready(*waiting: Waiting, settle: timedelta = NONE, hold: timedelta = NONE) -> list[int]:
    return [one.article_id for one in mailable(waiting, settle, hold, NOW)]


def test_nothing_waits_where_nothing_is_set() -> None:
    assert ready(alone(1, 0), part(2, 0)) == [2, 1]


def test_an_article_settles_first() -> None:
    assert ready(alone(1, 0), alone(2, 1), alone(3, 2), settle=HOUR) == [2, 3]


def test_a_series_is_held_until_its_rest_is_there() -> None:
    assert ready(part(1, 3), part(2, 1), alone(9, 0), hold=4 * HOUR) == [9]
    complete = (part(2, 0, incomplete=False), part(1, 3, incomplete=False))
    assert ready(*complete, hold=4 * HOUR) == [1, 2]


def test_a_series_whose_rest_does_not_come_in_time_goes_together() -> None:
    assert ready(part(1, 4), part(2, 1), hold=4 * HOUR) == [1, 2]


def test_a_correction_is_held_by_no_series() -> None:
    changed = Waiting(1, NewsKind.CORRECTED, NOW, 7, 1, incomplete=True)
    assert ready(changed, hold=HOUR) == [1]


def test_what_has_no_page_just_now_is_no_news_and_opens_no_series() -> None:
    gone = replace(part(1, 9), lost=True)
    assert ready(gone, part(2, 1), alone(9, 0), hold=4 * HOUR) == [9]
    assert next_time([gone], HOUR, HOUR) is None


def test_the_next_time_is_told() -> None:
    assert next_time([], HOUR, HOUR) is None
    assert next_time([alone(1, 0), part(2, 1)], HOUR, 4 * HOUR) == NOW + HOUR
    assert next_time([part(2, 1)], HOUR, 4 * HOUR) == NOW + 3 * HOUR
