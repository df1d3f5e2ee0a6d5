"""Requests, their letters and their confirmation, on both databases; the pages are tried in tests/web/."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from syndicate.errors import TokenRefused
from syndicate.jobs import privacy
from syndicate.jobs.answer import answer, purge
from syndicate.jobs.confirm import confirm
from syndicate.jobs.deliver import CONNECTIONS
from syndicate.jobs.leave import unsubscribe
from syndicate.jobs.signup import Wish, network_of, sign_up
from syndicate.model import Delivery, Letter, silent
from syndicate.outbox.letters import may_have_one_more
from syndicate.outbox.turns import NETWORK, take
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.world import DIGEST, KEYS, World


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def ask(world: World, address: str, network: str = "192.0.2.1") -> None:
    wish = Wish("digest", address, "en", network, "subscribe", "v1", "You agree.")
    sign_up(world.store, KEYS, wish, world.now, silent)


def letters(world: World) -> list[str]:
    """Answer what is due and send it; the keys' prefixes and recipients of what left."""
    answer(world.store, KEYS, ["digest"], world.now, silent)
    before = len(world.mouth.taken)
    world.send(compose=letter)
    return [f"{one.key[0]} {one.recipient}" for one in world.mouth.taken[before:]]


def letter(row: Delivery) -> Letter:
    return Letter(row.key, "from@example.com", row.address, (b"x",))


def number(world: World, state: str = "sent") -> int:
    with world.store.read() as tx:
        found = tx.scalar(text("SELECT id FROM signup WHERE state = :state"), {"state": state})
    assert found is not None
    return int(found)


def test_a_request_is_answered_confirmed_once_and_greeted(world: World) -> None:
    ask(world, "ann@example.com")
    assert letters(world) == ["c ann@example.com"]
    request = number(world)
    first = confirm(world.store, KEYS, request, "192.0.2.1", world.now, silent)
    assert confirm(world.store, KEYS, request, "192.0.2.1", world.now, silent) == first
    assert letters(world) == ["w ann@example.com"]
    assert letters(world) == []
    ask(world, "ann@example.com")
    assert letters(world) == []  # one a day
    world.pass_time(days=1, minutes=1)
    ask(world, "ann@example.com")
    assert letters(world) == ["c ann@example.com"]  # which says that she reads it already


def test_who_leaves_before_the_welcome_left_gets_none(world: World) -> None:
    ask(world, "ann@example.com")
    letters(world)
    done = confirm(world.store, KEYS, number(world), "192.0.2.1", world.now, silent)
    answer(world.store, KEYS, ["digest"], world.now, silent)
    unsubscribe(world.store, done.subscription_id, "web", world.now, silent)
    assert letters(world) == []


def test_letters_that_answer_go_with_the_first_group_before_those_of_editions(world: World) -> None:
    world.join(*(f"r{n}@example.com" for n in range(60)))
    world.publish("one")
    world.cut()
    ask(world, "new@example.com")
    assert letters(world).index("c new@example.com") < CONNECTIONS


def test_a_letter_that_answers_waits_while_all_sending_is_held(world: World) -> None:
    from syndicate.store import control

    ask(world, "ann@example.com")
    with world.store.write() as tx:
        control.pause_all(tx, world.now)
    assert letters(world) == []
    with world.store.write() as tx:
        control.resume_all(tx)
    assert letters(world) == ["c ann@example.com"]


def test_who_is_erased_before_the_letter_left_gets_none(world: World) -> None:
    ask(world, "ann@example.com")
    answer(world.store, KEYS, ["digest"], world.now, silent)
    privacy.erase(world.store, KEYS, "ann@example.com", "", world.now, silent)
    assert letters(world) == []
    with world.store.read() as tx:
        assert tx.scalar(text("SELECT COUNT(*) FROM signup")) == 0
        assert tx.scalar(text("SELECT reason FROM delivery")) in {"expired", "suppressed"}


def test_a_request_for_a_newsletter_that_is_gone_is_answered_by_nothing(world: World) -> None:
    ask(world, "ann@example.com")
    assert answer(world.store, KEYS, [], world.now, silent).dropped == 1


def test_a_request_that_was_purged_cannot_be_confirmed(world: World) -> None:
    ask(world, "ann@example.com")
    letters(world)
    request = number(world)
    world.pass_time(days=7)
    assert purge(world.store, world.now, silent) == 1
    with pytest.raises(TokenRefused, match="expired"):
        confirm(world.store, KEYS, request, "192.0.2.1", world.now, silent)


def test_a_new_reader_gets_what_is_new_from_then_on(world: World) -> None:
    world.join("old@example.com")
    world.publish("one")
    world.cut()
    ask(world, "new@example.com")
    letters(world)
    confirm(world.store, KEYS, number(world), "192.0.2.1", world.now, silent)
    world.publish("two")
    world.finish()
    world.cut(newsletter=DIGEST)
    assert sorted(letters(world)) == ["e new@example.com", "e old@example.com", "w new@example.com"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_addresses_of_one_network_count_together(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_bucket_lets_a_burst_through_and_the_rest_in_turn() -> None:
    taken, turns = None, []
    for _ in range(NETWORK.burst + 2):
        turn, taken = take(taken, NETWORK, NOW)
        turns.append(turn)
    assert turns == [NOW] * NETWORK.burst + [NOW + NETWORK.every, NOW + 2 * NETWORK.every]
    later = NOW + timedelta(days=1)
    assert take(taken, NETWORK, later)[0] == later


@pytest.mark.parametrize(
    ("ages", "may"),
    [
        ([], True),
        ([timedelta(hours=23)], False),
        ([timedelta(hours=25)], True),
        ([timedelta(days=2), timedelta(days=4), timedelta(days=29)], False),
        ([timedelta(days=2), timedelta(days=4), timedelta(days=31)], True),
    ],
)
def test_one_letter_a_day_and_three_in_thirty_days(ages: list[timedelta], *, may: bool) -> None:
    assert may_have_one_more([NOW - age for age in ages], NOW) is may
