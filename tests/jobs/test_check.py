"""What `check` finds, on both databases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.articles import transcribe
from syndicate.content import Folder
from syndicate.jobs.check import Finding, Reading, check
from syndicate.jobs.collect import collect
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.rules import Rules
from syndicate.model import Article, Metadata, NamedSeries, Publication, silent
from syndicate.store import news, publication
from syndicate.store.database import Store
from tests.acceptance.pages import page
from tests.conftest import NOW
from tests.jobs.test_collect import Editor
from tests.world import DIGEST

ABOUT = Publication("P", "https://example.com")


@pytest.fixture
def editor(store: Store, tmp_path: Path) -> Editor:
    folder = tmp_path / "content"
    folder.mkdir()
    return Editor(store, folder)


def found(editor: Editor) -> list[Finding]:
    folders = [Folder(editor.folder, "content")]
    return list(check(editor.store, folders, ABOUT, [DIGEST], editor.rules, editor.now))


def codes(editor: Editor) -> list[tuple[str, str]]:
    return [(one.file, one.code) for one in found(editor)]


def test_what_is_well_has_no_findings(editor: Editor) -> None:
    editor.write(a=page("一", "二"), b=page("二"))
    editor.pick_up()
    assert found(editor) == []


def test_refusals_and_warnings_stand_until_they_are_mended(editor: Editor) -> None:
    editor.write(a="", b=page("二", "三"), c=page("四").replace("💡 ", "※"))
    for _ in range(2):
        editor.pick_up()
        assert codes(editor) == [
            ("content/a.txt", "refused"),
            ("content/b.txt", "series-next-missing"),
            ("content/c.txt", "no-highlights"),
        ]
    assert found(editor)[0].level == "error"
    assert found(editor)[0].message.startswith("is empty. Write")
    editor.write(a=page("三"))
    assert ("content/a.txt", "refused") not in codes(editor)  # though nothing was picked up
    editor.write(c="四\n要約。\n💡 点\n")
    assert codes(editor) == [("content/c.txt", "empty-body")]
    assert len(editor.published()) == 2


def test_what_a_build_warns_of_is_found_before_it_and_after(editor: Editor) -> None:
    texts = {
        "a": "---\ndate: 2999-01-01\n---\n# A\n\nText of boats.\n",
        "b": "---\nslug: boats\n---\n# B\n\nAnother thing.\n\nA\n",
        "c": "---\nslug: boats\n---\n# C\n\nA third thing.\n",
        "d": "---\ndraft: true\n---\n# D\n\nNot yet.\n",
    }
    for name, text in texts.items():
        (editor.folder / f"{name}.md").write_text(text, encoding="utf-8")
    found_before = found(editor)
    said = [(path, one.code, one.message) for path, one in editor.pick_up().warnings]
    assert [(one.file, one.code, one.message) for one in found_before] == sorted(said)
    assert found(editor) == found_before
    assert [(one.file, one.code) for one in found_before] == [
        ("content/a.md", "date-future"),
        ("content/b.md", "next-unmarked"),
        ("content/c.md", "slug-taken"),
    ]
    editor.now += timedelta(days=400_000 - 30_000)
    assert ("content/a.md", "date-future") not in codes(editor)


def test_a_sidecar_is_named_until_it_has_the_name_of_its_page(editor: Editor) -> None:
    editor.write(secret=page("秘"))
    old = editor.folder / "secret.toml"
    old.write_text('tags = ["a"]\n', encoding="utf-8")
    (before,) = found(editor)
    assert (before.file, before.code) == ("content/secret.toml", "sidecar-alone")
    assert before.message.endswith("Rename it to secret.txt.toml, or remove it.")
    first, again = editor.pick_up(), editor.pick_up()
    said = [(path, one.code, one.message) for path, one in first.alone]
    assert said == [(before.file, before.code, before.message)]
    assert again.alone == first.alone
    assert editor.told == []  # a log names it with what is new
    old.rename(editor.folder / "secret.txt.toml")
    assert found(editor) == []


def test_a_sidecar_that_is_fetched_before_its_page_is_not_named(editor: Editor) -> None:
    (editor.folder / "a.html.toml").touch()
    assert [path for path, _ in editor.pick_up().alone] == ["content/a.html.toml"]
    fetched = Folder(editor.folder, "web/town", fetched=True)
    assert editor.pick_up(folders=[fetched]).alone == ()


def test_pages_that_are_gone_are_named_with_the_time_that_is_left(editor: Editor) -> None:
    editor.write(**{f"p{n}": page(f"第{n}話") for n in range(6)})
    editor.pick_up()
    (editor.folder / "p0.txt").unlink()
    editor.pick_up()
    (one,) = found(editor)
    assert (one.file, one.code) == ("content/p0.txt", "page-gone")
    assert "withdrawn at 2026-11-24 06:02 UTC" in one.message
    for n in range(1, 5):
        (editor.folder / f"p{n}.txt").unlink()
    editor.pick_up()
    assert {one.code for one in found(editor)} == {"pages-missing"}


def test_settings_pictures_and_further_sources(editor: Editor) -> None:
    (editor.folder / "a.md").write_text("# 図\n要約。\n\n![](https://e.example/a.png)\n")
    editor.pick_up()
    editor.rules = replace(Rules(), series=(NamedSeries("s", "", ("content/none.txt",)),))

    def dead(reading: Reading) -> list[Finding]:
        return [Finding(reading.file(1), "dead-source", "no answer")]

    folders = [Folder(editor.folder, "content")]
    rows = check(editor.store, folders, ABOUT, [], editor.rules, NOW, more=[dead])
    assert sorted(one.code for one in rows) == [
        "dead-source",
        "no-alt",
        "series-part-missing",
        "series-unknown",
    ]


@pytest.mark.parametrize(("days", "is_news"), [(6, True), (8, False)])
def test_a_page_that_is_old_when_first_seen_is_nobodys_news(
    store: Store, days: int, is_news: bool
) -> None:
    old = Metadata(published=datetime(2026, 11, 23, tzinfo=UTC) - timedelta(days=days))
    with store.write() as tx:
        news.enrol(tx, DIGEST.name, NOW)
        origin = publication.fix_origin(tx, "example.com", NOW.date())
        arrivals = [
            Arrival("x", transcribe(Article("X", metadata=old)), None),
            Arrival("y", transcribe(Article("Y")), None),
        ]
        kept = keep(tx, arrivals, origin, [DIGEST], NOW, backlog=False)
        assert kept.backlog == ([] if is_news else ["x"])
        assert news.last_seq(tx, DIGEST.name) == (2 if is_news else 1)


def test_a_series_of_the_settings_is_kept_while_sending_is_settled(editor: Editor) -> None:
    editor.write(a=page("甲"), b=page("乙"))
    editor.rules = replace(Rules(), series=(NamedSeries("s", "", ("乙", "甲")),))
    editor.pick_up()
    folders = [Folder(editor.folder, "content")]
    again = collect(editor.store, folders, ABOUT, [DIGEST], editor.now, silent, rules=editor.rules)
    assert again.warnings == ()
