"""Versions of one article in several languages are known by how their files are called."""

import pytest
from msgspec.structs import replace

from syndicate.jobs.planning.versions import versions
from syndicate.store import articles
from syndicate.store.database import Store
from tests.world import World


@pytest.mark.parametrize(
    ("files", "alike"),
    [
        (("content/bees.ja.txt", "content/bees.en.md"), True),
        (("content/bees.txt", "content/bees.EN.txt"), True),
        (("content/bees.ja.txt", "other/bees.en.txt"), False),
        (("content/bees.ja.txt", "content/wasps.en.txt"), False),
        (("content/bees.txt", "content/bees.md"), False),  # nothing says that they are versions
        (("content/bees.fr.txt", "content/bees.en.txt"), False),  # it is not in French
    ],
)
def test_files_that_lie_side_by_side_and_differ_in_their_language_are_versions(
    store: Store, files: tuple[str, str], alike: bool
) -> None:
    World(store).publish("Japanese", "English")
    with store.read() as tx:
        english, japanese = articles.published(tx)
    english = replace(english, language="en")
    found = versions([english, japanese], {japanese.id: files[0], english.id: files[1]})
    pair = (english, japanese)
    assert found == ({english.id: pair, japanese.id: pair} if alike else {})


def test_two_of_one_language_are_no_versions(store: Store) -> None:
    World(store).publish("One", "Other")
    with store.read() as tx:
        rows = articles.published(tx)
    paths = {rows[0].id: "content/bees.ja.txt", rows[1].id: "content/bees.ja.md"}
    assert versions(rows, paths) == {}
