"""Requests, their letters and their confirmation, on both databases; the pages are tried in tests/web/."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text

from syndicate.errors import TokenRefused
from syndicate.jobs import answer as answering
from syndicate.jobs import privacy
from syndicate.jobs.answer import Answered, answer, purge
from syndicate.jobs.confirm import confirm
from syndicate.jobs.deliver import CONNECTIONS
from syndicate.jobs.leave import unsubscribe
from syndicate.jobs.signup import Wish, network_of, sign_up
from syndicate.model import Cadence, Delivery, Depth, Letter, Preferences, Refused, silent
from syndicate.outbox.letters import may_have_one_more
from syndicate.outbox.turns import NETWORK, take
from syndicate.store import preferences, signups
from syndicate.store.database import Store
from syndicate.store.schema.every import metadata
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


@pytest.mark.parametrize(("before", "asked"), [(None, "tides"), ("tides", None), ("a", "tides")])
def test_who_comes_back_gets_what_was_asked_for_now(
    world: World, before: str | None, asked: str | None
) -> None:
    """A series alone where that was asked for; and no pause of before holds it up."""
    for series in (before, asked):
        wish = Wish("digest", "ann@example.com", "en", "192.0.2.1", "subscribe", "v1", "", series)
        sign_up(world.store, KEYS, wish, world.now, silent)
        letters(world)
        done = confirm(world.store, KEYS, number(world), "192.0.2.1", world.now, silent)
        letters(world)
        with world.store.write() as tx:
            wanted = preferences.get(tx, done.subscription_id)
            assert wanted is not None
            assert wanted.filters.series == ((series,) if series else ())
            assert wanted.paused_until is None
            pause = replace(wanted, paused_until=world.now + timedelta(days=9), depth=Depth.FULL)
            preferences.put(tx, done.subscription_id, pause)
            tx.execute(text("DELETE FROM signup"))
        assert wanted.depth is (Depth.SUMMARIES if series is before else Depth.FULL)
        unsubscribe(world.store, done.subscription_id, "web", world.now, silent)
        world.pass_time(days=2)


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


def test_two_who_answer_at_once_send_an_address_one_letter(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(world, "ann@example.com", "192.0.2.1")
    ask(world, "Ann@example.com", "198.51.100.1")
    monkeypatch.setattr(answering, "BATCH", 1)  # one request each
    start, thread = answering._answer, ThreadPoolExecutor(1)
    other = Future[Answered]()

    def later(*arguments: Any) -> Any:
        nonlocal other
        monkeypatch.setattr(answering, "_answer", start)
        other = thread.submit(answer, world.store, KEYS, ["digest"], world.now, silent)
        with suppress(TimeoutError):  # it waits for us, unless nothing holds it
            other.result(1)
        return start(*arguments)

    monkeypatch.setattr(answering, "_answer", later)
    ours, theirs = answer(world.store, KEYS, ["digest"], world.now, silent), other.result(30)
    assert ours.letters + theirs.letters == 1
    assert ours.dropped + theirs.dropped == 1


def test_two_first_requests_of_a_network_at_once_take_a_turn_each(world: World) -> None:
    name = "a network"
    with ThreadPoolExecutor(1) as thread, world.store.write() as tx:
        assert signups.taken(tx, name) in {None, datetime(1970, 1, 1, tzinfo=UTC)}

        def second() -> datetime | None:
            with world.store.write() as theirs:
                return signups.taken(theirs, name)

        found = thread.submit(second)
        signups.take_until(tx, name, world.now)
        with suppress(TimeoutError):  # it waits for us, unless nothing holds it
            found.result(1)
        tx.commit()
        assert found.result(30) == world.now


def test_nothing_but_a_keyed_hash_is_left_of_who_was_erased(world: World) -> None:
    """Every table is looked through: settings, replies of servers and evidence name a person, too."""
    who = "ann@example.com"
    ask(world, "Ann@Example.com")
    letters(world)
    done = confirm(world.store, KEYS, number(world), "192.0.2.1", world.now, silent)
    wished = Preferences("fr", Cadence.WEEKLY, hour=5, zone="Asia/Tokyo")
    with world.store.write() as tx:
        preferences.put(tx, done.subscription_id, wished)
    world.mouth.answers["Ann@example.com"] = [
        Refused("550 5.1.1 <ann@example.com> gone", 550, "address")
    ]
    letters(world)
    ask(world, "ANN@example.com")
    held = privacy.export(world.store, KEYS, who)
    assert [one["kind"] for one in held["suppression_history"]] == ["suppressed"]
    assert "<ann@" in held["suppression"]["evidence"]
    assert privacy.erase(world.store, KEYS, who, "", world.now, silent).known
    with world.store.read() as tx:
        rows = {one.name: tx.execute(select(one)).fetchall() for one in metadata.sorted_tables}
        assert preferences.get(tx, done.subscription_id) == Preferences("")
    assert "ann@" not in str(rows).lower()
    assert "Asia/Tokyo" not in str(rows)
    assert [row.language for row in rows["subscriber"]] == [""]
    assert {row.language for row in rows["consent"]} == {None}
    assert [one.reason for one in rows["suppression"]] == ["refused"]
    assert [(one.kind, one.reason) for one in rows["suppression_event"]] == [
        ("suppressed", "refused"),
        ("repeated", "erased"),
    ]


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


def test_turns_that_were_taken_by_a_clock_far_ahead_hold_up_nobody() -> None:
    _, taken = take(None, NETWORK, NOW + timedelta(days=300))
    assert take(taken, NETWORK, NOW) == (NOW, NOW + NETWORK.every)


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
