import socket
from datetime import datetime
from threading import Event as Signal
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from syndicate.delivery import smtp
from syndicate.delivery.session import SmtpSettings
from syndicate.delivery.smtp import SmtpTransport
from syndicate.digests.error import DigestError
from syndicate.jobs.answer import answer
from syndicate.jobs.deliver import CONNECTIONS, deliver
from syndicate.jobs.recover import LEASE
from syndicate.jobs.signup import Wish, sign_up
from syndicate.model import (
    Accepted,
    Deferred,
    Delivery,
    DeliveryState,
    Done,
    Event,
    Letter,
    Outcome,
    Refused,
    Unknown,
    silent,
)
from syndicate.store import editions, hot, ledger
from syndicate.store.database import Store, Transaction
from syndicate.store.hot import Sender
from tests.world import KEYS, Mouth, World, letter_of


@pytest.fixture
def world(store: Store) -> World:
    made = World(store)
    made.join("a@example.com", "b@example.com", "c@example.com")
    made.publish("one")
    made.cut()
    return made


def tally(world: World) -> dict[str, int]:
    with world.store.read() as tx:
        return {state: count for state, count in editions.tally(tx, 1).items() if count}


def cursor(world: World, subscription: int) -> int:
    with world.store.read() as tx:
        query = text("SELECT cursor FROM subscription WHERE id = :id")
        return int(tx.scalar(query, {"id": subscription}) or 0)


def raising(*_arguments: object) -> list[tuple[int, Outcome]]:
    raise RuntimeError


def claim(world: World, fence: int = 1, limit: int = 16) -> list[Delivery]:
    """Claim and intend, as a process does just before it dies."""
    sender = Sender(world.seat().sender_id, fence, LEASE)
    with world.store.write() as tx:
        return hot.intend(tx, sender, hot.claim(tx, limit, world.now), world.now)


def test_every_letter_is_sent_once(world: World) -> None:
    assert world.send().sent == 3
    assert world.send().sent == 0
    assert tally(world) == {"sent": 3}
    assert len(world.mouth.taken) == 3


@pytest.mark.parametrize("recorded", [False, True], ids=["commit refused", "answer lost"])
def test_a_round_whose_commit_fails_is_recorded_once_more(world: World, recorded: bool) -> None:
    left = [1]

    def fail(connection: Connection) -> None:
        if world.mouth.taken and left:
            left.pop()
            if recorded:
                connection.connection.driver_connection.commit()  # type: ignore[union-attr]
            raise OSError

    event.listen(world.store.writer, "commit", fail)
    with pytest.raises(OSError):  # noqa: PT011 - it is ours
        world.send()
    event.remove(world.store.writer, "commit", fail)
    assert tally(world) == {"sent": 3}
    assert world.send().sent == 0
    assert len(world.mouth.taken) == 3


def test_what_may_have_arrived_is_unknown_and_never_sent_again(world: World) -> None:
    world.mouth.answers["a@example.com"] = [Unknown("lost")]
    world.send()
    assert tally(world) == {"sent": 2, "unknown": 1}
    assert cursor(world, 1) == 1
    world.pass_time(days=2)
    assert world.send().sent == 0


def test_an_exception_during_the_hand_over_is_unknown(world: World) -> None:
    world.mouth.answers["a@example.com"] = [RuntimeError("bug")]
    report = world.send()
    assert (report.sent, report.unknown) == (2, 1)


def test_what_an_error_left_on_its_way_is_unknown_before_more_is_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Mouth, "landed", raising)
        with pytest.raises(RuntimeError):
            world.send()
    assert tally(world) == {"sending": 3}
    assert world.send().sent == 0
    assert tally(world) == {"unknown": 3}


def test_what_landed_is_recorded_even_if_the_database_failed_at_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, failures = hot.finish, [RuntimeError("the disk is full")]

    def failing(tx: Transaction, landed: Any, now: datetime, leaving: Any) -> set[int]:
        if landed and failures:
            raise failures.pop()
        return finish(tx, landed, now, leaving)

    monkeypatch.setattr(hot, "finish", failing)
    with pytest.raises(RuntimeError):
        world.send()
    assert tally(world) == {"sent": 3}


def test_a_letter_that_its_header_cannot_hold_fails(world: World) -> None:
    def unfit(row: Delivery) -> Letter:
        if row.subscription_id == 1:
            raise DigestError("the address is not ASCII")
        return letter_of(row)

    assert world.send(compose=unfit).failed == 1
    assert tally(world) == {"sent": 2, "failed": 1}


def test_a_letter_that_cannot_be_composed_holds_up_no_other(world: World) -> None:
    def broken(row: Delivery) -> Letter:
        if row.subscription_id == 1:
            raise RuntimeError
        return letter_of(row)

    report = world.send(compose=broken)
    assert (report.sent, report.deferred) == (2, 1)


