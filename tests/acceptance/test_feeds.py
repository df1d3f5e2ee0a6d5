"""What an operator says of feeds: list, validate."""

from pathlib import Path

from tests.acceptance.pages import FIRST, page, series, write
from tests.acceptance.program import Program
from tests.net.site import running

VALID = Path(__file__).parent.parent / "feeds" / "validator" / "valid"


def test_every_feed_is_listed_with_its_title_entries_and_addresses(syndicate: Program) -> None:
    assert "Nothing is published yet" in syndicate("feeds", "list").stdout
    write(syndicate.folder / "content", series() | {"d.txt": page("一話で終わる話")})
    syndicate("build")
    whole, *others = syndicate.json("feeds", "list")
    assert whole["stem"] == "feed"
    assert whole["entries"] == 4
    assert whole["files"]["Atom"] == "http://127.0.0.1:8000/feed.atom"
    assert set(whole["files"]) == {"Atom", "RSS", "JSON Feed"}
    assert {(one["title"], one["entries"]) for one in others if "series/" in one["stem"]} == {
        (FIRST, 3)
    }
    assert "4 entries" in syndicate("feeds", "list").stdout


def test_all_published_feeds_are_validated_and_one_that_was_lost_is_named(
    syndicate: Program,
) -> None:
    write(syndicate.folder / "content", series())
    syndicate("build")
    assert ": 0 errors, 0 warnings" in syndicate("feeds", "validate").stdout
    (syndicate.folder / "public" / "feed.rss").unlink()
    found = syndicate.json("feeds", "validate", status=1)
    assert [(one["name"], one["faults"][0]["rule"]) for one in found if one["faults"]] == [
        ("feed.rss", "file-missing")
    ]
    syndicate("build")
    assert ": 0 errors" in syndicate("feeds", "validate").stdout


def test_a_feed_in_a_file_is_validated_and_its_faults_are_told(
    syndicate: Program, tmp_path: Path
) -> None:
    assert "1 document: 0 errors" in syndicate("feeds", "validate", VALID / "feed.atom").stdout
    broken = tmp_path / "broken.rss"
    text = (VALID / "feed.rss").read_text("utf-8").replace("<category>ports</category>", "<tag/>")
    broken.write_text(text, "utf-8")
    said = syndicate("feeds", "validate", broken, status=1).stdout
    assert "error    unknown: item 1 (tag:example.com,2026:a/2) has an element <tag>" in said
    assert "[RSS 2.0]" in said
    assert "cannot be read" in syndicate("feeds", "validate", tmp_path / "no", status=1).stderr


def test_a_feed_of_another_site_is_asked_through_the_guard(syndicate: Program) -> None:
    with running() as site:
        site.text("/feed", (VALID / "feed.json").read_bytes())
        refused = syndicate("feeds", "validate", site.url("/feed"), status=1).stderr
        assert "net.allow" in refused
        allowing = Program(syndicate.folder, {"SYNDICATE_NET__ALLOW": '["127.0.0.0/8"]'})
        assert "1 document: 0 errors" in allowing("feeds", "validate", site.url("/feed")).stdout
        answer = allowing("feeds", "validate", site.url("/none"), status=1).stderr
        assert "answers with 404, not with a feed" in answer
        other = allowing("feeds", "validate", "ftp://site.example/feed", status=1).stderr
        assert "ftp://site.example/feed" in other
        assert "neither http nor https" in other


def test_a_publication_moves_here_with_its_ids_and_addresses(syndicate: Program) -> None:
    """Built first, imported then: readers of the old feed find the same ids, and old links lead on."""
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    syndicate("build")
    allowing = Program(syndicate.folder, {"SYNDICATE_NET__ALLOW": '["127.0.0.0/8"]'})
    with running() as site:
        old = (VALID / "feed.rss").read_text("utf-8").replace("Day shift", FIRST)
        old = old.replace("https://example.com/articles/day/", site.url("/2019/day/"))
        old = old.replace("https://example.com/archive/1.rss", site.url("/none"))
        site.text("/feed/", old)
        assert "net.allow" in syndicate("feeds", "import-ids", site.url("/feed/"), status=1).stderr
        rehearsed = allowing("feeds", "import-ids", site.url("/feed/"), "--dry-run").stdout
        assert f"would take  {site.url('/2019/day/')}" in rehearsed
        report = allowing.json("feeds", "import-ids", site.url("/feed/"))
        uid = site.url("/2019/day/")
    assert (report["read"], report["waiting"], len(report["taken"])) == (2, 1, 1)
    syndicate("build")
    assert f"<id>{uid}</id>" in (syndicate.folder / "public" / "feed.atom").read_text("utf-8")
    assert ": 0 errors" in syndicate("feeds", "validate").stdout
    with syndicate.daemon() as daemon:
        assert daemon.get("/feed/")[0] == 200  # urllib follows to feed.rss
        assert daemon.get("/feed/")[2] == (syndicate.folder / "public" / "feed.rss").read_bytes()
