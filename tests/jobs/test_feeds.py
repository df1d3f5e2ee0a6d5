"""Which feeds are published, and what stands in them."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate import feeds as feeds_room
from syndicate.feeds.validator import validate
from syndicate.model import Article, Entry, Metadata, Publication
from syndicate.store.database import Store
from tests.jobs.press import Press, numbered

TIDES = Article(
    "Tides", "Why the sea comes back.", language="en", metadata=Metadata(tags=("Sea", "C++"))
)
HARBOUR = Article("港", "夜の港。", metadata=Metadata(tags=("sea",)))


@pytest.fixture
def press(store: Store, tmp_path: Path) -> Press:
    return Press(store, tmp_path / "public")


def feeds(press: Press) -> set[str]:
    return {path for path in press.files() if path.endswith((".atom", ".rss", "feed.json"))}


def test_there_are_feeds_of_everything_and_of_each_language_series_and_tag(press: Press) -> None:
    first = replace(HARBOUR, next_title="港の朝")
    press.bring(TIDES, first, Article("港の朝", "朝の港。"))
    press.publish()
    folders = {"", "lang/en/", "lang/ja/", "series/港/", "tags/sea/"}
    cpp = next(path for path in feeds(press) if path.startswith("tags/c-")).rpartition("/")[0]
    assert feeds(press) == {
        f"{folder}feed.{ending}"
        for folder in (*folders, f"{cpp}/")
        for ending in ("atom", "rss", "json")
    }
    assert set(press.titles("tags/sea/feed.json")) == {"Tides", "港"}
    assert press.titles("lang/en/feed.json") == ["Tides"]
    assert set(press.titles("series/港/feed.json")) == {"港", "港の朝"}


def test_every_feed_is_valid_and_has_an_id_of_its_own(press: Press) -> None:
    press.about = replace(press.about, hubs=("https://hub.example/",), short=True)
    press.bring(TIDES, HARBOUR, *numbered(1, 120))
    press.publish()
    press.withdraw("Tides")
    press.publish()
    written = {path: press.data(path) for path in feeds(press)}
    assert {path: validate(data) for path, data in written.items() if validate(data)} == {}
    ids = [data.split(b"id>")[1] for path, data in written.items() if path.endswith(".atom")]
    assert "archive/1.atom" in written
    assert len(set(ids)) == len(ids) - 1  # a closed document is one of the main feed


def test_the_same_entry_has_the_same_bytes_in_every_feed(press: Press) -> None:
    press.bring(TIDES, HARBOUR)
    press.publish()
    (line,) = [one for one in press.data("lang/en/feed.json").split(b"\n") if b"Why the sea" in one]
    assert line in press.data("feed.json")
    assert line in press.data("tags/sea/feed.json")


def test_all_feeds_are_listed_in_one_file(press: Press) -> None:
    press.bring(TIDES, HARBOUR)
    press.publish()
    listed = press.data("feeds.opml").decode()
    for path in feeds(press):
        if path.endswith(".atom") and "c-" not in path:
            assert f'xmlUrl="https://example.com/{path}"' in listed
    assert 'title="港と潮 · 日本語"' in listed
    assert 'title="港と潮 · English"' in listed


def test_short_feeds_are_published_where_they_are_asked_for(press: Press) -> None:
    press.bring(TIDES)
    press.publish()
    assert not [path for path in press.files() if "short" in path]
    press.about = replace(press.about, short=True)
    press.publish()
    assert press.feed("feed-short.json")["items"][0]["id"] == press.row("Tides").uid
    assert (press.root / "tags" / "sea" / "feed-short.rss").exists()
    press.about = replace(press.about, short=False)
    press.publish()
    assert not [path for path in press.files() if "short" in path]


def test_what_is_withdrawn_is_told_of_in_the_feeds_that_held_it(press: Press) -> None:
    press.bring(TIDES, HARBOUR)
    press.publish()
    assert b"tombstones" not in press.data("feed.atom")
    press.withdraw("Tides")
    report = press.publish()
    assert "feed.atom" in report.written
    told = f'<at:deleted-entry ref="{press.row("Tides").uid}" when="2026-11-23T08:00:00+00:00"/>'
    for path in ("feed.atom", "tags/sea/feed.atom"):
        assert told in press.data(path).decode()
    assert b"deleted-entry" not in press.data("lang/ja/feed.atom")
    assert press.titles() == ["港"]
    press.restore("Tides")
    press.publish()
    assert b"tombstones" not in press.data("feed.atom")
    assert set(press.titles()) == {"港", "Tides"}


def test_an_article_that_was_in_no_feed_leaves_no_trace_there(press: Press) -> None:
    press.bring(HARBOUR, TIDES)
    press.withdraw("Tides")
    press.publish()
    assert b"deleted-entry" not in press.data("feed.atom")
    assert press.titles() == ["港"]


def test_a_document_is_made_of_the_one_before_it(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.bring(*numbered(1, 30))
    press.publish()
    press.bring(TIDES)
    told: list[str] = []
    write = feeds_room.items.item

    def noted(about: Publication, entry: Entry, **values: bool) -> feeds_room.Item:
        told.append(entry.article.title)
        return write(about, entry, **values)

    monkeypatch.setattr(feeds_room, "item", noted)
    press.publish()
    assert set(told) == {"Tides"}
    spliced = press.files()
    press.root.rename(press.root.with_name("lost"))
    press.publish()
    assert press.files() == spliced


def test_a_document_that_somebody_changed_is_written_anew(press: Press) -> None:
    press.bring(*numbered(1, 3))
    press.publish()
    file = press.root / "feed.atom"
    file.write_bytes(file.read_bytes().replace(b"About 2", b"Absurd!"))
    press.bring(TIDES)
    press.publish()
    assert b"Absurd!" not in file.read_bytes()
    assert b"About 2" in file.read_bytes()
