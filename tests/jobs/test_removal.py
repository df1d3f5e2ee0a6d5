"""Pages that are gone, and articles that leave with them or stay, on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.jobs import announce, withdraw
from syndicate.jobs.due import due
from syndicate.jobs.plan import plan
from syndicate.jobs.rules import Rules
from syndicate.model import silent
from syndicate.store import articles
from syndicate.store.database import Store
from tests.acceptance.pages import page
from tests.jobs.test_collect import BOATS, Editor
from tests.world import DIGEST

HOUR = Rules(grace=timedelta(hours=1))


@pytest.fixture
def editor(store: Store, tmp_path: Path) -> Editor:
    folder = tmp_path / "content"
    folder.mkdir()
    return Editor(store, folder, rules=HOUR)


def leave(editor: Editor) -> tuple[str, ...]:
    """Take down what is due."""
    return withdraw.withdraw_overdue(editor.store, editor.rules, editor.now, silent).articles


def slugs(editor: Editor) -> list[str]:
    return sorted(row.slug for row in editor.published())


def test_an_article_leaves_with_its_page_after_the_grace_and_comes_back_the_same(
    editor: Editor,
) -> None:
    editor.write(a=page("蜂"), b=BOATS)
    editor.pick_up()
    bees = next(row for row in editor.published() if row.title == "蜂")
    (editor.folder / "a.txt").unlink()
    editor.pick_up()
    assert leave(editor) == ()
    editor.pick_up(seconds=3600)
    with editor.store.read() as tx:
        work = due(tx, [DIGEST], "v1", editor.now, editor.rules.grace)
    assert "withdraw" in [one.verb for one in work]
    assert leave(editor) == ("蜂",)
    assert slugs(editor) == ["船"]
    with editor.store.read() as tx:
        assert articles.get(tx, bees.id).state == articles.REMOVED
    editor.write(elsewhere=page("蜂"))
    report = editor.pick_up()
    assert (report.new, report.moved) == ((), ("content/elsewhere.txt",))
    assert (report.back, editor.pick_up().back) == (("蜂",), ())
    assert bees in editor.published()
    assert editor.news() == [bees.id, bees.id + 1]


def test_a_page_that_is_back_in_time_loses_nothing(editor: Editor) -> None:
    editor.write(a=page("蜂"))
    editor.pick_up()
    (editor.folder / "a.txt").unlink()
    editor.pick_up()
    editor.write(a=page("蜂"))
    assert editor.pick_up().back == ()
    editor.pick_up(seconds=7200)
    assert leave(editor) == ()


def test_a_page_that_goes_before_it_has_settled_is_news_only_when_it_is_back(
    editor: Editor,
) -> None:
    editor.newsletter = replace(DIGEST, settle=timedelta(minutes=5))
    editor.write(a=page("蜂"), b=BOATS)
    editor.pick_up()
    bees = next(row for row in editor.published() if row.title == "蜂")
    (editor.folder / "a.txt").unlink()
    editor.pick_up()
    editor.pick_up(seconds=600)
    announce.settle(editor.store, [editor.newsletter], editor.now, silent)
    assert bees.id not in editor.news()
    assert len(editor.news()) == 1
    (coming, *_) = plan(editor.store, [editor.newsletter], 1, editor.now)
    assert [(one.title, one.reason) for one in coming.left_out] == [
        ("蜂", "its page is gone: it waits until that is back")
    ]
    editor.write(a=page("蜂"))
    editor.pick_up()
    announce.settle(editor.store, [editor.newsletter], editor.now, silent)
    assert bees.id in editor.news()


def test_another_article_in_the_file_lets_the_old_one_leave(editor: Editor) -> None:
    editor.write(latest=page("蜂"))
    editor.pick_up()
    editor.write(latest=BOATS)
    editor.pick_up()
    editor.pick_up(seconds=3600)
    assert leave(editor) == ("蜂",)
    with editor.store.read() as tx:
        (bees,) = (row for row in articles.every(tx) if row.slug == "蜂")
    withdraw.restore(editor.store, bees.slug, editor.now, silent)
    editor.pick_up(seconds=7200)
    assert leave(editor) == ()
    assert slugs(editor) == ["船", "蜂"]


def test_a_half_deleted_tree_withdraws_nothing_and_says_so_once(editor: Editor) -> None:
    editor.write(**{f"p{n}": page(f"第{n}話") for n in range(10)})
    editor.pick_up()
    for n in range(3):
        (editor.folder / f"p{n}.txt").unlink()
    assert editor.pick_up().guarded == 0
    for n in range(3, 6):  # a tree that is deleted slowly is one all the same
        (editor.folder / f"p{n}.txt").unlink()
    report = editor.pick_up()
    assert (report.guarded, report.missing) == (6, 6)
    assert [one.level for one in editor.told if one.name == "pages.missing"] == ["error"]
    editor.write(p0=page("第0話"))
    for _ in range(2):  # the second finds nothing new
        report = editor.pick_up(seconds=7200)
        assert (report.guarded, report.newly_guarded, report.missing) == (5, 0, 5)
        assert [one for one in editor.told if one.name == "pages.missing"] == []
    assert leave(editor) == ()
    assert len(editor.published()) == 10
    assert withdraw.accept_removals(editor.store, HOUR.grace).articles == 5
    assert len(leave(editor)) == 5


def test_what_was_accepted_leaves_after_its_grace_whatever_comes_meanwhile(editor: Editor) -> None:
    editor.write(**{f"p{n}": page(f"第{n}話") for n in range(6)})
    editor.pick_up()
    for n in range(5):
        (editor.folder / f"p{n}.txt").unlink()
    editor.pick_up()
    accepted = withdraw.accept_removals(editor.store, HOUR.grace)
    assert accepted == withdraw.Accepted(5, editor.now + HOUR.grace)
    editor.write(other=BOATS)
    assert editor.pick_up().guarded == 0
    assert leave(editor) == ()
    editor.pick_up(seconds=3600)
    assert len(leave(editor)) == 5


def test_a_tree_that_moves_is_not_gone(editor: Editor) -> None:
    editor.write(**{f"p{n}": page(f"第{n}話") for n in range(6)})
    editor.pick_up()
    (editor.folder / "sub").mkdir()
    for n in range(6):
        (editor.folder / f"p{n}.txt").rename(editor.folder / "sub" / f"p{n}.txt")
    report = editor.pick_up()
    assert (len(report.moved), report.guarded, report.missing) == (6, 0, 0)


def test_a_double_takes_over_when_the_other_file_goes(editor: Editor) -> None:
    editor.write(a=page("蜂"), b=page("蜂"))
    assert [path for path, _ in editor.pick_up().refused] == ["content/b.txt"]
    assert editor.pick_up().refused == ()
    (editor.folder / "a.txt").unlink()
    report = editor.pick_up()
    assert (report.refused, report.moved, report.missing) == ((), ("content/b.txt",), 0)


def test_what_is_copied_over_another_page_is_one_article_less(editor: Editor) -> None:
    editor.write(a=page("蜂"), b=BOATS)
    editor.pick_up()
    editor.write(b=page("蜂"))
    editor.pick_up()
    editor.pick_up(seconds=3600)
    assert leave(editor) == ("船",)


def test_an_article_that_was_withdrawn_by_hand_stays_so_whatever_its_page_does(
    editor: Editor,
) -> None:
    editor.write(a=page("蜂"), b=BOATS)
    editor.pick_up()
    withdraw.withdraw(editor.store, "蜂", "a mistake", editor.now, silent)
    editor.write(a=page("蜂", highlight="巣箱は四つある。"))
    assert editor.pick_up().changed == ("content/a.txt",)
    assert slugs(editor) == ["船"]
    with pytest.raises(withdraw.WithdrawalRefused, match="already"):
        withdraw.withdraw(editor.store, "蜂", "a mistake", editor.now, silent)
    withdraw.restore(editor.store, "蜂", editor.now, silent)
    assert slugs(editor) == ["船", "蜂"]
    with pytest.raises(withdraw.WithdrawalRefused, match="nothing to put back"):
        withdraw.restore(editor.store, "蜂", editor.now, silent)


def test_a_series_keeps_its_address_while_all_of_it_is_down(editor: Editor) -> None:
    editor.write(a=page("一", "二"), b=page("二"))
    editor.pick_up()
    for name in ("一", "二"):
        withdraw.withdraw(editor.store, name, "x", editor.now, silent)
    for name in ("一", "二"):
        withdraw.restore(editor.store, name, editor.now, silent)
    rows = editor.published()
    assert [(row.series_id, row.part) for row in rows] == [(1, 2), (1, 1)]
