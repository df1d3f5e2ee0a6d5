"""Bundles of published files, and what articles are asked for by the thousand, on both databases."""

from datetime import timedelta

from syndicate.jobs.planning.said import HUNDRED, read_said
from syndicate.store import articles, bundles, outputs
from syndicate.store.database import Store
from syndicate.store.outputs import Output
from tests.world import World


def test_a_bundle_is_known_with_the_sizes_of_its_files_until_it_is_forgotten(store: Store) -> None:
    files = [Output("a.html", "i", "d", 3, 2, 1), Output("b.png", "i", "d", 4)]
    with store.write() as tx:
        outputs.save(tx, files)
        bundles.save(tx, [("one", "i1", ["a.html", "b.png"]), ("two", "i2", [])])
    with store.read() as tx:
        assert bundles.known(tx) == {"one": "i1", "two": "i2"}
        assert sorted(bundles.files(tx, "one")) == [("a.html", 3, 2, 1), ("b.png", 4, None, None)]
        assert bundles.files(tx, "two") == []
    with store.write() as tx:
        bundles.save(tx, [("one", "i3", ["b.png"])])
        bundles.forget(tx, ["two", "three"])
        assert bundles.known(tx) == {"one": "i3"}
        assert bundles.files(tx, "one") == [("b.png", 4, None, None)]


def test_what_articles_say_is_named_by_their_hundreds(store: Store) -> None:
    world = World(store)
    world.publish("One", "Two")
    with store.read() as tx:
        numbers = [number for number, _, _ in articles.placed(tx)]
        before = read_said(tx, sorted(numbers), {})
    assert set(before.hundreds) == {number // HUNDRED for number in numbers}
    with store.write() as tx:
        assert read_said(tx, sorted(numbers), {}) == before
        articles.change(tx, numbers[0], {"digest": "other"})
        after = read_said(tx, sorted(numbers), {})
    assert after.hundreds != before.hundreds
    assert (after.lines, after.places) == (before.lines, before.places)
    with store.write() as tx:
        articles.change(tx, numbers[0], {"updated": world.now + timedelta(days=1)})
        later = read_said(tx, sorted(numbers), {})
    assert later.lines == before.lines
    assert later.places != before.places


def test_all_ways_to_ask_for_articles_agree(store: Store) -> None:
    world = World(store)
    for title in ("One", "Two", "Three"):
        world.pass_time(hours=1)
        world.publish(title)
    with store.read() as tx:
        rows = articles.published(tx)
        assert [(row.id, row.language, row.series_id) for row in rows] == [
            (*one,) for one in articles.placed(tx)
        ]
        by_number = sorted(rows, key=lambda row: row.id)
        first, last = by_number[0].id, by_number[-1].id
        places = [(row.slug, row.updated) for row in by_number]
        assert list(articles.updates(tx, first, last + 1)) == places
        assert list(articles.updates(tx, first, last)) == places[:-1]
        assert articles.some(tx, [row.id for row in rows]) == {row.id: row for row in rows}
        assert {row.lost for row in articles.some(tx, [rows[0].id]).values()} == {None}
    with store.write() as tx:
        articles.change(tx, rows[0].id, {"lost": world.now})
        assert articles.some(tx, [rows[0].id])[rows[0].id].lost == world.now
