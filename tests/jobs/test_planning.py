"""Pages are planned so that a change costs what it touches, however many articles there are."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import chain, pairwise
from pathlib import Path

import pytest

from syndicate import site
from syndicate.jobs.planning import Library, Planned, numbered, open_library, stages
from syndicate.jobs.planning.leaves import LEAF
from syndicate.jobs.planning.numbered import Numbers, rows_of
from syndicate.model import Logo, Publication, Theme
from syndicate.store import articles, publication
from syndicate.store.database import Store, open_store
from tests.conftest import NOW
from tests.site.samples import ENVIRONMENT
from tests.world import World

_LOC = re.compile("<loc>(.*?)</loc>")
ABOUT = Publication("P", "https://example.com", "en")


def plan(library: Library) -> Iterator[Planned]:
    """Every file of the publication."""
    return chain.from_iterable(bundle.files() for bundle in chain.from_iterable(stages(library)))


def planned(store: Store, about: Publication = ABOUT) -> dict[str, str]:
    """Every planned file, with the inputs that it is made from."""
    with store.read() as tx:
        origin = publication.origin(tx)
        assert origin
        library = open_library(tx, Path(), origin, about, [], [], ENVIRONMENT, "v1")
        return {one.path: one.inputs for one in plan(library)}


def made(store: Store, start: str) -> dict[str, str]:
    """The text of every file whose path begins so."""
    with store.read() as tx:
        origin = publication.origin(tx)
        assert origin
        library = open_library(tx, Path(), origin, ABOUT, [], [], ENVIRONMENT, "v1")
        return {
            one.path: one.made().data.decode()
            for one in plan(library)
            if one.path.startswith(start)
        }


def many(store: Store, count: int) -> World:
    """A world of so many articles, an hour apart."""
    world = World(store, now=NOW - timedelta(days=400))
    for start in range(0, count, 25):
        world.pass_time(hours=1)
        world.publish(*(f"Story {n:04}" for n in range(start, min(start + 25, count))))
    return world


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {path for path, inputs in after.items() if before.get(path) != inputs}


@pytest.fixture
def store(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Store]:
    """Planning reads what other tests read on both databases: one will do here."""
    file = shutil.copyfile(migrated_sqlite, tmp_path / "syndicate.db")
    with closing(open_store(f"sqlite:///{file}")) as opened:
        yield opened


def test_a_new_article_costs_its_own_pages_and_the_first_ones_of_lists(store: Store) -> None:
    world = many(store, 275)
    before = planned(store)
    world.pass_time(hours=1)
    world.publish("Something else")
    after = planned(store)
    assert {
        path for path in changed(before, after) if "feed" not in path and "search/0" not in path
    } == {
        "articles/something-else/index.html",
        "archive/index.html",
        "lang/ja/index.html",
        "index.html",
        "sitemap.xml",
    }


def test_an_article_that_changes_costs_the_sitemap_of_its_block(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "BLOCK", 100)
    world = many(store, 275)
    before = planned(store)
    assert [path for path in before if path.startswith("sitemap")] == [
        *(f"sitemap-{name}.xml" for name in ("1", "2", "3", "lists-1")),
        "sitemap.xml",
    ]
    with store.write() as tx:
        articles.change(tx, 150, {"updated": world.now})
    after = planned(store)
    assert [path for path in changed(before, after) if "sitemap" in path] == ["sitemap-2.xml"]


def test_each_page_is_in_one_sitemap_and_all_sitemaps_are_listed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(store, 275)
    with store.write() as tx:
        articles.change(tx, 150, {"state": articles.WITHDRAWN})
    alone = made(store, "sitemap")
    assert list(alone) == ["sitemap.xml"]
    monkeypatch.setattr(site, "BLOCK", 100)
    parts = made(store, "sitemap")
    assert _LOC.findall(parts.pop("sitemap.xml")) == [f"https://example.com/{one}" for one in parts]
    pages = [one for text in parts.values() for one in _LOC.findall(text)]
    assert sorted(pages) == sorted(_LOC.findall(alone["sitemap.xml"]))
    assert sum("/articles/" in one for one in pages) == 274


def test_every_article_is_on_one_page_of_the_archive_and_none_is_long(store: Store) -> None:
    many(store, 375)
    pages = made(store, "archive/")
    with store.read() as tx:
        slugs = [row.slug for row in articles.published(tx)]
    assert set(pages) == {
        f"archive/{name}index.html" for name in ("", "page-1/", "page-2/", "page-3/")
    }
    for slug in slugs:
        assert sum(f"articles/{slug}/" in text for text in pages.values()) == 1
    counts = [text.count("articles/story") for text in pages.values()]
    assert all(count <= LEAF + 50 for count in counts)


def test_pages_of_a_list_lead_from_one_to_the_next(store: Store) -> None:
    many(store, 375)
    pages = made(store, "archive/")
    order = [f"archive/{name}index.html" for name in ("", "page-3/", "page-2/", "page-1/")]
    for newer, older in pairwise(order):
        assert f"{older}" in pages[newer]
        assert f"{newer}" in pages[older]


def test_rows_that_do_not_fit_into_memory_give_the_same_plan(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(store, 275)
    kept = planned(store)
    monkeypatch.setattr(numbered, "KEPT", 1)
    assert planned(store) == kept


def test_a_part_of_a_long_list_is_read_alone_and_in_its_order(store: Store) -> None:
    many(store, 30)
    with store.read() as tx:
        rows = articles.published(tx)
        numbers = [row.id for row in rows]
        some = rows_of(tx, numbers)
        assert [*some[2:9:3]] == rows[2:9:3]
        assert [*some[::-1].map(lambda row: row.slug)] == [row.slug for row in reversed(rows)]
        assert some[-1] == rows[-1]
        known = Numbers(numbers)
        assert [one for one in (None, 0, *numbers, max(numbers) + 1) if one in known] == numbers


def test_without_a_site_there_are_feeds_alone(store: Store) -> None:
    many(store, 3)
    off = Publication("P", "https://example.com", "en", links="source", site="off")
    assert not [
        path for path in planned(store, off) if path.endswith((".html", ".css", ".js", ".txt"))
    ]
    assert "feed.atom" in planned(store, off)


def test_a_logo_is_published_without_a_site_too_since_letters_show_it(store: Store) -> None:
    many(store, 1)
    theme = Theme(logo=Logo("assets/logo.png", "d1", b"picture"))
    off = Publication("P", "https://example.com", "en", links="source", site="off", theme=theme)
    assert [path for path in planned(store, off) if path.startswith("assets/")] == [
        "assets/logo.png"
    ]
