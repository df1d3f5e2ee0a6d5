"""The grammar of text pages, rule by rule (PAGES.md)."""

from datetime import date

import pytest

from syndicate.model import Section
from tests.articles.samples import DATE, HEAD, OPENING, codes, read, section

FULL = (*HEAD, *OPENING, DATE, "✅ Point", "Body.")


def _heads(*lines: str) -> list[tuple[str | None, str | None, str | None, tuple[str, ...]]]:
    return [
        (one.heading, one.teaser_question, one.teaser_answer, one.intro)
        for one in read(*lines).sections
    ]


def test_a_page_of_the_shape_has_no_warnings() -> None:
    assert codes(read(*FULL)) == []


# --- title, summary, highlights, lead -----------------------------------------------------------


def test_the_first_line_is_the_title_whatever_it_looks_like() -> None:
    assert [read(line, "S", "L").title for line in ("💡 T", DATE, "✅", "Next page ⇒")] == [
        "💡 T", DATE, "✅", "Next page ⇒",
    ]  # fmt: skip


def test_the_second_line_is_the_summary() -> None:
    assert read("T", "S", "L").summary == "S"


def test_a_highlight_in_the_second_line_leaves_the_summary_out_with_a_warning() -> None:
    article = read("T", "💡 H", "L")
    assert (article.summary, article.highlights, article.lead) == (None, ("H",), ("L",))
    assert codes(article) == ["no-summary"]


def test_a_title_alone_is_an_article_with_warnings() -> None:
    article = read("T")
    assert (article.title, article.summary, article.lead) == ("T", None, ())
    assert codes(article) == ["no-summary", "empty-body"]


@pytest.mark.parametrize(
    "after", ["", " ", "\u3000", "\t \u3000", "\ufe0f", "\ufe0f ", "\ufe0f\u3000"]
)
def test_after_the_bulb_come_a_variation_selector_and_blanks_or_nothing(after: str) -> None:
    assert read("T", "S", f"💡{after}H", "L").highlights == ("H",)


def test_a_later_bulb_is_text() -> None:
    article = read("T", "S", "💡 H", "L", "💡 text", *OPENING, DATE, "💡 body")
    assert article.highlights == ("H",)
    assert article.lead == ("L", "💡 text")
    assert article.sections[0].body == ("💡 body",)


def test_a_bulb_or_check_mark_alone_is_dropped_with_a_warning_each() -> None:
    article = read("T", "S", "💡", "💡 H", "💡\ufe0f", *OPENING, DATE, "✅", "Body.")
    assert article.highlights == ("H",)
    assert article.sections[0].key_points == ()
    assert codes(article) == ["empty-item"] * 3


def test_a_page_without_dates_is_all_lead() -> None:
    lines = (
        "One.",
        "Heading",
        "Question?",
        "✅ text",
        "Read more ⇒N Source/Image: https://a.example",
    )
    article = read("T", "S", *lines)
    assert article.lead == lines
    assert article.sections == ()
    assert codes(article) == []


# --- where a section begins ---------------------------------------------------------------------


def test_heading_question_answer_and_intro_stand_before_the_date() -> None:
    lines = ("Lead.", *OPENING, "Intro 1.", "Intro 2.", DATE)
    assert _heads(*HEAD, *lines) == [("Heading", "Question?", "Answer", ("Intro 1.", "Intro 2."))]
    assert read(*HEAD, *lines).lead == ("Lead.",)


def test_the_question_nearest_to_the_date_counts() -> None:
    lines = ("Far heading", "Far question?", "Middle.", "Near heading", "Near？", "A", DATE)
    assert _heads(*HEAD, *lines) == [("Near heading", "Near？", "A", ())]
    assert read(*HEAD, *lines).lead == ("Far heading", "Far question?", "Middle.")


@pytest.mark.parametrize("mark", ["。", ".", "!", "！"])
def test_a_question_after_a_sentence_is_none(mark: str) -> None:
    lines = ("Heading", "Question?", "Answer", f"Sentence{mark}", "Is it so?", DATE)
    intro = (f"Sentence{mark}", "Is it so?")
    assert _heads(*HEAD, *lines) == [("Heading", "Question?", "Answer", intro)]


