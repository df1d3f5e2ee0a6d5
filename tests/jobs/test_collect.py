"""Which pages become news, and when they are dated, on both databases."""

import os
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from syndicate.articles import transcribe
from syndicate.content import Folder, directory
from syndicate.jobs.collect import Collected, collect
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.rules import USUAL, Rules
from syndicate.model import Article, Event, NewsKind, Newsletter, Publication
from syndicate.store import articles, batches, news, pages, publication
from syndicate.store.articles import Row
from syndicate.store.database import Store
from tests.acceptance.pages import page
from tests.conftest import NOW
from tests.world import DIGEST

BOATS = "船\n港の船がどこへ行くのかを聞く。\n💡 灯台の下で待つ。\n船長は地図を広げて、島の名を言いました。\n"


@dataclass
class Editor:
    """Somebody who writes pages into a folder, which are picked up a minute apart."""

    store: Store
    folder: Path
    now: datetime = NOW
    rules: Rules = USUAL
    newsletter: Newsletter = DIGEST
    told: list[Event] = field(default_factory=list)

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            file = self.folder / f"{name}.txt"
            file.write_text(text, encoding="utf-8")
            os.utime(file, (self.now.timestamp(), self.now.timestamp()))

    def pick_up(self, seconds: float = 60, folders: Sequence[Folder] = ()) -> Collected:
        self.now += timedelta(seconds=seconds)
        self.told.clear()
        about = Publication("P", "https://example.com")
        folders = folders or [Folder(self.folder, "content")]
        return collect(
            self.store,
            folders,
            about,
            [self.newsletter],
            self.now,
            self.told.append,
            rules=self.rules,
        )

    def published(self) -> list[Row]:
        with self.store.read() as tx:
            return articles.published(tx)

    def news(self) -> list[int]:
        with self.store.read() as tx:
            rows = news.between(tx, DIGEST.name, 0, news.last_seq(tx, DIGEST.name))
        return [row.article_id for row in rows if row.kind is NewsKind.NEW]


@pytest.fixture
def editor(store: Store, tmp_path: Path) -> Editor:
    folder = tmp_path / "content"
    folder.mkdir()
    return Editor(store, folder)


def notices(report: Collected) -> list[tuple[str, str]]:
    return [(path, notice.message) for path, notice in report.warnings]


def test_a_refused_page_is_named_once_and_counted_until_it_is_mended(editor: Editor) -> None:
    editor.write(a="", b="", c=BOATS)
    found = [editor.pick_up() for _ in range(2)]
    editor.write(a=page("一"), d="")
    found.append(editor.pick_up())
    assert [len(one.refused) for one in found] == [2, 0, 1]
    assert [one.still_refused for one in found] == [0, 2, 1]


def test_of_a_page_that_is_refused_now_the_article_stays_and_that_is_said(editor: Editor) -> None:
    editor.write(a=page("一"))
    assert editor.pick_up().refused == ()
    editor.write(a="")
    ((path, reason),) = editor.pick_up().refused
    assert (path, reason.endswith(" Its article stays as it was.")) == ("content/a.txt", True)
    assert [row.title for row in editor.published()] == ["一"]
    editor.write(b="")
    ((_, reason),) = editor.pick_up().refused
    assert "Its article" not in reason


def test_another_article_in_the_same_file_is_news_and_the_old_one_stays_published(
    editor: Editor,
) -> None:
    editor.write(latest=page("蜂"))
    editor.pick_up()
    (bees,) = editor.published()
    editor.write(latest=BOATS)
    report = editor.pick_up()
    path = "content/latest.txt"
    assert (report.new, report.changed, report.gone) == ((path,), (), (path,))
    boats, old = editor.published()
    assert old.said() == bees.said()
    assert editor.news() == [bees.id, boats.id]
    why = "holds a new article: it shares neither title nor text with “蜂” (蜂)"
    assert (path, f"{why}, which stays published until it is withdrawn.") in notices(report)
    assert [one.name for one in editor.told][:2] == ["page.new", "page.gone"]
    assert "page.warning" in [one.name for one in editor.told]
    assert editor.pick_up() == Collected(pages=1, missing=1)


def test_a_file_that_is_renamed_and_retitled_at_once_is_no_news(editor: Editor) -> None:
    editor.write(bees=page("蜂"))
    editor.pick_up()
    (bees,) = editor.published()
    (editor.folder / "bees.txt").unlink()
    editor.write(hives=page("蜂").replace("蜂", "巣箱", 1))
    report = editor.pick_up()
    assert (report.new, report.moved, report.gone) == ((), ("content/hives.txt",), ())
    (hives,) = editor.published()
    assert (hives.title, hives.uid, hives.slug) == ("巣箱", bees.uid, bees.slug)
    assert len(editor.news()) == 1


