"""Our own table of readers, taken in again, and lists that name no service: who left stays away."""

import pytest

from syndicate import tokens
from syndicate.jobs import leave
from syndicate.jobs.readers_table import export_file
from syndicate.model import silent
from syndicate.store import suppressions
from syndicate.store.database import Store
from tests.jobs.test_import import listed, take
from tests.world import KEYS, World


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_our_own_table_changes_nothing_but_for_those_who_left(world: World) -> None:
    take(world, b"email,name\na@example.com,=Ann\nb@example.com,Ben\nc@example.com,Cay\n")
    with world.store.write() as tx:
        key = tokens.address_key(KEYS, "c@example.com")
        suppressions.suppress(tx, key, "complaint", "a letter", world.now)
    leave.unsubscribe(world.store, 2, "web", world.now, silent)
    table = world.folder / "table.csv"
    assert export_file(world.store, table, None) == 3
    report = take(world, table)
    assert (report.added, report.changed, report.unchanged, report.barred) == (0, 0, 1, 1)
    assert listed(world)[0] == ("a@example.com", "=Ann", "active")
    assert take(world, table).id is None


def test_a_list_says_who_left_also_where_no_service_is_named(world: World) -> None:
    lines = (
        b"email,status\na@example.com,active\nb@example.com,left\nc@example.com,Unsubscribed\n"
        b"d@example.com,who knows\ne@example.com,\n"
    )
    report = take(world, lines)
    assert [one for one, *_ in listed(world)] == ["a@example.com", "e@example.com"]
    assert report.barred == 2
    assert report.refused == (
        (5, "the status 'who knows' is not known: subscribe or suppress by hand."),
    )
