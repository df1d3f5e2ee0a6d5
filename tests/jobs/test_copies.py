"""An old copy of the database is known by its witness, whenever it was made (DELIVERY.md, rule 8)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.jobs.leave import unsubscribe
from syndicate.model import Deferred, Delivery, Letter, Refused, silent
from syndicate.store.database import Store, open_store
from syndicate.store.migrate import copy_sqlite, upgrade
from syndicate.store.witness import SendingHeldError, attest, examine, tell_of_departure
from tests.world import World, letter_of

READERS = 600


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "syndicate.db"


@pytest.fixture
def world(file: Path) -> Iterator[World]:
    store = open_store(f"sqlite:///{file}")
    upgrade(store)
    made = World(store, folder=file.parent)
    made.join(*(f"reader{n}@example.com" for n in range(READERS)))
    made.publish("one")
    made.seat()
    made.cut()
    attest(store, made.folder)
    yield made
    store.close()


def restored(world: World, copy: Path, file: Path) -> Store:
    """Put a copy in the place of the database."""
    world.store.close()
    for old in file.parent.glob("syndicate.db*"):
        old.unlink()
    shutil.copy(copy, file)
    return open_store(f"sqlite:///{file}")


def test_a_copy_made_in_the_middle_of_a_run_is_held(world: World, file: Path) -> None:
    copy = file.parent / "copy.db"

    def compose(row: Delivery) -> Letter:
        if row.subscription_id == 100:
            copy_sqlite(file, copy)
        return letter_of(row)

    assert world.send(compose=compose).sent == READERS
    store = restored(world, copy, file)
    with pytest.raises(SendingHeldError, match="older than"):
        examine(store, file.parent)
    store.close()


def test_a_copy_of_the_last_moment_may_send(world: World, file: Path) -> None:
    world.send()
    copy_sqlite(file, file.parent / "copy.db")
    store = restored(world, file.parent / "copy.db", file)
    assert examine(store, file.parent)
    store.close()


@pytest.mark.parametrize("way", ["unsubscribed", "suppressed"])
def test_a_copy_made_before_somebody_left_is_held(world: World, file: Path, way: str) -> None:
    if way == "suppressed":
        world.mouth.answers["reader1@example.com"] = [Deferred("451 later", 451)]
    world.send()
    copy_sqlite(file, file.parent / "copy.db")
    if way == "unsubscribed":
        unsubscribe(world.store, 1, "web", world.now, silent)
        tell_of_departure(world.store, file.parent)
    else:
        world.mouth.answers["reader1@example.com"] = [Refused("550 5.1.1 gone", 550, "address")]
        world.pass_time(hours=1)
        assert world.send().failed == 1
    store = restored(world, file.parent / "copy.db", file)
    with pytest.raises(SendingHeldError, match="older than"):
        examine(store, file.parent)
    store.close()