@pytest.mark.parametrize("mark", ["?", "？"])
def test_of_two_questions_in_a_row_the_first_is_the_question(mark: str) -> None:
    lines = ("Heading", f"Really{mark}", "Is it so?", "Answer", DATE)
    assert _heads(*HEAD, *lines) == [("Heading", f"Really{mark}", "Is it so?", ("Answer",))]


def test_text_before_a_later_heading_is_the_body_of_the_section_before() -> None:
    later = ("Heading 2", "Question 2?", "Answer 2", "Published: 2026/2/3", "Body 2.")
    article = read(*FULL, "More body.", "Is it body?", *later)
    first, second = article.sections
    assert first.body == ("Body.", "More body.", "Is it body?")
    assert (second.heading, second.teaser_question, second.body) == (
        "Heading 2",
        "Question 2?",
        ("Body 2.",),
    )


@pytest.mark.parametrize("floor", ["✅ Point", "Read more ⇒N Source/Image: https://a.example/"])
def test_a_section_never_begins_before_the_last_key_point_or_source(floor: str) -> None:
    article = read(*FULL, "Not a heading", "Not a question?", floor, "H", "A", "B", DATE)
    first, second = article.sections
    assert first.body[:3] == ("Body.", "Not a heading", "Not a question?")
    assert (second.heading, second.teaser_question, second.teaser_answer) == ("H", "A", "B")
    assert "heading-guessed" in codes(article)


def test_without_points_and_sources_a_section_begins_after_the_date_before() -> None:
    lines = (*HEAD, *OPENING, DATE, "H", "Q?", "A", DATE)
    assert _heads(*lines) == [("Heading", "Question?", "Answer", ()), ("H", "Q?", "A", ())]


def test_points_and_sources_before_the_first_date_are_text() -> None:
    source = "Read more ⇒N Source/Image: https://a.example/"
    lines = ("✅ lead", source, "Heading", "Question?", "Answer", "✅ intro", DATE)
    article = read(*HEAD, *lines)
    assert article.lead == ("✅ lead", source)
    assert article.sections[0].intro == ("✅ intro",)


# --- headings that have to be guessed, and what is missing --------------------------------------


def test_without_a_question_the_first_line_that_is_no_sentence_is_the_heading() -> None:
    article = read(*HEAD, "Lead.", "Lead!", "Heading", "Teaser", "Answer", "Intro.", DATE, "Body.")
    assert article.lead == ("Lead.", "Lead!")
    assert article.sections == (
        Section("Heading", "Teaser", "Answer", ("Intro.",), date(2026, 1, 15), body=("Body.",)),
    )
    assert codes(article) == ["heading-guessed"]


@pytest.mark.parametrize(
    ("lines", "head", "missing"),
    [
        (("H", "Q", "A"), ("H", "Q", "A", ()), ["heading-guessed"]),
        (("H", "Q"), ("H", "Q", None, ()), ["heading-guessed", "no-answer"]),
        (("H",), ("H", None, None, ()), ["heading-guessed", "no-question", "no-answer"]),
        ((), (None, None, None, ()), ["no-heading", "no-question", "no-answer"]),
        (("L.",), (None, None, None, ()), ["no-heading", "no-question", "no-answer"]),
        (("H", "Q?"), ("H", "Q?", None, ()), ["no-answer"]),
        (("Q?", "A"), (None, "Q?", "A", ()), ["no-heading"]),
        (("Q?",), (None, "Q?", None, ()), ["no-heading", "no-answer"]),
    ],
)
def test_what_is_not_there_is_null_with_a_warning(
    lines: tuple[str, ...], head: tuple[object, ...], missing: list[str]
) -> None:
    page = (*HEAD, *lines, DATE, "Body.")
    assert _heads(*page) == [head]
    assert codes(read(*page)) == missing


