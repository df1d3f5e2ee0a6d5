from datetime import date

import pytest
from msgspec.structs import replace

from syndicate.articles.change import Change, classify, letters, says_the_same
from syndicate.model import Article, Citation, Image, Metadata, Notice, Section


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("蜂は三つ。", "蜂は三つ。", "none"),
        ("蜂は三つ。", "蜂は三つ!", "cosmetic"),
        ("ﾊﾟﾝ ABC", "パン　ａｂｃ", "cosmetic"),
        ("か\u3099く", "がく", "cosmetic"),
        ("かく", "がく", "significant"),
        ("é", "e", "significant"),
    ],
)
def test_dress_is_not_what_is_said(old: str, new: str, change: Change) -> None:
    assert classify(Article("T", lead=(old,)), Article("T", lead=(new,))) == change


def test_a_line_of_a_million_marks_is_read_at_once() -> None:
    assert letters("a" + "\u0316\u0301" * 500_000 + "か\u3099") == "áが"


LINE = "The harbour master counted the boats at dawn."
BASE = Article(
    "Boats",
    "What boats do.",
    ("They float on water every day.",),
    (LINE,),
    (
        Section(
            "The quay and its old lamps",
            "Who lights the lamps at night?",
            "The keeper lights them at dusk.",
            ("It is said so.",),
            date(2026, 10, 1),
            ("There are twelve lamps on the quay.",),
            (Citation("Almanac", "https://example.org/a"),),
            ("Nobody knows who built the quay first.",),
        ),
    ),
)
ONE = BASE.sections[0]


def lead(text: str) -> Article:
    return replace(BASE, lead=(text,))


def section(**changes: object) -> Article:
    return replace(BASE, sections=(replace(ONE, **changes),))


CASES: list[tuple[str, Article, Change]] = [
    ("nothing", BASE, "none"),
    ("a warning alone", replace(BASE, warnings=(Notice("x", "y"),)), "none"),
    ("blanks and points", lead("The harbour-master  counted the boats, at dawn"), "cosmetic"),
    ("capitals", lead(LINE.upper()), "cosmetic"),
    ("a letter mended", lead(LINE.replace("boats", "boots")), "cosmetic"),
    ("a letter added", lead(LINE.replace("dawn", "dawns")), "cosmetic"),
    ("two letters turned", lead(LINE.replace("boats", "baots")), "cosmetic"),
    (
        "a letter in the body",
        section(body=("Nobody knows who buillt the quay first.",)),
        "cosmetic",
    ),
    ("a letter in an answer", section(teaser_answer="The keeper light them at dusk."), "cosmetic"),
    ("the markup", replace(BASE, html="<p>x</p>"), "cosmetic"),
    ("the next part", replace(BASE, next_title="More boats"), "cosmetic"),
    ("a tag", replace(BASE, metadata=Metadata(tags=("sea",))), "cosmetic"),
    ("an author", replace(BASE, metadata=Metadata(authors=("Ann", "Ben"))), "cosmetic"),
    (
        "marks of footnotes above the text",
        replace(BASE, title="Boats[^1]", summary="What[^a b] boats do.[^2]"),
        "cosmetic",
    ),
    ("a mark of a footnote in the text", lead(f"{LINE}[^1]"), "significant"),
    ("a word", lead(LINE.replace("boats", "ships")), "significant"),
    ("two places", lead(LINE.replace("boats", "boots").replace("dawn", "down")), "significant"),
    ("a figure", lead(LINE + " 3 of them"), "significant"),
    ("a letter of a short line", section(intro=("It is sad so.",)), "significant"),
    ("a line more", replace(BASE, lead=(LINE, "Correction: at noon.")), "significant"),
    ("a line less", section(body=()), "significant"),
    ("a correction mark", lead("[Corrected] " + LINE), "significant"),
    ("the title", replace(BASE, title="Boots"), "significant"),
    ("the summary", replace(BASE, summary="What boots do."), "significant"),
    ("a highlight", replace(BASE, highlights=("They float on water every way.",)), "significant"),
    ("a heading", section(heading="The quay and its odd lamps"), "significant"),
    ("a question", section(teaser_question="Who sights the lamps at night?"), "significant"),
    ("a key point", section(key_points=("There are twelve lamps in the quay.",)), "significant"),
    ("a date", section(source_date=date(2026, 10, 2)), "significant"),
    ("a source", section(sources=(Citation("Almanac", "https://example.org/b"),)), "significant"),
    ("no sections", replace(BASE, sections=()), "significant"),
    ("a picture", replace(BASE, images=(Image("a.png"),)), "significant"),
]


@pytest.mark.parametrize(
    ("new", "change"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_class_of_a_change(new: Article, change: Change) -> None:
    assert classify(BASE, new) == change
    assert classify(new, BASE) == change


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("昨日の朝、港には船が三隻いました。", "昨日の朝、港には船が四隻いました。"),
        (LINE + " 1", LINE + " 2"),
    ],
)
def test_a_figure_is_no_typo(old: str, new: str) -> None:
    assert classify(lead(old), lead(new)) == "significant"


def test_an_article_in_another_shape_says_the_same() -> None:
    shaped = replace(BASE, html="<p>x</p>", images=(Image("a.png"),))
    assert says_the_same(BASE, shaped)
    assert not says_the_same(BASE, lead(LINE.replace("boats", "boots")))
