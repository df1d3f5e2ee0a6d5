"""Bytes become lines: what ends a line, what is dropped, and what is no text."""

import gzip

import pytest

from syndicate.articles import parse
from syndicate.errors import PageRefused
from syndicate.model import Article, Page
from tests.articles.samples import HEAD, codes, read

_CONTROLS = (
    *range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)
)  # fmt: skip


def _bytes(data: bytes) -> Article:
    return parse(Page("folder/page.txt", data), "en")


@pytest.mark.parametrize(
    "data",
    [
        b"Title\nSummary\nLead",
        b"Title\r\nSummary\r\nLead\r\n",
        b"\xef\xbb\xbfTitle\nSummary\nLead",
        b"\n\n  Title\t\n \t \nSummary  \n\n\nLead\n\n",
        "\u3000Title\u3000\n\u3000\nSummary\u00a0\n\u2003Lead".encode(),
        b"Title\r\r\nSummary\n\r\nLead\r",
        "\ufeffTitle\n\ufeffSummary\n\ufeff\nLead".encode(),
    ],
)
def test_blank_lines_end_blanks_and_byte_order_marks_are_dropped(data: bytes) -> None:
    assert _bytes(data) == Article("Title", "Summary", lead=("Lead",), language="en")


@pytest.mark.parametrize(
    "kept", ["\u2028", "\u2029", "\x85", "\t", "\r", "\u200d", "\u3000", "\u200b"]
)
def test_what_ends_no_line_is_kept_within_one(kept: str) -> None:
    lead = f"a{kept}b"
    article = read("Title", "Summary", lead, "next line")
    assert article.lead == (lead, "next line")
    assert article.warnings == ()


def test_text_is_kept_code_point_for_code_point() -> None:
    lead = "e\u0301 é ｶﾞ ガ ﬁ 👩\u200d🔬 🇯🇵 葛\U000e0100 \ufffd a  b"
    assert read("Title", "Summary", lead).lead == (lead,)


@pytest.mark.parametrize("control", [*map(chr, _CONTROLS)], ids=ascii)
def test_control_characters_are_dropped_with_one_warning(control: str) -> None:
    article = read("Title", "Summary", f"{control}le{control}ad of the page{control}")
    assert article.lead == ("lead of the page",)
    assert codes(article) == ["control-characters"]
    assert f"3 of U+{ord(control):04X}." in article.warnings[0].message


def test_a_line_of_control_characters_is_blank() -> None:
    assert read("Title", "Summary", "Lead of the page", "\x00\x01").lead == ("Lead of the page",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "only blank lines"),
        ("\n \t\r\n\u3000\n".encode(), "only blank lines"),
        ("頁".encode("shift_jis"), "not UTF-8 text (byte 0x95 at offset 0)"),
        ("頁面".encode("euc_jp"), "not UTF-8"),
        ("Page of text\n".encode("utf-16-le"), "binary"),
        ("Page".encode("utf-32-be"), "binary"),
        (b"good text\n\xed\xa0\x80", "not UTF-8 text (byte 0xED at offset 10)"),
        (gzip.compress(b"Title", mtime=0), "not UTF-8"),
        (bytes(1000), "binary"),
        (b"\x01\x02\x03", "binary"),
    ],
)
def test_what_cannot_be_an_article_is_refused_in_one_line_that_names_file_and_remedy(
    data: bytes, reason: str
) -> None:
    with pytest.raises(PageRefused) as refusal:
        _bytes(data)
    message = str(refusal.value)
    assert message.startswith("folder/page.txt: ")
    assert reason in message
    assert ". Save " in message or ". Write " in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("title", "summary", "language"),
    [
        ("夜の港", "静かな朝。", "ja"),
        ("夜的港口", "安静的早晨", "zh"),
        ("NATO外相会合のゆくえ", "", "ja"),
        ("東京・大阪", "二都", "zh"),
        ("ニュース", "", "ja"),
        ("ｶﾅ", "", "ja"),
        ("Plain", "English", "zh"),
        ("Plain", "とても", "ja"),
    ],
)
def test_kana_in_title_or_summary_makes_a_page_japanese(
    title: str, summary: str, language: str
) -> None:
    assert read(title, summary, "本文のかな", language="zh").language == language


def test_kana_in_the_text_alone_does_not() -> None:
    assert read(*HEAD, "かな").language == "en"


@pytest.mark.parametrize(
    "mark",
    ["Published: 2026-05-16", "Read more ⇒A Source/Image: https://a.example/", "Next page ⇒ B"],
)
def test_a_page_with_english_marks_is_english(mark: str) -> None:
    assert read(*HEAD, "Heading", mark, "B", language="ja").language == "en"
    assert read("題名です", "Summary", "Heading", mark, "B", language="fr").language == "ja"
    assert read(*HEAD, "Published by nobody", language="ja").language == "ja"
