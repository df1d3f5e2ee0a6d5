from collections.abc import Mapping
from datetime import timedelta

import pytest
from msgspec.structs import replace

from syndicate.articles import content_hash, title_key
from syndicate.articles.candidates import Candidate, Identity, Known
from syndicate.articles.identity import identify
from syndicate.articles.likeness import is_alike, is_edit
from syndicate.model import Article, Metadata, Section
from tests.conftest import NOW

BEES = (
    "巣箱の蜂を数えずに、その数を知る方法。",
    "三つの巣箱がある庭から始めます。",
    "夕方に巣箱の重さをはかります。",
)
BOATS = (
    "港の船がどこへ行くのかを聞く。",
    "灯台の下で、朝の三時から待ちました。",
    "船長は地図を広げて、島の名を言いました。",
)


def page(title: str, texts: tuple[str, ...], heading: str = "") -> Article:
    summary, *body = texts or ("",)
    return Article(title, summary, sections=(Section(heading or None, body=tuple(body)),))


CASES = [
    ("the same", page("蜂", BEES), page("蜂", BEES), True, True),
    ("a typo in the title", page("蜂を教える", BEES), page("蜂を数える", BEES), True, True),
    ("another title", page("船", BEES), page("蜂", BEES), True, True),
    ("the width of the title", page("Ａ 1", BEES), page("A1", BOATS), True, False),
    ("another text", page("蜂", BOATS), page("蜂", BEES), True, False),
    ("a title and a word", page("船", (BEES[0], *BOATS[1:])), page("蜂", BOATS), True, True),
    ("grown", page("船", (*BEES, *BOATS * 9)), page("蜂", BEES), True, True),
    ("cut", page("船", BEES[:2]), page("蜂", (*BEES, *BOATS)), True, True),
    ("turned round", page("船", BEES[::-1]), page("蜂", BEES), True, True),
    ("all of it", page("船", BOATS), page("蜂", BEES), False, False),
    ("all but one heading", page("船", BOATS, "庭"), page("蜂", BEES, "庭"), False, False),
    (
        "a weekly summary line",
        page("二", (BEES[0], *BOATS * 3)),
        page("一", BEES * 3),
        False,
        False,
    ),
    ("a title without a text", page("船", ()), page("蜂", ()), True, True),
    ("a text at last", page("船", BOATS), page("蜂", ()), False, False),
]


