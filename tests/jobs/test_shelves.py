"""Articles are found by tag and by language, whatever their tags' spelling."""

from syndicate.jobs.planning.numbered import rows_of
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
        numbers = [row.id for row in articles.published(tx)]
        found = list(shelves(rows_of(tx, numbers), {"ja": numbers}, tags.placed(tx)))
        titles = [[row.title for row in shelf.rows] for shelf in found]
    assert [(one.kind, one.name, one.path) for one in found] == [
        ("language", "ja", "lang/ja/"),
        ("tag", "Sea", "tags/sea/"),
        ("tag", "TIDES", "tags/tides/"),
    ]
    assert titles == [["Second", "First"], ["First"], ["Second", "First"]]
