"""What pages declare of themselves: dates, address, draft, series; on both databases."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.content import Folder
from syndicate.jobs.collect import Collected, collect
from syndicate.jobs.due import due
from syndicate.jobs.release import Released, release
from syndicate.jobs.rules import USUAL
from syndicate.jobs.withdraw import WithdrawalRefused, restore, withdraw
from syndicate.model import NewsKind, Publication, silent
from syndicate.store import articles, news, series, tags
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.world import DIGEST


class Editor:
    """Somebody who writes pages and sidecars, which are picked up a minute apart."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.now = store, folder, NOW

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        os.utime(file, (self.now.timestamp(), self.now.timestamp()))

    def pick_up(self, *, backlog: bool = False) -> Collected:
        self.now += timedelta(minutes=1)
        about = Publication("P", "https://example.com", zone="Asia/Tokyo")
        folders = [Folder(self.folder, "content")]
        return collect(
            self.store, folders, about, [DIGEST], self.now, lambda _event: None, backlog=backlog
        )

    def release(self) -> tuple[str, ...]:
        return self.let_out().articles

    def let_out(self) -> Released:
        return release(self.store, [DIGEST], USUAL, self.now, silent)

    def due(self) -> set[str]:
        with self.store.read() as tx:
            return {one.verb for one in due(tx, [DIGEST], "v1", self.now)}

    def published(self) -> list[articles.Row]:
        with self.store.read() as tx:
            return articles.published(tx)

    def news(self) -> list[int]:
        with self.store.read() as tx:
            rows = news.between(tx, DIGEST.name, 0, news.last_seq(tx, DIGEST.name))
        return [row.article_id for row in rows if row.kind is NewsKind.NEW]


@pytest.fixture
def editor(store: Store, tmp_path: Path) -> Editor:
    (tmp_path / "content").mkdir()
    return Editor(store, tmp_path / "content")


def codes(report: Collected) -> list[str]:
    return [notice.code for _, notice in report.warnings]


def test_a_page_brings_its_date_and_its_address(editor: Editor) -> None:
    editor.write("a.md", "---\ndate: 2020-05-01 09:00\nslug: boats\n---\n# A\n\nText of boats.\n")
    assert codes(editor.pick_up()) == []
    (row,) = editor.published()
    assert (row.slug, row.published.isoformat()) == ("boats", "2020-05-01T00:00:00+00:00")
    editor.write("b.md", "---\ndate: 2999-01-01\nslug: boats\n---\n# B\n\nAnother thing.\n")
    assert codes(editor.pick_up()) == ["date-future", "slug-taken"]
    assert [row.slug for row in editor.published()] == ["boats"]


def test_dates_that_cannot_be_reckoned_with_hold_up_no_page(editor: Editor) -> None:
    for name, day in (("a", "0001-01-01"), ("b", "9999-12-31T23:59:59-11:00"), ("c", "0999-12-31")):
        editor.write(f"{name}.md", f"---\ndate: {day}\n---\n# {name}\n\nText of {name}.\n")
    report = editor.pick_up()
    assert sorted(codes(report)) == ["date-future", "metadata-invalid", "metadata-invalid"]
    assert {row.published for row in editor.published()} == {editor.now.replace(microsecond=0)}


def test_what_a_page_did_not_get_is_named_by_its_file(editor: Editor) -> None:
    editor.write("a.md", "---\ndate: 2999-01-01\n---\n# A\n\nText of boats.\n")
    editor.write("b.md", "# B\n\nAnother thing.\n\nA\n")
    editor.write("c.txt", "C\nOf nets.\n💡 One.\nText of nets.\n\nNext page ⇒\nD\n")
    assert sorted((path, notice.code) for path, notice in editor.pick_up().warnings) == [
        ("content/a.md", "date-future"),
        ("content/b.md", "next-unmarked"),
        ("content/c.txt", "series-next-missing"),
    ]


def dated(day: str) -> str:
    return f"---\ndate: {day}\n---\n# Boats\n\nText of boats.\n"


