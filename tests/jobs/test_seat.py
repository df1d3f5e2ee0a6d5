"""A seat among the senders: what it lets a process send, and what becomes of those that died."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syndicate.jobs.recover import LEASE, this_process
from syndicate.model import Delivery, Letter
from syndicate.store import editions, hot, senders, witness
from syndicate.store.database import Store, StoreError, open_store
from syndicate.store.hot import Sender
from syndicate.store.migrate import upgrade
from syndicate.store.senders import Process
from syndicate.store.witness import SendingHeldError
from tests.world import World, letter_of

NOBODY = Process("another-machine.example", "", 1, "1")


@pytest.fixture
def world(store: Store) -> World:
    return ready(store, 3)


def ready(store: Store, readers: int) -> World:
    made = World(store)
    made.join(*(f"r{n}@example.com" for n in range(readers)))
    made.publish("one")
    made.cut()
    return made


def tally(world: World) -> dict[str, int]:
    with world.store.read() as tx:
        return {state: count for state, count in editions.tally(tx, 1).items() if count}


def know_more(world: World) -> None:
    """Let the witness know of a later time: this database is an old copy now."""
    seen = witness.read(world.folder)
    assert seen
    witness.write(world.folder, replace(seen, fence=seen.fence + 1000))


def test_a_running_sender_whose_database_became_an_old_copy_sends_nothing_however_often_it_tries(
    world: World,
) -> None:
    world.send()
    world.publish("two")
    world.cut()
    know_more(world)
    before = len(world.mouth.taken)
    with pytest.raises(SendingHeldError):
        world.send()
    for title in ("three", "four", "five"):
        world.publish(title)
        world.cut()
        with pytest.raises(SendingHeldError):
            world.send()
    assert len(world.mouth.taken) == before


def test_what_is_on_its_way_is_recorded_though_the_witness_objects(store: Store) -> None:
    world = ready(store, 400)

    def compose(row: object) -> Letter:
        if len(world.mouth.taken) == 100:
            know_more(world)
        return letter_of(row)  # type: ignore[arg-type]

    with pytest.raises(SendingHeldError):
        world.send(compose=compose)
    assert tally(world)["sent"] == len(world.mouth.taken)
    assert set(tally(world)) <= {"sent", "pending"}


def known_to_the_witness(world: World, fences: set[int]) -> Callable[[Delivery], Letter]:
    """Write letters whose fences the witness knows of, and collect these."""

    def compose(row: Delivery) -> Letter:
        seen = witness.read(world.folder)
        assert seen
        assert row.fence <= seen.fence
        fences.add(row.fence)
        return letter_of(row)

    return compose


def test_the_witness_knows_of_every_fence_before_a_letter_leaves_under_it(store: Store) -> None:
    world, fences = ready(store, 500), set[int]()
    assert world.send(compose=known_to_the_witness(world, fences)).sent == 500
    assert len(fences) > senders.FENCES


def test_fences_of_which_a_killed_sender_told_no_witness_are_given_to_nobody(world: World) -> None:
    world.seat()
    with world.store.write() as tx:
        first = witness.reserve_fences(tx, world.folder)
    after, fences = World(world.store, world.now, folder=world.folder), set[int]()
    assert after.send(compose=known_to_the_witness(after, fences)).sent == 3
    assert min(fences) > first + senders.FENCES


def put_back(world: World, fences: int) -> None:
    """Let the database be as it was so many fences ago: it was restored under a running sender."""
    with world.store.write() as tx:
        tx.execute(text("UPDATE sending SET fence = fence - :fences"), {"fences": fences})
        tx.execute(text("UPDATE delivery SET state = 'pending' WHERE state = 'sent'"))


@pytest.mark.parametrize("fences", [1, senders.FENCES, 2 * senders.FENCES])
def test_a_database_that_was_put_back_between_two_runs_is_known_before_it_reserves_fences_again(
    world: World, fences: int
) -> None:
    world.send()
    put_back(world, fences)
    for _ in range(3):
        with pytest.raises(SendingHeldError, match="older than"):
            world.send()
    assert len(world.mouth.taken) == 3


@pytest.mark.parametrize("fences", [1, senders.FENCES])
def test_of_a_database_that_was_put_back_in_mid_send_no_fence_is_used_twice(
    store: Store, fences: int
) -> None:
    world, used = ready(store, 700), list[int]()

    def compose(row: Delivery) -> Letter:
        if len(world.mouth.taken) == 100:
            put_back(world, fences)
        used.append(row.fence)
        return letter_of(row)

    for _ in range(2):
        with pytest.raises(SendingHeldError, match="older than"):
            world.send(compose=compose)
    assert used == sorted(used)
    assert used[-1] - used[0] < 2 * senders.FENCES


def test_a_witness_that_cannot_be_written_in_mid_send_stops_it_and_all_leave_once_it_can(
    store: Store,
) -> None:
    world = ready(store, 700)
    in_the_way = world.folder / f".{witness.FILE}.new"

    def compose(row: Delivery) -> Letter:
        seen = witness.read(world.folder)
        assert seen
        assert row.fence <= seen.fence
        if len(world.mouth.taken) == 100:
            in_the_way.mkdir()
        return letter_of(row)

    for _ in range(2):  # nor is anything sent by who tries again
        with pytest.raises(StoreError, match=r"witness\.json cannot be written \(Is a directory\)"):
            world.send(compose=compose)
        assert tally(world)["sent"] == len(world.mouth.taken) < 400
        assert set(tally(world)) == {"sent", "pending"}
    in_the_way.rmdir()
    world.send(compose=letter_of)
    assert tally(world) == {"sent": 700}
    assert len({letter.recipient for letter in world.mouth.taken}) == len(world.mouth.taken) == 700


@pytest.fixture
def shared(postgresql_url: str) -> Iterator[World]:
    store = open_store(postgresql_url)
    upgrade(store)
    yield ready(store, 3)
    store.close()


def test_a_running_sender_takes_over_from_one_on_another_machine_whose_lease_has_run_out(
    shared: World,
) -> None:
    shared.seat()
    with shared.store.write() as tx:
        other = Sender(senders.register(tx, NOBODY, shared.now), 999, LEASE)
        hot.intend(tx, other, hot.claim(tx, 2, shared.now), shared.now)
    assert shared.send().sent == 1
    assert tally(shared) == {"sending": 2, "sent": 1}
    with shared.store.write() as tx:
        tx.execute(text("UPDATE delivery SET lease_until = 0 WHERE lease_until IS NOT NULL"))
    assert shared.send().sent == 0
    assert tally(shared) == {"unknown": 2, "sent": 1}


@pytest.mark.parametrize(
    ("other", "state"),
    [
        (this_process()._replace(boot="another machine of this name"), "sending"),
        (this_process()._replace(boot=f"{this_process().boot} pid:[1]"), "sending"),
        (this_process()._replace(began="1"), "unknown"),
    ],
    ids=["another machine", "another container", "gone"],
)
def test_only_a_process_that_would_be_seen_counts_as_gone_before_its_lease_ends(
    shared: World, other: Process, state: str
) -> None:
    shared.seat()
    with shared.store.write() as tx:
        number = senders.register(tx, other, shared.now)
        hot.intend(tx, Sender(number, 999, LEASE), hot.claim(tx, 3, shared.now), shared.now)
    shared.settle()
    assert tally(shared) == {state: 3}


def test_a_sender_that_has_nothing_to_do_waits_for_the_leases_of_others(shared: World) -> None:
    shared.seat()
    with shared.store.write() as tx:
        number = senders.register(tx, NOBODY, shared.now)
        other = Sender(number, 999, timedelta(seconds=1))
        hot.intend(tx, other, hot.claim(tx, 1, shared.now), shared.now)
    assert shared.send(idle=timedelta(seconds=10)).sent == 2
    assert tally(shared) == {"unknown": 1, "sent": 2}
