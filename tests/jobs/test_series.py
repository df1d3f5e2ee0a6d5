"""Series while their pages come, go and change, on both databases."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.jobs.relink import concerns
from syndicate.jobs.rules import Rules
from syndicate.model import NamedSeries, Part
from syndicate.store import publication, series
from syndicate.store.database import Store
from tests.acceptance.pages import page
from tests.jobs.test_collect import Editor, notices


@pytest.fixture
def editor(store: Store, tmp_path: Path) -> Editor:
    folder = tmp_path / "content"
    folder.mkdir()
    return Editor(store, folder)


def parts(editor: Editor) -> dict[str, list[str]]:
    """The titles of each series' parts, by its slug; what has not come is in brackets."""
    with editor.store.read() as tx:
        return {one.slug: [_shown(part) for part in one.parts] for one in series.load(tx).values()}


def _shown(part: Part) -> str:
    return part.title if part.published else f"({part.title})"


def test_a_part_that_appears_a_week_later_joins_what_was_there(editor: Editor) -> None:
    editor.write(p1=page("一", "二"), p3=page("三", "四"))
    editor.pick_up()
    assert parts(editor) == {"一": ["一", "(二)"], "三": ["三", "(四)"]}
    editor.write(p2=page("二", "三"))
    editor.pick_up(seconds=7 * 86_400)
    assert parts(editor) == {"一": ["一", "二", "三", "(四)"]}


def test_a_series_called_like_a_page_of_the_list_has_an_address_of_its_own(editor: Editor) -> None:
    editor.write(p1=page("Page 1", "Page 2"), p2=page("Page 2"))
    editor.pick_up()
    assert list(parts(editor)) == ["series-page-1"]


def test_a_part_that_is_inserted_moves_the_later_ones(editor: Editor) -> None:
    editor.write(p1=page("一", "三"), p3=page("三"))
    editor.pick_up()
    editor.write(p1=page("一", "二"), p2=page("二", "三"))
    editor.pick_up()
    assert parts(editor) == {"一": ["一", "二", "三"]}


def test_a_part_that_is_renamed_stays_in_its_place_and_the_old_title_is_named(
    editor: Editor,
) -> None:
    editor.write(p1=page("一", "二"), p2=page("二", "三"), p3=page("三"))
    editor.pick_up()
    editor.write(p2=page("二、改題", "三"))
    report = editor.pick_up()
    assert parts(editor) == {"一": ["一", "二、改題", "三"]}
    assert [notice.code for _, notice in report.warnings] == ["series-renamed"]
    editor.write(p1=page("一、改題", "二、改題"))
    assert notices(editor.pick_up()) == []
    assert parts(editor) == {"一": ["一、改題", "二、改題", "三"]}


def test_two_series_of_one_title_are_two(editor: Editor) -> None:
    first = page("話", "甲")
    other = page("話", "乙").replace("庭の話をします。", "海の話を、船の上で長く聞きました。")
    editor.write(a=first, b=page("甲"), c=other, d=page("乙"))
    editor.pick_up()
    assert parts(editor) == {"話": ["話", "甲"], "話-2": ["話", "乙"]}


def test_the_settings_count_at_the_next_pass_though_no_page_changed(editor: Editor) -> None:
    editor.write(a=page("甲"), b=page("乙"))
    editor.pick_up()
    with editor.store.write() as tx:
        publication.set_published(tx, publication.behind(tx) or 0)
    named = NamedSeries("fables", "物語", ("content/b.txt", "甲", "丙"))
    editor.rules = replace(Rules(), series=(named,))
    assert [path for path, _ in notices(editor.pick_up())] == ["syndicate.toml"]
    assert parts(editor) == {"fables": ["乙", "甲", "(丙)"]}
    with editor.store.read() as tx:
        assert publication.behind(tx) is not None
    assert notices(editor.pick_up()) == []
    editor.write(c=page("丙"))
    editor.pick_up()
    assert parts(editor) == {"fables": ["乙", "甲", "丙"]}
    editor.rules = Rules()
    editor.pick_up()
    assert parts(editor) == {}


def test_a_series_that_names_files_is_whole_from_the_first_pass(editor: Editor) -> None:
    named = NamedSeries("fables", "物語", ("content/b.txt", "甲"))
    editor.rules = replace(Rules(), series=(named,))
    editor.write(a=page("甲"), b=page("乙"))
    assert notices(editor.pick_up()) == []
    assert parts(editor) == {"fables": ["乙", "甲"]}


def test_an_article_keeps_its_place_in_a_series_of_files_when_its_file_is_renamed_or_gone(
    editor: Editor,
) -> None:
    named = NamedSeries("fables", "", ("content/b.txt", "content/a.txt"))
    editor.rules = replace(Rules(), series=(named,))
    editor.write(a=page("甲"), b=page("乙"), c=page("丙"))
    editor.pick_up()
    (editor.folder / "b.txt").rename(editor.folder / "z.txt")
    moved = editor.pick_up()
    said = "the part “content/b.txt” of the series fables left that file. Mend parts of [[series]]."
    assert notices(moved) == [("content/z.txt", said)]
    (editor.folder / "a.txt").unlink()
    editor.pick_up()
    editor.write(c=page("丙") + "一行を加えた。\n")
    assert [text for _, text in notices(editor.pick_up())] == []
    assert parts(editor) == {"fables": ["乙", "甲"]}
    with editor.store.read() as tx:
        codes = [one.notice.code for one in concerns(tx, editor.rules.series)]
    assert codes == ["series-renamed", "series-renamed"]
    editor.write(b=page("丁"))
    assert notices(editor.pick_up()) == []
    assert parts(editor) == {"fables": ["丁", "甲"]}


def test_series_leave_the_settings_in_the_pass_that_reads_an_edited_page(editor: Editor) -> None:
    editor.write(a=page("甲"), b=page("乙"))
    named = NamedSeries("fables", "物語", ("乙", "甲"))
    editor.rules = replace(Rules(), series=(named,))
    editor.pick_up()
    assert parts(editor) == {"fables": ["乙", "甲"]}
    editor.rules = Rules()
    editor.write(a=page("甲") + "一行を加えた。\n")
    assert editor.pick_up().changed == ("content/a.txt",)
    assert parts(editor) == {}


def test_an_edit_that_says_nothing_of_series_leaves_the_order_as_it_was(editor: Editor) -> None:
    editor.write(p1=page("一", "二"), p2=page("二", "三"))
    editor.pick_up()
    editor.write(p2=page("二", "三").replace("三", "一行を加えた。\n三", 1))
    assert notices(editor.pick_up()) == []
    assert parts(editor) == {"一": ["一", "二", "(三)"]}