def test_a_deferred_letter_waits_and_is_the_same_letter_when_it_is_sent(world: World) -> None:
    world.mouth.answers["a@example.com"] = [Deferred("451 later", 451)]
    report = world.send()
    assert (report.sent, report.deferred, report.waiting) == (2, 1, 1)
    assert cursor(world, 1) == 0
    with world.store.read() as tx:
        before = tx.execute(
            text("SELECT dated, first_try FROM delivery WHERE subscription = 1")
        ).one()
    world.pass_time(minutes=1)
    assert world.send().sent == 1
    with world.store.read() as tx:
        after = tx.execute(
            text("SELECT dated, first_try FROM delivery WHERE subscription = 1")
        ).one()
    assert after == before
    assert tally(world) == {"sent": 3}


def test_a_refused_address_fails_is_suppressed_and_keeps_its_cursor(world: World) -> None:
    world.mouth.answers["a@example.com"] = [Refused("550 5.1.1 no such user", 550, "address")]
    assert world.send().failed == 1
    assert cursor(world, 1) == 0
    world.publish("two")
    assert world.cut().letters == 2


def test_a_refused_message_fails_and_its_news_come_again(world: World) -> None:
    world.mouth.answers["a@example.com"] = [Refused("554 5.6.0 bad", 554, "message")]
    world.send()
    world.publish("two")
    world.pass_time(days=1)
    world.cut()
    world.send()
    assert world.held()["a@example.com"] == [("one", "two")]


def test_three_refusals_in_a_row_that_blame_us_stop_sending_and_fail_nobody(world: World) -> None:
    for one in "abc":
        world.mouth.answers[f"{one}@example.com"] = [Refused("530 5.7.0 log in first", 530, "us")]
    report = world.send()
    assert report.stopped == "530 5.7.0 log in first"
    assert tally(world) == {"pending": 3}
    world.pass_time(hours=1)
    assert world.send().sent == 3


def test_a_row_in_sending_of_a_dead_process_is_unknown(world: World) -> None:
    claim(world, limit=1)
    assert tally(world) == {"pending": 2, "sending": 1}
    world.pass_time(minutes=5)
    with world.store.write() as tx:  # the dead are told by their lease where several machines send
        tx.execute(text("UPDATE delivery SET lease_until = 0 WHERE lease_until IS NOT NULL"))
    world.settle()
    assert tally(world) == {"pending": 2, "unknown": 1}
    assert cursor(world, 1) == 1
    assert world.send().sent == 2


def test_a_worker_that_lost_its_row_changes_nothing(world: World) -> None:
    (first, *_) = claim(world, fence=1)
    with world.store.write() as tx:
        tx.execute(text("UPDATE delivery SET fence = 2"))
    with world.store.write() as tx:
        assert not hot.finish(tx, [(first, Done(DeliveryState.SENT, "250"))], world.now)
    assert tally(world) == {"sending": 3}


def test_an_address_that_is_refused_gets_no_letter_that_leaves_with_the_record_of_it(
    world: World,
) -> None:
    edition = next(one for one in claim(world) if one.address == "a@example.com")
    wish = Wish("digest", edition.address, "en", "192.0.2.1", "subscribe", "v1", "You agree.")
    sign_up(world.store, KEYS, wish, world.now, silent)
    answer(world.store, KEYS, ["digest"], world.now, silent)
    refused = Done(DeliveryState.FAILED, "550 5.1.1 no such user", "address")
    with world.store.write() as tx:
        claimed = hot.claim(tx, 16, world.now)
        assert len(claimed) == 1
        hot.finish(tx, [(edition, refused)], world.now, claimed)
        sender = Sender(world.seat().sender_id, 2, LEASE)
        assert hot.intend(tx, sender, claimed, world.now, taken=True) == []


def test_a_row_is_claimed_by_one_sender_alone(world: World) -> None:
    first = claim(world, fence=1, limit=2)
    second = claim(world, fence=2, limit=16)
    assert len(first) == 2
    assert len(second) == 1
    assert not {one.id for one in first} & {one.id for one in second}


def test_a_letter_that_may_have_arrived_never_ends_as_failed(world: World) -> None:
    (first, *_) = claim(world)
    with world.store.write() as tx:
        tx.execute(text("UPDATE delivery SET was_unknown = 1"))
    again = first._replace(was_unknown=True)
    with world.store.write() as tx:
        done = Done(DeliveryState.FAILED, "550")
        assert hot.finish(tx, [(again, done)], world.now) == {again.id}
    assert tally(world)["unknown"] == 1


def test_of_a_paused_edition_nothing_is_intended(world: World) -> None:
    sender = Sender(world.seat().sender_id, 1, LEASE)
    with world.store.write() as tx:
        claimed = hot.claim(tx, 16, world.now)
        tx.execute(text("UPDATE edition SET state = 'paused'"))
        assert hot.intend(tx, sender, claimed, world.now) == []
    assert tally(world) == {"pending": 3}


