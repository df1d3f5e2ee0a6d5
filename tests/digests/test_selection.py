"""What stands together, in what order, and what the letter is called."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.digests.line import clip, one_line
from syndicate.digests.selection import bounded, group, preheader, subject
from syndicate.model import Article, DigestGroup, DigestItem, Entry, ItemKind, Part, Series
from tests.digests.samples import ENTRIES, LENS, SERIES, TIDES, entry

PART_1 = replace(entry(1, replace(LENS, title="一"), "1", 9), series=SERIES, part=1)
PART_3, SINGLE = ENTRIES


def grouped(entries: Sequence[Entry]) -> tuple[DigestGroup, ...]:
    """Group entries that are all new."""
    return group([DigestItem(one) for one in entries])


def test_parts_of_a_series_stand_together_in_part_order() -> None:
    groups = grouped([PART_3, SINGLE, PART_1])
    assert [(g.series, [e.part for e in g.entries]) for g in groups] == [
        (SERIES, [1, 3]),
        (None, [None]),
    ]


def test_the_group_of_the_earliest_article_comes_first_whatever_the_order_given() -> None:
    early = entry(20, TIDES, "early", 1)
    assert grouped([PART_1, SINGLE, early, PART_3]) == grouped([early, PART_3, SINGLE, PART_1])
    assert grouped([PART_1, SINGLE, early, PART_3])[0].entries == (early,)


def test_the_only_part_of_a_series_is_just_an_article() -> None:
    alone = replace(SINGLE, series=Series("s", "S", (Part(1, "S", 9, "s"),)), part=1)
    assert grouped([alone])[0].series is None


def test_an_edition_without_articles_has_no_groups_and_the_newsletter_as_its_subject() -> None:
    assert (grouped([]), subject([], "だより", "ja"), preheader([])) == ((), "だより", "")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja", f"{LENS.title} ほか2本"),
        ("en", f"{LENS.title} and 2 more"),
        ("xx", f"{LENS.title} and 2 more"),
    ],
)
def test_the_subject_is_the_first_title_and_how_many_more(language: str, expected: str) -> None:
    groups = grouped([PART_3, SINGLE, entry(10, TIDES, "x", 8)])
    assert subject(groups, "だより", language) == expected


def test_the_subject_of_one_article_is_its_title() -> None:
    assert subject(grouped([SINGLE]), "だより", "ja") == TIDES.title


def test_parts_that_share_a_title_have_different_subjects() -> None:
    series = Series("s", "同じ題", (Part(1, "同じ題", 1, "a"), Part(2, "同じ題", 2, "b")))
    subjects = [
        subject(
            grouped([replace(entry(n, Article("同じ題"), "s"), series=series, part=n)]), "", "ja"
        )
        for n in (1, 2)
    ]
    assert subjects == ["同じ題（第1部）", "同じ題（第2部）"]


def test_a_subject_is_one_short_line() -> None:
    title = "a\r\nBcc: x@example.com\x00\u2028b\u202e" + "長" * 400
    line = subject(grouped([entry(1, Article(title), "x"), SINGLE]), "だより", "ja")
    assert line.startswith("a Bcc: x@example.com b長長")
    assert line.endswith("…") is False
    assert line.endswith("長… ほか1本")
    assert len(line) < 120


def test_braces_in_a_title_stay_text() -> None:
    groups = grouped([entry(1, Article("{{ x }} {count} %s"), "x"), SINGLE])
    assert subject(groups, "だより", "en") == "{{ x }} {count} %s and 1 more"


def test_the_preheader_is_the_first_highlight_else_the_summary() -> None:
    assert preheader(grouped([PART_3])) == LENS.highlights[0]
    assert preheader(grouped([entry(1, Article("t", summary="s"), "x")])) == "s"
    assert preheader(grouped([entry(1, Article("t"), "x"), SINGLE])) == TIDES.highlights[0]


def test_parts_to_catch_up_with_stand_beside_the_items_of_their_series() -> None:
    (found,) = group([DigestItem(PART_1, ItemKind.CATCH_UP), DigestItem(PART_3)])
    assert (found.entries, found.catch_up) == ((PART_3,), (PART_1,))
    assert subject([found], "だより", "ja") == PART_3.article.title


def test_what_is_new_goes_before_corrections_and_gives_the_subject() -> None:
    early = entry(20, TIDES, "early", 1)
    groups = group([DigestItem(early, ItemKind.CORRECTED), DigestItem(PART_3)])
    assert [one.entries for one in groups] == [(PART_3,), (early,)]
    assert subject(groups, "だより", "en") == PART_3.article.title
    assert subject(groups[1:], "だより", "en") == TIDES.title


def test_articles_beyond_the_most_full_rows_are_links() -> None:
    groups = bounded(grouped([PART_3, SINGLE, PART_1]), 2)
    assert [[item.linked for item in one.items] for one in groups] == [[False, False], [True]]


def test_the_subject_of_a_closing_letter_is_its_new_part_and_not_the_first() -> None:
    groups = group([DigestItem(PART_1, ItemKind.OMNIBUS), DigestItem(PART_3)])
    assert [item.kind for item in groups[0].items] == [ItemKind.OMNIBUS, ItemKind.NEW]
    assert subject(groups, "だより", "ja") == PART_3.article.title
    assert preheader(groups) == LENS.highlights[0]


@given(st.text(), st.integers(1, 40))
def test_a_clipped_text_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    short = clip(text, limit)
    assert len(short) <= limit
    assert short == text or text.startswith(short[:-1])


@given(st.text(alphabet=st.characters()))
def test_one_line_has_no_break_and_is_stable(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


def test_a_family_is_not_cut_apart() -> None:
    family = "👩\u200d👩\u200d👧"
    assert clip(f"ab{family}cd", 8) == f"ab{family}…"
    assert {clip(f"ab{family}cd", limit) for limit in (4, 5, 6, 7)} == {"ab…"}


def test_words_stay_whole_where_little_is_lost() -> None:
    assert clip("one two three four", 12) == "one two…"
    assert clip("one two three four", 16) == "one two three…"
    assert clip("incomprehensibilities", 8) == "incompr…"
