"""Pages in every encoding that Japanese pages come in (PAGES.md; issue 4)."""

import codecs
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.articles import parse
from syndicate.articles.encodings import read_text
from syndicate.errors import PageRefused
from syndicate.model import Article, Page

JAPANESE = """海の満ち引きで発電する
月の引力が海を動かし、その流れが水車を回します。
※一日に二度、海は動く。
潮の高さは場所によって違います。ここでは三つの湾を比べます。
"""
SHORT = "海の話\n短い要約です。\n"


def read(data: bytes, name: str = "page.txt") -> Article:
    return parse(Page(name, data), "en")


def codes(article: Article) -> list[str]:
    return [one.code for one in article.warnings]


@pytest.mark.parametrize("text", [JAPANESE, SHORT], ids=["long", "short"])
@pytest.mark.parametrize(
    ("codec", "name"), [("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")], ids=["cp932", "euc"]
)
def test_japanese_encodings_are_detected_and_named(text: str, codec: str, name: str) -> None:
    article = read(text.encode(codec))
    assert article.title == text.split("\n", maxsplit=1)[0]
    (notice,) = [one for one in article.warnings if one.code == "encoding-guessed"]
    assert name in notice.message
    assert article.language == "ja"


@pytest.mark.parametrize(
    "text",
    [
        "「蜂」の話\n「蜂は多い」と髙橋氏（５８）は語る。№１の㎏表示は①～③の通り。\n",
        "蜂の話\n要約です。\n" + "".join(f"{one}巣箱をはかる。\n" for one in "①②③④⑤⑥⑦⑧⑨⑩"),
        f"題\n要約。\n{'━' * 26}\n■本日のニュース■\n・蜂の話です\n{'━' * 26}\n★☆★☆★☆★☆\n",
        "第Ⅰ部\n要約です。\nⅡとⅢはあとで述べます。\n",
    ],
)
def test_signs_that_only_shift_jis_has_do_not_hide_what_a_text_is_in(text: str) -> None:
    decoded = read_text(text.encode("cp932"))
    assert decoded
    assert (decoded.text, decoded.guessed) == (text, "Shift_JIS")


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "Été à Paris, c'est déjà l'été. "),
        ("cp850", "Été à Paris, c'est déjà l'été. "),
        ("koi8-r", "Свет и тень в большом городе. "),
        ("big5", "今天天氣很好，我們去公園散步。"),
        ("gb18030", "今天天气很好，我们去公园散步。"),
        ("cp949", "오늘은 날씨가 좋아서 공원에 산책을 갔습니다. "),
        ("cp874", "วันนี้อากาศดีมาก "),
    ],
)
def test_other_languages_are_never_taken_for_japanese(codec: str, text: str) -> None:
    for often in (1, 20):
        assert read_text((text * often).encode(codec)) is None


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "iso2022_jp"], ids=str)
def test_encodings_that_the_bytes_name_need_no_guess(codec: str) -> None:
    article = read(JAPANESE.replace("\n", "\r\n").encode(codec))
    assert article.title == JAPANESE.split("\n", maxsplit=1)[0]
    assert "encoding-guessed" not in codes(article)


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ('<meta charset="Shift_JIS">', "cp932"),
        ("<META http-equiv=Content-Type content='text/html; charset=x-sjis'>", "cp932"),
        ("<meta charset=euc-jp>", "euc_jp"),
        ('<?xml version="1.0" encoding="EUC-JP"?>', "euc_jp"),
        ('<meta charset="iso-8859-1">', "cp1252"),
        ("<meta charset=windows-1251>", "cp1251"),
    ],
)
def test_a_declared_encoding_is_taken_at_its_word(declared: str, codec: str) -> None:
    said = {"cp1252": "Été à Paris – “déjà”", "cp1251": "Свет и тень"}.get(codec, "潮")
    decoded = read_text(f"{declared}\n{said}".encode(codec))
    assert decoded
    assert decoded.guessed is None
    assert decoded.text.endswith(said)


@pytest.mark.parametrize("name", ["utf-7", "unicode_escape", "rot13", "punycode", "idna", "x" * 50])
def test_a_name_that_no_web_page_may_say_is_not_taken(name: str) -> None:
    data = f"<meta charset={name}>\n+ADw-script+AD4-".encode()
    assert read_text(data + "é".encode("cp1252")) is None or "<script>" not in str(read_text(data))


def test_utf8_wins_over_what_is_declared() -> None:
    decoded = read_text("<meta charset=shift_jis>\n潮汐".encode())
    assert decoded
    assert decoded.text.endswith("潮汐")


def test_what_fits_two_encodings_is_refused() -> None:
    data = "潮汐発電\n海流発電\n".encode("euc_jp")  # in Shift_JIS it is half-width katakana
    with pytest.raises(PageRefused, match="and no other encoding is sure"):
        read(data)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF8, codecs.BOM_UTF32_BE])
def test_bytes_that_break_their_own_mark_are_refused(mark: bytes) -> None:
    with pytest.raises(PageRefused):
        read(mark + b"\x00\xd8\xff\xfe\xff")


@given(st.integers(0, 2**32))
def test_random_bytes_are_never_taken_for_text(seed: int) -> None:
    with pytest.raises(PageRefused):
        read(Random(seed).randbytes(200))


def _one_line(error: PageRefused) -> None:
    assert "\n" not in str(error)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_only_a_refusal_is_raised(data: bytes) -> None:
    try:
        read(data)
    except PageRefused as error:
        _one_line(error)