def test_where_nothing_can_be_a_heading_the_text_belongs_to_what_stands_before() -> None:
    article = read(*FULL, "More.", "Last.", DATE, "Body 2.")
    assert [one.body for one in article.sections] == [("Body.", "More.", "Last."), ("Body 2.",)]
    assert read(*HEAD, "Lead.", DATE).lead == ("Lead.",)


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "公開日:2026/01/05",
        "公開日：2026/01/05",
        "公開日: 2026-1-5",
        "公開日 ：　２０２６／１／５",
        "Published: 2026-01-05",
        "Published:2026/1/5",
        "PUBLISHED: 2026.01.05",
    ],
)
def test_a_date_line_gives_the_date_of_the_source(line: str) -> None:
    article = read(*HEAD, *OPENING, line, "Body.")
    assert article.sections[0].source_date == date(2026, 1, 5)
    assert codes(article) == []


@pytest.mark.parametrize(
    "line",
    ["公開日:2026/02/30", "公開日:2026/13/1", "公開日:0000/1/1", "公開日:2026/1", "Published: 20260105",
     "公開日:2026年1月5日", "公開日:"],
)  # fmt: skip
def test_an_impossible_date_opens_its_section_with_a_warning_that_quotes_it(line: str) -> None:
    article = read(*HEAD, *OPENING, line, "Body.")
    (only,) = article.sections
    assert (only.heading, only.source_date, only.body) == ("Heading", None, ("Body.",))
    assert codes(article) == ["date-invalid"]
    assert line in article.warnings[0].message


@pytest.mark.parametrize(
    "line",
    ["Published: a study of tides.", "公開日:未定", "予定公開日:2026/1/5", "It was published: 2026-1-5",
     "公開日:" + "1" * 40],
)  # fmt: skip
def test_a_sentence_about_a_date_is_text(line: str) -> None:
    assert read(*HEAD, line).lead == (line,)


# --- after the date -----------------------------------------------------------------------------


def test_key_points_are_lines_that_begin_with_a_check_mark() -> None:
    found = section("✅ One", "✅Two", "✅\ufe0f\u3000Three", "Body ✅ text.", "✅ Four")
    assert found.key_points == ("One", "Two", "Three", "Four")
    assert found.body == ("Body ✅ text.",)


def test_a_section_without_text_is_named() -> None:
    article = read(*HEAD, *OPENING, DATE, "✅ Point")
    assert codes(article) == ["empty-body"]
    assert "section 1 " in article.warnings[0].message


# --- the next part ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ("次のページを読む ⇒", "Next title"),
        ("次のページを読む⇒", "Next title"),
        ("次のページを読む ⇒ Next title",),
        ("次のページを読む\u3000⇒\u3000Next title",),
        ("Next page ⇒", "Next title"),
        ("Next page ⇒Next title",),
        ("NEXT PAGE ⇒ Next title",),
    ],
)
def test_the_next_title_stands_after_its_mark(lines: tuple[str, ...]) -> None:
    article = read(*FULL, *lines)
    assert article.next_title == "Next title"
    assert article.sections == read(*FULL).sections
    assert codes(article) == []


@pytest.mark.parametrize("mark", [("Next page ⇒", "N"), ("Next page ⇒ N",)])
def test_what_stands_after_the_next_title_is_the_end_of_the_body(mark: tuple[str, ...]) -> None:
    stray = ("Stray.", "✅ stray", DATE, "Next page ⇒ M")
    article = read(*FULL, *mark, *stray)
    assert article.next_title == "N"
    assert article.sections[-1].body == ("Body.", *stray)
    assert codes(article) == ["text-after-next"]


def test_without_sections_it_is_the_end_of_the_lead() -> None:
    article = read(*HEAD, "Lead.", "Next page ⇒ N", "Stray.")
    assert (article.lead, article.next_title) == (("Lead.", "Stray."), "N")


def test_a_mark_without_a_title_announces_nothing() -> None:
    article = read(*FULL, "次のページを読む ⇒")
    assert article.next_title is None
    assert codes(article) == ["no-next-title"]


def test_a_mark_within_a_line_is_text() -> None:
    assert section("Click Next page ⇒ here").body == ("Click Next page ⇒ here",)