def test_pages_are_recognised_however_many_are_read_between_them(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    titles = {f"p{number}": page(f"第{number}の話") for number in range(9)}
    editor.write(**titles, a=page("蜂"), z=page("蜂"))
    first = editor.pick_up()
    assert sorted(first.new) == [f"content/{name}.txt" for name in ("a", *titles)]
    assert [path for path, _ in first.refused] == ["content/z.txt"]
    (editor.folder / "a.txt").rename(editor.folder / "q.txt")
    (editor.folder / "z.txt").unlink()
    editor.write(**{f"{name}-again": text.replace("話", "歌") for name, text in titles.items()})
    later = editor.pick_up()
    assert sorted(later.new) == [f"content/{name}-again.txt" for name in titles]
    assert (later.moved, later.gone, later.refused) == (("content/q.txt",), (), ())
    assert len(editor.news()) == len(first.new) + len(later.new)


def test_a_page_whose_language_is_too_long_to_be_one_holds_up_no_other(editor: Editor) -> None:
    (editor.folder / "a.md").write_text(
        f"---\nlang: en{'-abcdefgh' * 400}\n---\n# 庭\n\n庭の話。\n"
    )
    editor.write(b=page("蜂"))
    report = editor.pick_up()
    assert len(report.new) + len(report.refused) == 2
    assert "蜂" in [row.title for row in editor.published()]
    assert max(len(row.language) for row in editor.published()) < 36


def test_a_weekly_title_is_news_every_week(editor: Editor) -> None:
    editor.write(week1=page("今週のまとめ"))
    editor.pick_up()
    (editor.folder / "week1.txt").unlink()
    assert editor.pick_up().gone == ("content/week1.txt",)
    editor.write(week2="今週のまとめ\n" + BOATS.partition("\n")[2])
    report = editor.pick_up()
    assert (report.new, report.changed, report.moved) == (("content/week2.txt",), (), ())
    assert len(set(editor.news())) == 2
    assert "whose file is gone (今週のまとめ), which stays" in str(notices(report))


@pytest.mark.parametrize("edited", [page("蜂を数える"), "蜂\n" + BOATS.partition("\n")[2]])
def test_a_new_title_or_a_new_text_is_an_edit(editor: Editor, edited: str) -> None:
    editor.write(latest=page("蜂") if edited.startswith("蜂\n") else page("蜂を教える"))
    editor.pick_up()
    (before,) = editor.published()
    editor.write(latest=edited)
    report = editor.pick_up()
    assert (report.new, report.changed, report.gone) == ((), ("content/latest.txt",), ())
    (after,) = editor.published()
    assert (after.id, after.uid, after.slug, after.published) == (
        before.id,
        before.uid,
        before.slug,
        before.published,
    )


def test_pages_below_a_directory_that_cannot_be_read_are_not_gone(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (editor.folder / "sub").mkdir()
    editor.write(**{"a": page("蜂"), "sub/b": BOATS})
    editor.pick_up()
    listing = os.scandir

    def scandir(path: Any) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return listing(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        editor.write(c=page("灯台"))
        report = editor.pick_up()
    assert (report.new, report.gone) == (("content/c.txt",), ())
    assert [path for path, _ in report.refused] == ["content/sub"]
    assert editor.pick_up() == Collected(pages=3)


def test_parts_are_dated_in_their_order_however_soon_they_follow(editor: Editor) -> None:
    editor.write(p1=page("一", "二"))
    editor.pick_up()
    editor.write(p5=page("五"), p4=page("四", "五"), p3=page("三", "四"), p2=page("二", "三"))
    editor.pick_up(seconds=2)
    assert [row.title for row in editor.published()] == ["五", "四", "三", "二", "一"]
    dates = [row.published for row in editor.published()]
    assert len(set(dates)) == len(dates)
    editor.write(p5=page("五", "六"), p6=page("六"))
    editor.pick_up(seconds=1)
    assert [row.title for row in editor.published()][:2] == ["六", "五"]


def test_of_one_instant_the_later_part_comes_first(editor: Editor) -> None:
    editor.write(a=page("二"), b=page("一", "二"))
    editor.pick_up()
    with editor.store.write() as tx:
        for row in articles.every(tx):
            articles.change(tx, row.id, {"published": NOW})
    assert [row.title for row in editor.published()] == ["二", "一"]


def test_what_stands_alone_keeps_one_order(editor: Editor) -> None:
    editor.write(c=page("丙"), a=page("甲"), b=page("乙"))
    editor.pick_up()
    assert [row.title for row in editor.published()] == ["丙", "乙", "甲"]


def test_many_articles_of_one_title_cost_few_questions_each(editor: Editor) -> None:
    many, asked = 120, list[str]()
    editor.write(**{f"p{n:03}": f"今週\n{n}。\n本文{n}。\n" for n in range(many)})
    event.listen(
        editor.store.writer,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement),
    )
    editor.pick_up()
    assert len(asked) < many * 40
    rows = sorted(editor.published(), key=lambda row: row.id)
    assert [row.slug for row in rows] == ["今週", *(f"今週-{n}" for n in range(2, many + 1))]
    assert len({row.uid for row in rows}) == many


def test_files_that_swap_names_while_one_is_being_written_keep_their_articles(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.rules = replace(USUAL, leave_unfinished=True, grace=timedelta(0))
    bees, boats = page("蜂の巣"), BOATS
    editor.write(a=bees, b=boats)
    editor.pick_up()
    before = {row.title: row.uid for row in editor.published()}
    monkeypatch.setattr(directory, "PATIENCE_S", 0)
    editor.write(a=boats, b=f"{bees}一行が加わりました。\n")
    os.utime(editor.folder / "a.txt")  # just now: it may still be being written
    report = editor.pick_up()
    assert (report.new, report.gone) == ((), ())
    editor.write(a=boats)
    editor.pick_up()
    assert {row.title: row.uid for row in editor.published()} == before


def test_a_page_that_is_edited_keeps_its_article_though_a_copy_lies_beside_it(
    editor: Editor,
) -> None:
    editor.write(bees=page("蜂"))
    editor.pick_up()
    before = editor.news()
    editor.write(**{"a copy": page("蜂")})
    for line in range(3):
        editor.write(bees=page("蜂") + "雨の日は休みます。\n" * line)
        report = editor.pick_up()
        assert report.new == report.moved == ()
    with editor.store.read() as tx:
        assert list(pages.refused(tx)) == ["content/a copy.txt"]
    assert editor.news() == before


def test_files_that_swap_names_between_two_looks_are_no_doubles(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.rules = replace(USUAL, grace=timedelta(0))
    (editor.folder / "sub").mkdir()
    one, other, between = (editor.folder / name for name in ("a.txt", "sub/b.txt", ".between"))
    editor.write(**{"a": page("蜂の巣"), "sub/b": BOATS})
    os.utime(other, (0, 0))
    editor.pick_up()
    before = {row.title: row.uid for row in editor.published()}
    listing = os.scandir

    def scandir(path: Any) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "sub":  # `one` was looked at already
            one.rename(between)
            other.rename(one)
            between.rename(other)
        return listing(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        report = editor.pick_up()
    assert (report.new, report.gone, report.refused) == ((), (), ())
    assert len(editor.pick_up().moved) == len(before)
    assert {row.title: row.uid for row in editor.published()} == before


def test_what_another_pass_notes_while_files_are_looked_at_is_known(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.write(boats=BOATS)
    listing, others = os.scandir, [editor.pick_up]

    def scandir(path: Any) -> Iterator[os.DirEntry[str]]:
        if others:
            assert others.pop()().new == ("content/boats.txt",)
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = editor.pick_up()
    assert (report.pages, report.new, report.moved) == (1, (), ())
    assert len(editor.news()) == 1


def test_an_edit_is_later_than_all_before_also_where_the_clock_was_put_back(
    editor: Editor,
) -> None:
    editor.write(a=page("蜂"))
    editor.pick_up()
    (before,) = editor.published()
    editor.now -= timedelta(days=1)
    editor.write(a=page("蜂", highlight="巣箱は四つある。"))
    editor.pick_up()
    (after,) = editor.published()
    assert after.updated == before.updated + timedelta(seconds=1)


def test_a_page_in_a_directory_within_another_is_picked_up_once(editor: Editor) -> None:
    inner = editor.folder / "inner"
    inner.mkdir()
    editor.write(one=page("蜂"))
    (inner / "two.txt").write_text(BOATS, encoding="utf-8")
    os.utime(inner / "two.txt", (1, 1))
    folders = [
        Folder(editor.folder, "content"),
        Folder(inner, "content/inner"),
        Folder(editor.folder / "away", "content/away"),
        Folder(inner, "content/inner"),
    ]
    report = editor.pick_up(folders=folders)
    assert sorted(report.new) == ["content/inner/two.txt", "content/one.txt"]
    assert [path for path, _ in report.refused] == ["content/away"]
    assert report.pages == 3


class Texts:
    """Very many pages, of which each is written down anew when it is asked for."""

    def __init__(self, count: int, letters: int) -> None:
        self.count, self.letters = count, letters

    def __iter__(self) -> Iterator[Arrival]:
        for number in range(self.count):
            said = f"{number} " * (self.letters // len(f"{number} "))
            yield Arrival(f"{number}.txt", transcribe(Article(f"Page {number}", said)), None)


def test_texts_are_kept_without_all_of_them_in_memory(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 20)
    every = Texts(count=400, letters=10_000)
    tracemalloc.start()
    try:
        with store.write() as tx:
            origin = publication.fix_origin(tx, "example.com", NOW.date())
            kept = keep(tx, every, origin, [], NOW, backlog=False)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(kept.new) == every.count
    assert (
        most < every.count * every.letters / 2
    )  # twenty at a time, in some copies, and statements
