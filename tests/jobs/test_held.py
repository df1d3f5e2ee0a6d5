"""Readers whose letters fail again and again, and newsletters that send once more (DELIVERY.md)."""

from datetime import timedelta
from typing import Literal

import pytest
from msgspec.structs import replace

from syndicate.jobs.finish import finish
from syndicate.jobs.readers import free
from syndicate.model import EditionState, Outcome, Refused, Unknown, silent
from syndicate.store import editions, readers
from syndicate.store.database import Store
from tests.ledger.editions import move
from tests.news.paper import Paper
from tests.world import DIGEST, KEYS, World

CONTENT = Refused("554 5.6.0 not this message", 554, "message")


@pytest.fixture
def world(store: Store) -> World:
    """Three readers; a is refused every message."""
    made = World(store)
    made.join("a@example.com", "b@example.com", "c@example.com")
    return made


def mail(world: World, title: str, *outcomes: Outcome) -> int:
    """Publish and send an edition; a@ gets these replies. How many letters it has."""
    world.publish(title)
    world.mouth.answers["a@example.com"] = list(outcomes)
    letters = world.cut().letters
    world.send()
    finish(world.store, [DIGEST], "v1", world.now, silent)
    world.pass_time(days=1)
    return letters


def held(world: World) -> int:
    with world.store.read() as tx:
        return readers.held(tx)


def taken(world: World, address: str) -> int:
    return sum(one.recipient == address for one in world.mouth.taken)


def test_three_failed_in_a_row_hold_a_reader_until_freed(world: World) -> None:
    for number in range(3):
        assert held(world) == 0
        assert mail(world, f"part {number}", CONTENT) == 3
    assert held(world) == 1
    assert mail(world, "part 3") == 2
    assert free(world.store, KEYS, "a@example.com", None, silent, skip=False) == ("digest",)
    assert free(world.store, KEYS, "a@example.com", None, silent, skip=False) == ()
    assert mail(world, "part 4") == 3
    assert taken(world, "a@example.com") == 1
    assert taken(world, "b@example.com") == 5


def test_a_letter_that_is_sent_ends_the_row(world: World) -> None:
    for number in range(6):
        mail(world, f"part {number}", *((CONTENT,) if number % 3 else ()))
    assert held(world) == 0


def test_a_correction_that_is_sent_ends_the_row(store: Store) -> None:
    paper = Paper(store)
    paper.join("a@example.com")
    paper.write("one")
    first = paper.mail().edition
    assert first
    for title in ("two", "three"):
        mail(paper, title, CONTENT)
    paper.edit("one", "Otherwise.")
    assert paper.issue(recipients=first.id).letters == 1
    paper.send()
    mail(paper, "four", CONTENT)
    assert held(paper) == 0


def test_who_moves_to_another_address_is_held_no_more(world: World) -> None:
    for number in range(3):
        mail(world, f"part {number}", CONTENT)
    assert held(world) == 1
    move(world, 1, "new@example.com")
    assert held(world) == 0
    assert mail(world, "part 3") == 3
    assert taken(world, "new@example.com") == 1


def test_freed_with_skip_the_news_until_now_are_passed_over(world: World) -> None:
    for number in range(3):
        mail(world, f"part {number}", CONTENT)
    free(world.store, KEYS, "a@example.com", "digest", silent, skip=True)
    with world.store.read() as tx:
        assert readers.held(tx) == 0
    assert world.cut().letters == 0
    assert mail(world, "new") == 3


@pytest.mark.parametrize(("policy", "copies"), [("hold", 1), ("resend", 2)])
def test_what_may_have_arrived_is_held_or_sent_once_more_and_only_once(
    world: World, policy: Literal["hold", "resend"], copies: int
) -> None:
    newsletter = replace(DIGEST, unknown=policy)
    world.publish("one")
    world.mouth.answers["a@example.com"] = [Unknown("lost"), Unknown("lost"), Unknown("lost")]
    world.cut()
    for _ in range(4):
        world.send()
        finish(world.store, [newsletter], "v1", world.now, silent)
        world.now += timedelta(hours=1)
    assert 3 - len(world.mouth.answers["a@example.com"]) == copies
    with world.store.read() as tx:
        assert editions.get(tx, 1).state is EditionState.DONE
        assert editions.tally(tx, 1)["unknown"] == 1