def test_a_page_with_a_date_to_come_is_published_and_news_when_that_time_is_there(
    editor: Editor,
) -> None:
    day = editor.now + timedelta(days=2)
    editor.write("a.md", dated(day.isoformat()))
    assert codes(editor.pick_up()) == ["date-future"]
    editor.now = day - timedelta(seconds=1)
    assert "release" not in editor.due()
    assert (editor.release(), editor.published(), editor.news()) == ((), [], [])
    editor.now = day + timedelta(hours=3)
    assert "release" in editor.due()
    assert editor.release() == ("boats",)
    (row,) = editor.published()
    assert (row.published, row.updated, editor.news()) == (day, day, [row.id])
    assert editor.release() == ()
    assert codes(editor.pick_up()) == []


@pytest.mark.parametrize("edits", [[], [2], [2, 3], [2, None]])
def test_what_was_read_as_old_with_a_date_to_come_is_nobodys_news_then(
    editor: Editor, edits: list[int | None]
) -> None:
    day = editor.now + timedelta(days=3)
    editor.write("a.md", dated(day.isoformat()))
    editor.pick_up(backlog=True)
    for days in edits:  # None: its date is taken away
        date = "" if days is None else (editor.now + timedelta(days=days)).isoformat()
        editor.write("a.md", dated(date))
        editor.pick_up()
    editor.now = day + timedelta(days=1)
    assert editor.let_out().mailed == 0
    assert (len(editor.published()), editor.news()) == (1, [])


def test_an_old_draft_that_gets_a_date_to_come_is_news_then(editor: Editor) -> None:
    editor.write("a.md", "---\ndate: 2019-01-01\ndraft: true\n---\n# Boats\n\nText of boats.\n")
    editor.pick_up()
    day = editor.now + timedelta(days=2)
    editor.write("a.md", dated(day.isoformat()))
    editor.pick_up()
    editor.now = day
    assert editor.release() == ("boats",)
    assert len(editor.news()) == 1


def test_a_page_taken_away_before_its_date_does_not_come_out(editor: Editor) -> None:
    day = editor.now + timedelta(days=2)
    editor.write("a.md", dated(day.isoformat()))
    editor.pick_up()
    (editor.folder / "a.md").unlink()
    editor.pick_up()
    editor.now = day + timedelta(hours=3)
    assert "release" not in editor.due()
    assert (editor.release(), editor.published(), editor.news()) == ((), [], [])
    editor.write("a.md", dated(day.isoformat()))
    editor.pick_up()
    assert editor.release() == ("boats",)
    assert len(editor.published()) == len(editor.news()) == 1


@pytest.mark.parametrize("said", ["date: 2999-01-01", "draft: true"])
def test_what_is_not_out_yet_is_neither_withdrawn_nor_put_back(editor: Editor, said: str) -> None:
    editor.write("a.md", f"---\n{said}\n---\n# Boats\n\nText of boats.\n")
    editor.pick_up()
    with pytest.raises(WithdrawalRefused, match="Take its page away"):
        withdraw(editor.store, "boats", "wrong", editor.now, silent)
    (editor.folder / "a.md").unlink()
    editor.pick_up()
    with pytest.raises(WithdrawalRefused, match="there is nothing to put back"):
        restore(editor.store, "boats", editor.now, silent)
    assert editor.published() == []


@pytest.mark.parametrize(
    "address", ["http://[", "https://a.example:99999/x", "https://a.example:b/"]
)
def test_an_address_that_cannot_be_read_is_left_out_and_holds_up_no_page(
    editor: Editor, address: str
) -> None:
    editor.write(
        "a.html", f'<link rel="canonical" href="{address}"><h1>A</h1><p>Text of boats.</p>'
    )
    editor.write("b.md", f"---\ncanonical: '{address}'\n---\n# B\n\nAnother thing.\n")
    assert codes(editor.pick_up()) == ["metadata-invalid"]
    assert [row.canonical for row in editor.published()] == [None, None]


