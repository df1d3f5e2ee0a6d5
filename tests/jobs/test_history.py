"""The main feed and the documents behind it: nothing that was ever published is out of reach."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.feeds.validator import validate
from syndicate.model import Article, Metadata, Publication
from syndicate.store.database import Store
from tests.jobs.press import Press, numbered


@pytest.fixture
def press(store: Store, tmp_path: Path) -> Press:
    """Most is about feeds alone: pages would only take time."""
    about = Publication(
        "港と潮", "https://example.com", author="編集部", links="source", site="off"
    )
    return Press(store, tmp_path / "public", about)


ARCHIVE = re.compile(r"archive/\d")


def walked(press: Press) -> dict[str, str]:
    """Walk back and keep of each id what was met first; return titles by id."""
    found: dict[str, str] = {}
    for document in press.walk():
        for item in document["items"]:
            found.setdefault(item["id"], item["title"])
    return found


def closed(press: Press) -> dict[str, bytes]:
    return {path: data for path, data in press.files().items() if ARCHIVE.match(path)}


def test_a_document_is_closed_every_hundred_first_publications(press: Press) -> None:
    press.bring(*numbered(1, 99))
    press.publish()
    assert closed(press) == {}
    press.bring(*numbered(100, 101))
    press.publish()
    assert sorted(press.titles("archive/1.json")) == sorted(f"n{n}" for n in range(1, 101))
    assert "archive/2.json" not in press.files()


def test_the_feed_reaches_back_to_the_newest_closed_document(press: Press) -> None:
    for first in range(1, 251, 50):
        press.bring(*numbered(first, first + 49))
        press.publish()
    assert press.feed()["next_url"] == "https://example.com/archive/2.json"
    assert set(press.titles()) >= {f"n{n}" for n in range(201, 251)}
    assert len(press.titles()) == 100


def test_walking_back_gives_exactly_what_is_published(press: Press) -> None:
    old = datetime(2020, 5, 1, tzinfo=UTC)
    press.bring(*numbered(1, 150), *numbered(151, 260, metadata=Metadata(published=old)))
    press.publish()
    press.bring(*numbered(261, 333))
    press.publish()
    press.withdraw("n7")
    press.withdraw("n300")
    press.publish()
    assert sorted(walked(press).values()) == sorted(
        f"n{n}" for n in range(1, 334) if n not in (7, 300)
    )
    assert len(list(press.walk())) == 4


def test_a_burst_is_met_by_who_walks_back(press: Press) -> None:
    press.bring(*numbered(1, 1))
    press.publish()
    press.bring(*numbered(2, 450))
    press.publish()
    assert len(walked(press)) == 450
    assert [len(one["items"]) for one in press.walk()] == [100, 100, 100, 100, 100]


def test_a_closed_document_does_not_change_with_what_comes_and_is_edited(press: Press) -> None:
    parts = [Article(f"n{n}", f"About {n}.", next_title=f"n{n + 1}") for n in range(1, 101)]
    press.bring(*parts)
    press.publish()
    before = closed(press)
    assert len(before) == 9  # three formats, each with its compressed forms
    press.bring(replace(parts[4], summary="Quite another text than it was before."))
    press.bring(Article("n101", "About 101."), *numbered(200, 305))
    press.about = replace(press.about, title="Another title", author="Somebody else")
    press.publish()
    after = closed(press)
    assert {path: after[path] for path in before} == before
    press.root.rename(press.root.with_name("lost"))
    press.publish()
    assert closed(press) == after


def test_a_closed_document_changes_for_a_withdrawal_and_back(press: Press) -> None:
    press.about = replace(press.about, links="site", site="on")
    press.bring(*[Article(f"n{n}", f"About {n}.", next_title=f"n{n + 1}") for n in range(1, 206)])
    press.publish()
    before = closed(press)
    uid, address = press.row("n50").uid, f"/articles/{press.row('n50').slug}/"
    press.withdraw("n50")
    report = press.publish()
    assert [path for path in report.written if ARCHIVE.match(path)] == [
        f"archive/1.{ending}" for ending in ("atom", "rss", "json")
    ]
    for path, data in closed(press).items():
        if path.endswith((".atom", ".rss", ".json")):
            assert uid.encode() not in data
            assert address.encode() not in data
            assert validate(data) == ()
    press.restore("n50")
    press.publish()
    assert closed(press) == before


def test_parts_that_are_down_while_their_document_closes_stand_there_alone_when_they_come_back(
    press: Press,
) -> None:
    tides = [Metadata(series="Tides", part=number) for number in range(1, 5)]
    press.bring(*(Article(f"n{one.part}", "Of tides.", metadata=one) for one in tides))
    press.publish()
    press.withdraw("n4")
    press.withdraw("n3")
    press.bring(*numbered(5, 101))
    press.publish()
    press.restore("n3")
    press.restore("n4")
    press.publish()
    texts = {item["title"]: item["content_html"] for item in press.feed("archive/1.json")["items"]}
    assert {title for title, text in texts.items() if 'class="series"' in text} == {"n1", "n2"}
    assert {"n3", "n4"} < texts.keys()


def test_a_closed_document_follows_to_a_new_address(press: Press) -> None:
    press.bring(*numbered(1, 230))
    press.publish()
    ids = list(walked(press))
    press.move("https://other.example/news")
    press.publish()
    assert list(walked(press)) == ids
    assert all(b"example.com/" not in data for data in closed(press).values())


def test_an_old_article_that_is_edited_stands_in_the_feed_again(press: Press) -> None:
    press.bring(*numbered(1, 100))
    press.publish()
    press.bring(*numbered(101, 350))
    press.publish()
    assert "n3" not in press.titles()
    press.bring(Article("n3", "Now it says something else altogether."))
    press.publish()
    assert "n3" in press.titles()
    press.bring(*numbered(351, 460))
    press.publish()
    item = next(one for one in press.feed("archive/4.json")["items"] if one["title"] == "n3")
    assert item["summary"] == "Now it says something else altogether."
    (old,) = [one for one in press.feed("archive/1.json")["items"] if one["title"] == "n3"]
    assert old["summary"] == "About 3."
    assert sorted(walked(press).values()) == sorted(f"n{n}" for n in range(1, 461))


def test_a_typo_that_is_mended_brings_nothing_back(press: Press) -> None:
    press.bring(*numbered(1, 250))
    press.publish()
    press.bring(Article("n3", "About 3 ."))
    press.publish()
    assert "n3" not in press.titles()


def test_documents_say_where_they_belong(press: Press) -> None:
    press.bring(*numbered(1, 210))
    press.publish()
    second = press.data("archive/2.atom").decode()
    for link in (
        'rel="self" type="application/atom+xml" href="https://example.com/archive/2.atom"',
        'rel="prev-archive" type="application/atom+xml" href="https://example.com/archive/1.atom"',
        'rel="current" type="application/atom+xml" href="https://example.com/feed.atom"',
    ):
        assert link in second
    assert "<fh:archive/>" in second
    assert b"prev-archive" not in press.data("archive/1.atom")
    assert second.split("id>")[1] == press.data("feed.atom").decode().split("id>")[1]


def test_a_history_that_is_not_published_is_kept_all_the_same(press: Press) -> None:
    press.bring(*numbered(1, 150))
    press.publish()
    before, about = press.files(), press.about
    press.about = replace(about, archives=False)
    assert press.publish().removed == ("archive/1.atom", "archive/1.json", "archive/1.rss")
    assert closed(press) == {}
    for path in ("feed.atom", "feed.json"):
        assert b"archive/1" in before[path]
        assert b"archive/1" not in press.data(path)
        assert not [one for one in validate(press.data(path)) if one.level == "error"]
    assert len(press.titles()) == 100
    press.bring(*numbered(151, 250))
    press.publish()
    press.about = about
    press.publish()
    assert {path: press.files()[path] for path in before if ARCHIVE.match(path)} == {
        path: data for path, data in before.items() if ARCHIVE.match(path)
    }
    assert len(walked(press)) == 250


def test_publishing_twice_changes_no_byte(press: Press) -> None:
    press.bring(*numbered(1, 130))
    press.publish()
    before = press.files()
    assert press.publish().written == ()
    assert press.files() == before
