from datetime import date

import pytest

from syndicate.jobs import evidence, leave
from syndicate.jobs.stats import Day, Place, Sent, tell_stats
from syndicate.model import Refused, Terms, Unknown, silent
from syndicate.store import subscribers
from syndicate.store.database import Store
from tests.world import World


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_each_day_says_who_came_and_went_and_what_was_sent(world: World) -> None:
    world.publish("one")
    world.join("a@example.com", "b@example.com", "bad@example.com")
    world.mouth.answers["bad@example.com"] = [Refused("550 5.1.1 no such user", 550, "address")]
    world.cut()
    world.send()
    world.pass_time(days=1)
    leave.unsubscribe(world.store, 1, "web", world.now, silent)
    with world.store.write() as tx:
        terms = Terms("embed", "v", "en", "text")
        subscribers.record_consent(tx, 2, "asked", "web", "", world.now, terms)
        subscribers.record_consent(tx, 2, "confirmed", "web", "", world.now, terms)
    found = tell_stats(world.store, "Asia/Tokyo", 3, world.now)
    assert found.days == (
        Day(date(2026, 11, 22), 0, 0, 0, 0, 0),
        Day(date(2026, 11, 23), 3, 0, 0, 1, 2),
        Day(date(2026, 11, 24), 1, 1, 1, 0, 0),
    )
    assert found.newsletters == {"digest": found.days}
    assert found.forms == (Place("embed", 1, 1), Place("test", 0, 3))
    assert found.editions == (Sent("digest/1", 2, 1, 1, 0),)
    assert "example.com" not in str(found)
    assert tell_stats(world.store, "Asia/Tokyo", 3, world.now, "digest") == found
    other = tell_stats(world.store, "Asia/Tokyo", 3, world.now, "weekly")
    assert (other.forms, other.editions) == ((), ())
    assert {one.joined + one.left + one.bounced + one.sent for one in other.days} == {0}


def test_a_letter_that_was_sent_once_more_counts_once(world: World) -> None:
    world.publish("one")
    world.join("a@example.com", "b@example.com")
    world.mouth.answers["a@example.com"] = [Unknown("timed out")]
    world.mouth.answers["b@example.com"] = [Unknown("timed out"), Unknown("timed out again")]
    edition = world.cut().edition
    world.send()
    assert edition is not None
    (before,) = tell_stats(world.store, "UTC", 2, world.now).editions
    evidence.resend(world.store, edition, lambda key, _: key, world.now, silent, yes=True)
    world.pass_time(days=1)
    world.send()
    found = tell_stats(world.store, "UTC", 2, world.now)
    assert (before, found.editions) == (
        Sent("digest/1", 0, 0, 0, 2),
        (Sent("digest/1", 1, 0, 0, 1),),
    )
    assert [one.sent for one in found.days] == [0, 1]


def test_days_begin_at_the_midnight_of_the_zone(world: World) -> None:
    world.join("a@example.com")  # 06:00 UTC on the 23rd
    (one,) = tell_stats(world.store, "Pacific/Honolulu", 1, world.now).days
    assert (one.day, one.joined) == (date(2026, 11, 22), 1)