def test_a_date_to_come_may_be_moved_and_taken_back_until_it_is_there(editor: Editor) -> None:
    editor.write("a.md", dated("2998-01-01"))
    editor.pick_up()
    editor.write("a.md", dated("2999-01-01"))
    editor.pick_up()
    with editor.store.read() as tx:
        (row,) = articles.every(tx)
    assert (row.state, f"{row.published:%Y-%m-%d}") == (
        articles.SCHEDULED,
        "2998-12-31",
    )  # in Tokyo 2999
    editor.write("a.md", "# Boats\n\nText of boats.\n")
    editor.pick_up()
    (row,) = editor.published()
    assert (row.published, editor.news()) == (editor.now.replace(microsecond=0), [row.id])
    editor.write("a.md", dated("2999-01-01"))
    assert codes(editor.pick_up()) == ["date-future"]
    assert len(editor.published()) == len(editor.news()) == 1


@pytest.mark.parametrize("said", ["draft = true", "date = 2999-01-01"])
@pytest.mark.parametrize("title", ["", 'title = "Another"\n'])
def test_a_page_that_leaves_its_sidecar_behind_is_not_published_by_that(
    editor: Editor, said: str, title: str
) -> None:
    editor.write("secret.md", "# A\n\nText of boats.\n")
    editor.write("secret.md.toml", f"{title}{said}\n")
    editor.pick_up()
    (editor.folder / "secret.md").rename(editor.folder / "plan.md")
    for _ in range(2):
        report = editor.pick_up()
        assert [path for path, _ in report.alone] == ["content/plan.md", "content/secret.md.toml"]
        assert (report.new, report.moved, report.gone) == ((), (), ())
    assert report.alone[0][1].message == (
        "this was content/secret.md, and was kept back. It is not picked up under its new name while its "
        "sidecar lies where it was: rename content/secret.md.toml to content/plan.md.toml, or remove it."
    )
    (editor.folder / "secret.md.toml").rename(editor.folder / "plan.md.toml")
    report = editor.pick_up()
    assert (report.moved, report.alone) == (("content/plan.md",), ())
    assert (editor.published(), editor.news()) == ([], [])
    (editor.folder / "plan.md.toml").unlink()
    editor.pick_up()
    assert len(editor.published()) == len(editor.news()) == 1


def test_a_moved_draft_whose_sidecar_is_removed_or_copied_is_what_its_page_says(
    editor: Editor,
) -> None:
    for name in ("a", "b"):
        editor.write(f"{name}.md", f"# {name}\n\nText of {name * 9}, which sails and sails.\n")
        editor.write(f"{name}.md.toml", "draft = true\n")
    editor.pick_up()
    editor.write("new-b.md.toml", "draft = true\n")
    for name in ("a", "b"):
        (editor.folder / f"{name}.md").rename(editor.folder / f"new-{name}.md")
    report = editor.pick_up()
    assert report.moved == ("content/new-b.md",)
    assert [path for path, _ in report.alone] == [
        "content/new-a.md",
        "content/a.md.toml",
        "content/b.md.toml",
    ]
    (editor.folder / "a.md.toml").unlink()
    report = editor.pick_up()
    assert report.moved == ("content/new-a.md",)
    assert [row.title for row in editor.published()] == ["a"]


def test_a_draft_is_news_when_it_is_none_any_more(editor: Editor) -> None:
    editor.write("a.md", "---\ndraft: true\n---\n# A\n\nText of boats.\n")
    assert editor.pick_up().new == ("content/a.md",)
    assert (editor.published(), editor.news()) == ([], [])
    editor.write("a.md", "# A\n\nText of boats.\n")
    report = editor.pick_up()
    assert (report.released, report.mailed) == (("content/a.md",), 1)
    (row,) = editor.published()
    assert (editor.news(), row.published) == ([row.id], editor.now.replace(microsecond=0))
    editor.write("a.md", "---\ndraft: true\n---\n# A\n\nText of boats.\n")
    assert codes(editor.pick_up()) == ["draft-late"]
    assert len(editor.published()) == len(editor.news()) == 1