def test_a_stop_gives_back_nothing_half_done(world: World) -> None:
    stop = Signal()
    stop.set()
    assert world.send(stop).sent == 0
    assert tally(world) == {"pending": 3}


def test_a_stop_while_the_relay_does_not_greet_leaves_nothing_uncertain(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "PARTING", 0.1)
    stop = Signal()

    def compose(row: Delivery) -> Letter:
        stop.set()
        return letter_of(row)

    with socket.create_server(("127.0.0.1", 0)) as relay:
        settings = SmtpSettings("127.0.0.1", relay.getsockname()[1], starttls=False, timeout=5)
        transport = SmtpTransport(settings)
        report = deliver(world.store, transport, world.seat(), compose, world.clock, silent, stop)
    assert (report.stopped, report.waiting) == (None, 3)
    assert tally(world) == {"pending": 3}
    assert world.send().sent == 3


def test_an_attempt_leaves_its_reply_in_the_record(world: World) -> None:
    world.mouth.answers["a@example.com"] = [Deferred("451 later", 451), Accepted("250 taken")]
    world.send()
    world.pass_time(minutes=1)
    world.send()
    with world.store.read() as tx:
        rows = tx.execute(
            text(
                "SELECT attempt, kind, detail FROM delivery_event WHERE delivery = "
                "(SELECT id FROM delivery WHERE subscription = 1) ORDER BY id"
            )
        ).fetchall()
    assert [tuple(row) for row in rows] == [(1, "pending", "451 later"), (2, "sent", "250 taken")]


def test_leases_are_renewed(world: World) -> None:
    claim(world)
    with world.store.write() as tx:
        tx.execute(text("UPDATE delivery SET lease_until = 0"))
        ledger.renew(tx, world.seat().sender_id, LEASE, world.now)
    world.settle()
    expected = {"unknown": 3} if world.store.embedded else {"sending": 3}
    assert tally(world) == expected


def test_leases_are_renewed_though_the_clock_is_set_back(store: Store) -> None:
    world, seen = World(store), list[int]()
    world.join(*(f"r{n}@example.com" for n in range(CONNECTIONS + 1)))
    world.publish("one")
    world.cut()

    def compose(row: Delivery) -> Letter:
        with store.write() as tx:
            if not seen:
                world.pass_time(hours=-1)
                tx.execute(text("UPDATE delivery SET lease_until = 0 WHERE state <> 'pending'"))
                tx.execute(text("UPDATE delivery SET not_before = 0"))
            seen.append(tx.scalar(text("SELECT COUNT(*) FROM delivery WHERE lease_until = 0")) or 0)
        return letter_of(row)

    assert world.send(compose=compose).sent == CONNECTIONS + 1
    assert (seen[0] > 0, seen[-1]) == (True, 0)


def test_a_round_whose_letters_are_all_turned_away_is_not_the_last(store: Store) -> None:
    world = World(store)
    world.join(*(f"r{n}@example.com" for n in range(CONNECTIONS * 4)))
    world.publish("one")
    world.cut()
    with store.write() as tx:
        tx.execute(text(f"UPDATE subscription SET state = 'left' WHERE id <= {CONNECTIONS * 2}"))
    assert world.send().sent == CONNECTIONS * 2


def test_who_tells_of_a_letter_and_fails_makes_no_other_letter_uncertain(store: Store) -> None:
    world = World(store)
    world.join(*(f"r{n}@example.com" for n in range(CONNECTIONS * 2)))
    world.publish("one")
    world.cut()
    world.mouth.answers["r0@example.com"] = [Deferred("451 later", 451)]

    def tell(event: Event) -> None:
        if event.level == "warning":
            raise RuntimeError("told in vain")

    world.tell = tell
    with pytest.raises(RuntimeError):
        world.send()
    assert "unknown" not in tally(world)


def test_a_server_that_nobody_reaches_costs_no_letter_however_long(world: World) -> None:
    closed = Deferred("mx.example:25, connect: refused", unheard=True)
    for one in "abc":
        world.mouth.answers[f"{one}@example.com"] = [closed, Deferred("451 later", 451)]
    assert world.send().stopped == closed.reply
    world.pass_time(hours=30)
    assert world.send().deferred == 3
    world.pass_time(hours=1)
    assert world.send().sent == 3
    with world.store.read() as tx:
        attempts = tx.execute(text("SELECT DISTINCT attempts FROM delivery")).scalars().all()
    assert attempts == [2]


def test_the_one_letter_of_an_edition_that_is_refused_for_our_fault_waits(store: Store) -> None:
    """Nothing of the edition is at its end yet, when it is weighed for the first time."""
    alone = World(store)
    alone.join("a@example.com")
    alone.publish("one")
    alone.cut()
    alone.mouth.answers["a@example.com"] = [Refused("530 5.7.0 log in first", 530, "us")]
    assert alone.send().failed == 0
    assert tally(alone) == {"pending": 1}
