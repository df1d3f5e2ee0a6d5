"""Articles are found by tag and by language, whatever their tags' spelling."""

from syndicate.jobs.planning.shelves import shelves
from syndicate.store import articles, tags
from syndicate.store.database import Store
from tests.world import World


def test_shelves_hold_the_articles_of_a_language_and_of_a_tag_newest_first(store: Store) -> None:
    world = World(store)
    world.publish("First")
    world.pass_time(days=1)
    world.publish("Second")
    with store.write() as tx:
        second, first = articles.published(tx)
        tags.put(tx, {first.id: ("tides", "Sea"), second.id: ("TIDES",)})
    with store.read() as tx:
        rows = articles.published(tx)
        found = list(shelves(rows, tags.published(tx)))
    assert [(one.kind, one.name, one.path) for one in found] == [
        ("language", "ja", "lang/ja/"),
        ("tag", "Sea", "tags/sea/"),
        ("tag", "TIDES", "tags/tides/"),
    ]
    assert [row.title for row in found[2].rows] == ["Second", "First"]
    assert [row.title for row in found[1].rows] == ["First"]