def test_only_what_is_news_now_counts_as_mailed(editor: Editor) -> None:
    old = f"date: {editor.now - timedelta(days=30):%Y-%m-%d}"
    lines = {"a": "draft: true", "b": "date: 2999-01-01", "c": old, "d": f"draft: true\n{old}"}
    for name, said in lines.items():
        editor.write(f"{name}.md", f"---\n{said}\n---\n# {name}\n\nText of {name}, a boat.\n")
    editor.write("e.md", "# e\n\nText of e, a boat.\n")
    report = editor.pick_up()
    assert (len(report.new), report.mailed, len(editor.news())) == (5, 1, 1)
    assert report.drafts == ("content/a.md", "content/d.md")
    assert (report.scheduled, report.backlog) == (("content/b.md",), ("content/c.md",))
    for name, said in {"a": "draft: true\ntags: [x]", "b": "tags: [x]", "d": old}.items():
        editor.write(f"{name}.md", f"---\n{said}\n---\n# {name}\n\nText of {name}, a boat.\n")
    editor.write("e.md", "# e\n\nText of e, a ship.\n")
    report = editor.pick_up()
    assert (len(report.changed), report.mailed, len(editor.news())) == (4, 1, 2)
    assert report.released == ("content/b.md", "content/d.md")


def test_a_sidecar_is_watched_and_refuses_its_page_when_broken(editor: Editor) -> None:
    editor.write("a.txt", "A\nSummary.\nText of boats.\n")
    editor.write("a.txt.toml", 'title = "From beside"\n')
    editor.pick_up()
    assert [row.title for row in editor.published()] == ["From beside"]
    assert editor.pick_up() == Collected(pages=1)
    editor.write("a.txt.toml", "title = \n")
    ((path, reason),) = editor.pick_up().refused
    assert path == "content/a.txt"
    assert "its sidecar content/a.txt.toml cannot be read" in reason
    (editor.folder / "a.txt.toml").unlink()
    assert editor.pick_up().changed == ("content/a.txt",)
    assert [row.title for row in editor.published()] == ["A"]


def test_a_series_is_ordered_by_hand(editor: Editor) -> None:
    for name, part, text in (("x", 2, "Of bees."), ("y", 1, "A wall."), ("z", 2, "Iron ships.")):
        editor.write(f"{name}.md", f"---\nseries: Boats\npart: {part}\n---\n# {name}\n\n{text}\n")
    editor.write("w.md", "---\nseries: boats\n---\n# w\n\nOther series, by its letters.\n")
    assert "series-part-twice" in codes(editor.pick_up())
    with editor.store.read() as tx:
        found = {one.title: [part.title for part in one.parts] for one in series.load(tx).values()}
    assert found == {"Boats": ["y", "x", "z"], "boats": ["w"]}


def test_parts_of_one_date_stand_a_second_apart_in_their_order(editor: Editor) -> None:
    for part in (3, 1, 2):
        said = f"date: 2026-10-01T09:00:00+09:00\nseries: Boats\npart: {part}"
        editor.write(f"{part}.md", f"---\n{said}\n---\n# Boats {part}\n\nText number {part}.\n")
    editor.pick_up()
    rows = sorted(editor.published(), key=lambda row: row.published)
    assert [row.part for row in rows] == [1, 2, 3]
    assert [row.published.second for row in rows] == [0, 1, 2]


def test_tags_are_kept_by_key_and_follow_the_page(editor: Editor) -> None:
    editor.write("a.md", "---\ntags: [Bees, Ｗinter, bees, '  ']\n---\n# A\n\nText of boats.\n")
    editor.write("b.md", "---\ntags: [winter]\ndraft: true\n---\n# B\n\nAnother thing.\n")
    editor.write("c.md", "# C\n\nA third one.\n")
    editor.pick_up()
    found = tags_of(editor)
    assert [list(one.items()) for one in found.values()] == [
        [("bees", "Bees"), ("winter", "Ｗinter")]
    ]
    editor.write("a.md", "---\ntags: winter\n---\n# A\n\nText of boats.\n")
    assert editor.pick_up().changed == ("content/a.md",)
    assert list(tags_of(editor).values()) == [{"winter": "winter"}]
    editor.write("a.md", "# A\n\nText of boats.\n")
    editor.pick_up()
    assert tags_of(editor) == {}


def tags_of(editor: Editor) -> Mapping[int, Mapping[str, str]]:
    with editor.store.read() as tx:
        return tags.published(tx)
