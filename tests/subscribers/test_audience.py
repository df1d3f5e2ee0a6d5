from dataclasses import replace

import pytest

from syndicate.jobs.explain import explain_delivery
from syndicate.model import Newsletter
from syndicate.store import editions
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.world import DIGEST, KEYS, World

LATER = replace(DIGEST, joined_since=NOW.date().replace(day=24))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def sent(world: World, newsletter: Newsletter) -> list[str]:
    world.cut(newsletter=newsletter)
    before = len(world.mouth.taken)
    world.send()
    world.finish()
    return sorted(letter.recipient for letter in world.mouth.taken[before:])


def test_a_newsletter_goes_to_those_alone_who_joined_on_a_day_or_later(world: World) -> None:
    world.join("early@example.com")
    world.pass_time(days=1)
    world.join("late@example.com")
    world.publish("one")
    assert sent(world, LATER) == ["late@example.com"]
    with world.store.read() as tx:
        edition = editions.get(tx, 1)
    reason = explain_delivery(world.store, KEYS, LATER, edition, "early@example.com")
    assert reason.code == "joined-too-early"
    assert "joined_since" in reason.text


def test_who_was_left_out_gets_what_was_missed_once_the_newsletter_is_for_all(world: World) -> None:
    world.join("early@example.com")
    world.pass_time(days=1)
    world.publish("one")
    assert sent(world, LATER) == []
    world.pass_time(days=1)
    assert sent(world, DIGEST) == ["early@example.com"]