@pytest.mark.parametrize(
    ("old", "new", "edit", "alike"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_an_edit_keeps_the_title_or_a_third_of_the_text(
    old: Article, new: Article, edit: bool, alike: bool
) -> None:
    assert (is_edit(old, new), is_alike(old, new)) == (edit, alike)


TEXTS: list[Article] = []  # of candidates, where they are found


def candidate(path: str, article: Article, copied: int | None = None) -> Candidate:
    TEXTS.append(article)
    key, original = title_key(article.title), article.metadata.canonical
    return Candidate(path, content_hash(article), key, original, len(TEXTS) - 1, copied)


def known(
    held: Mapping[str, Article],
    gone: Mapping[str, Article],
    settled: tuple[str, ...] = (),
    former: Mapping[int, Article] | None = None,
    unread: tuple[str, ...] = (),
    parted: tuple[int, ...] = (),
) -> Known:
    """Articles 1, 2, ... in the order given: those that files hold, then those whose files are gone.

    `former` is what some of them said once; `unread` are settled files that could not be read; `parted`
    are articles whose files went in this pass.
    """
    said = dict(enumerate((*held.values(), *gone.values()), 1))
    by_path = {path: number for number, path in enumerate((*held, *gone), 1)}
    by_title: dict[str, list[int]] = {}
    for number, article in said.items():
        by_title.setdefault(title_key(article.title), []).append(number)
    return Known(
        {content_hash(article): number for number, article in said.items()},
        {content_hash(article): number for number, article in (former or {}).items()},
        {one.metadata.canonical: n for n, one in said.items() if one.metadata.canonical},
        by_path,
        by_title,
        {by_path[path]: path for path in (*settled, *unread)},
        unread.__contains__,
        set(held),
        parted,
        said.__getitem__,
        lambda one: TEXTS[one.place],
    )


def decided(known_: Known, **pages: Article) -> dict[str, Identity]:
    return identify([candidate(path, article) for path, article in pages.items()], known_)


def test_another_article_in_the_same_file_is_new() -> None:
    before = known({"latest": page("蜂", BEES)}, {})
    assert decided(before, latest=page("船", BOATS)) == {"latest": Identity("new", not_this=1)}


def test_a_new_title_or_a_new_text_in_the_same_file_is_the_same_article() -> None:
    before = known({"latest": page("蜂", BEES)}, {})
    for edited in (page("蜂!", BEES), page("蜂", BOATS)):
        assert decided(before, latest=edited) == {"latest": Identity("same", 1)}


def test_a_title_that_comes_again_with_another_text_is_new() -> None:
    weekly = known({}, {"week1": page("今週", BEES)})
    for name in ("week2", "week1"):
        assert decided(weekly, **{name: page("今週", BOATS)})[name] == Identity("new", not_this=1)


def test_a_file_that_comes_back_edited_under_another_name_is_the_same_article() -> None:
    before = known({}, {"old": page("今週", BEES), "other": page("今週", BOATS)})
    edited = page("今週", (*BEES, "雨の日は休みます。"))
    assert decided(before, renamed=edited) == {"renamed": Identity("moved", 1)}


def test_an_article_that_moved_leaves_its_file_to_a_new_one() -> None:
    before = known({"latest": page("蜂", BEES)}, {})
    edited = page("蜂", (*BEES, "雨の日は休みます。"))
    assert decided(before, latest=page("船", BOATS), archive=edited) == {
        "latest": Identity("new"),
        "archive": Identity("moved", 1),
    }


def test_a_title_of_an_article_that_stands_elsewhere_is_free() -> None:
    before = known({"a": page("今週", BEES)}, {}, settled=("a",))
    assert decided(before, b=page("今週", BOATS)) == {"b": Identity("new")}


def test_a_page_that_was_half_written_and_comes_back_whole_elsewhere_is_the_same_article() -> None:
    whole = page("蜂の一年", BEES)
    for half in (page("蜂の", ()), page("蜂の一", BEES[:1])):
        before = known({}, {"old": half}, former={1: whole})
        assert decided(before, renamed=whole) == {"renamed": Identity("moved", 1)}


def test_a_text_that_an_article_once_had_is_new_if_that_says_something_else_now() -> None:
    template = page("見出し", ("ここに書く。",))
    before = known({}, {"old": page("蜂", BEES)}, former={1: template})
    assert decided(before, new=template) == {"new": Identity("new")}


def test_a_file_with_another_name_and_title_in_one_pass_is_the_same_article() -> None:
    gone = {"counting-bees": page("蜂", BEES * 2), "boats": page("船", BOATS * 2)}
    before = known(gone, {}, parted=(1, 2))
    assert decided(before, new=page("蜂を数える", BEES * 2), other=page("港", BOATS)) == {
        "new": Identity("moved", 1),
        "other": Identity("new"),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (page("26日", BEES[:1]), page("27日", BEES[:1])),
        (page("蜂", BEES * 2), page("船", (*BEES * 2, "雨の日は休みます。"))),
        (
            replace(page("一", BEES * 2), metadata=Metadata(published=NOW)),
            replace(page("二", BEES * 2), metadata=Metadata(published=NOW + timedelta(days=7))),
        ),
    ],
)
def test_a_daily_form_in_a_new_file_is_a_new_article(old: Article, new: Article) -> None:
    assert decided(known({"a": old}, {}, parted=(1,)), b=new) == {"b": Identity("new")}


def test_a_text_that_a_standing_article_once_had_is_new() -> None:
    before = known(
        {"old": page("蜂", BEES[:1])}, {}, settled=("old",), former={1: page("蜂の一年", BEES)}
    )
    assert decided(before, copy=page("蜂の一年", BEES)) == {"copy": Identity("new")}


def original(article: Article, address: str) -> Article:
    return replace(article, metadata=Metadata(canonical=address))


def test_an_original_is_found_by_its_address_if_title_or_text_agrees() -> None:
    before = known({}, {"old": original(page("今週", BEES), "https://example.org/1")})
    edited = original(page("今週", BOATS), "https://example.org/1")
    assert decided(before, new=edited)["new"] == Identity("moved", 1)
    other = original(page("船", BOATS), "https://example.org/1")
    assert decided(before, new=other)["new"] == Identity("new")


def test_an_address_that_two_pages_share_says_nothing() -> None:
    before = known({}, {"old": original(page("今週", BEES), "https://example.org/1")})
    parts = {
        name: original(page("今週", (text,)), "https://example.org/1")
        for name, text in (("p1", BOATS[0]), ("p2", BOATS[1]))
    }
    assert {one.kind for one in decided(before, **parts).values()} == {"new"}


def test_another_original_of_the_same_title_in_the_same_file_is_new() -> None:
    before = known({"latest": original(page("今週", BEES), "https://example.org/1")}, {})
    next_week = original(page("今週", BOATS), "https://example.org/2")
    assert decided(before, latest=next_week)["latest"] == Identity("new", not_this=1)


def test_capitals_of_a_file_name_change_nothing() -> None:
    before = known({"Bees": page("蜂", BEES)}, {})
    assert decided(before, bees=page("蜂", BOATS)) == {"bees": Identity("moved", 1)}
    both = known({"Bees": page("蜂", BEES)}, {}, settled=("Bees",))
    assert decided(both, bees=page("船", BOATS)) == {"bees": Identity("new")}


def test_another_shape_of_a_page_is_the_same_article_or_a_double() -> None:
    shaped = replace(page("蜂", BEES), html="<p>x</p>", metadata=Metadata(tags=("x",)))
    gone = known({}, {"a.txt": page("蜂", BEES)})
    assert decided(gone, **{"a.md": shaped}) == {"a.md": Identity("moved", 1)}
    there = known({"a.txt": page("蜂", BEES)}, {}, settled=("a.txt",))
    assert decided(there, **{"a.md": shaped}) == {"a.md": Identity("double", other="a.txt")}
    empty = known({}, {})
    assert decided(empty, a=page("蜂", BEES), b=shaped)["b"] == Identity("double", other="a")


def test_what_may_be_the_article_of_an_unread_file_is_left_to_the_next_pass() -> None:
    """Two files swapped their names, and one of them is still being written."""
    bees, edited = page("蜂", BEES), page("蜂", (*BEES, "一行が加わりました。"))
    before = known({"a": bees, "b": page("船", BOATS)}, {}, unread=("a",))
    assert decided(before, b=edited) == {"b": Identity("unsure")}
    assert decided(before, c=page("蜂", BOATS))["c"].kind == "new"


def test_a_copy_of_an_unread_file_is_left_to_the_next_pass() -> None:
    """Its file may be gone by now, or hold another text: then this is no copy."""
    before = known({"a": page("蜂", BEES)}, {}, unread=("a",), former={1: page("蜂の一年", BEES)})
    for said in (page("蜂", BEES), page("蜂の一年", BEES)):
        assert decided(before, b=said) == {"b": Identity("unsure")}


def test_a_copy_does_not_take_the_article_of_the_file_that_is_edited() -> None:
    bees, edited = page("蜂", BEES), page("蜂", (*BEES, "雨の日は休みます。"))
    before = known({"b": bees}, {})
    for name in ("a", "c"):
        assert decided(before, b=edited, **{name: bees}) == {
            "b": Identity("same", 1),
            name: Identity("double", other="b"),
        }
    assert decided(before, a=bees, b=page("蜂", BOATS))["a"] == Identity("moved", 1)


def test_a_double_stays_one_however_the_other_file_is_edited() -> None:
    bees, edited = page("蜂", BEES), page("蜂", BEES[:2])
    before = known({"b": page("蜂", BEES[1:])}, {}, former={1: bees})
    copy = candidate("a", bees, copied=1)
    assert identify([copy, candidate("b", edited)], before) == {
        "b": Identity("same", 1),
        "a": Identity("double", other="b"),
    }
    assert identify([copy], before)["a"].article_id == 1
