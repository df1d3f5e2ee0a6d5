"""Work is proportional to what changes: the hot statements go by an index that holds little else."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from syndicate.store import hot
from syndicate.store.database import Transaction, open_store
from syndicate.store.migrate import upgrade
from tests.world import World

READERS = 3000
STEPS = 10_000  # of SQLite's virtual machine, between two calls of a progress handler


@contextmanager
def opened(url: str) -> Iterator[World]:
    """A publication with one article and one reader."""
    with closing(open_store(url)) as store:
        upgrade(store)
        made = World(store)
        made.publish("one")
        made.join("a@example.com")
        yield made


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """On SQLite, which shows its plans and counts its steps; the indexes are the same."""
    with opened(f"sqlite:///{tmp_path / 'syndicate.db'}") as made:
        yield made


@pytest.fixture
def served(postgresql_url: str) -> Iterator[World]:
    """The same on PostgreSQL."""
    with opened(postgresql_url) as made:
        yield made


def multiply(world: World, readers: int) -> None:
    """Add readers by hand: what matters is their number."""
    bytes_ = "BLOB" if world.store.embedded else "BYTEA"
    with world.store.write() as tx:
        tx.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :readers) "
                "INSERT INTO subscriber (id, address, address_key, name, language, created, lane) "
                f"SELECT i, 'r' || i, CAST('k' || i AS {bytes_}), '', 'en', 0, 'other' FROM n"
            ),
            {"readers": readers},
        )
        tx.execute(
            text(
                "INSERT INTO subscription (id, newsletter, subscriber, state, start, cursor, profile, "
                "cadence, created) SELECT p.id, 'digest', p.id, 'active', 0, 0, s.profile, 'daily', 0 "
                "FROM subscriber p, (SELECT profile FROM subscription LIMIT 1) s WHERE p.id > 1"
            )
        )


def plan(tx: Transaction, work: Callable[[Transaction], object]) -> list[str]:
    """Return SQLite's plans of the statements that some work runs."""
    said: list[str] = []
    driver: Any = tx.connection.driver_connection  # the hot statements go there by themselves
    driver.set_trace_callback(said.append)
    try:
        work(tx)
    finally:
        driver.set_trace_callback(None)
    plans = [
        driver.execute(f"EXPLAIN QUERY PLAN {sql}")
        for sql in said
        if sql.lstrip().startswith(("WITH", "SELECT", "UPDATE", "INSERT"))
    ]
    return [str(row[3]) for rows in plans for row in rows]


def test_a_claim_reads_the_rows_that_it_claims(world: World) -> None:
    world.cut()
    with world.store.write() as tx:
        found = plan(tx, lambda tx: hot.claim(tx, 8, world.now))
    assert any("ix_delivery_due" in step for step in found)
    assert not [step for step in found if "TEMP B-TREE" in step or step.startswith("SCAN delivery")]


def test_a_freeze_right_after_an_import_goes_by_index_for_each_reader(served: World) -> None:
    """PostgreSQL knows nothing of the readers yet, and `delivery` grows while it is read."""
    multiply(served, READERS)
    plans: list[str] = []

    def explain(connection: Any, _cursor: object, sql: str, values: Any, *_: object) -> None:
        if "freeze_group g ON" in sql:
            driver = connection.connection.driver_connection
            plans.append("\n".join(row[0] for row in driver.execute(f"EXPLAIN {sql}", values)))

    event.listen(served.store.writer, "before_cursor_execute", explain)
    assert served.cut().letters == READERS
    assert len([one for one in plans if one.startswith("Insert on delivery")]) == 1
    assert not [one for one in plans if "Seq Scan" in one]


def test_superseding_is_linear(world: World) -> None:
    """Each reader costs the same few steps of the database, however many there are."""
    multiply(world, READERS)
    world.cut()
    world.publish("two")
    world.pass_time(days=1)
    small = steps(world)
    with world.store.read() as tx:
        assert (
            tx.scalar(text("SELECT COUNT(*) FROM delivery WHERE reason = 'superseded'")) == READERS
        )
    assert small / READERS < 2000


def steps(world: World) -> int:
    """Count what a cut costs, in steps of SQLite's virtual machine."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += STEPS
        return 0

    def watch(connection: object, *_: object) -> None:
        connection.set_progress_handler(count, STEPS)  # type: ignore[attr-defined]

    event.listen(world.store.writer, "checkout", watch)
    try:
        world.cut()
    finally:
        event.remove(world.store.writer, "checkout", watch)
    return counted
