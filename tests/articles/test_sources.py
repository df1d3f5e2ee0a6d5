"""Source lines: where the name ends, where the address ends, and what is glued to it."""

import pytest

from syndicate.model import Citation
from tests.articles.samples import DATE, HEAD, OPENING, codes, read, section

U = "https://example.org/a"


@pytest.mark.parametrize(
    "line",
    [
        f"さらに読む ⇒名前出典/画像元: {U}本文です。",
        f"さらに読む⇒名前出典／画像元：{U}本文です。",
        f"さらに読む　⇒　名前　出典/画像元:　{U}　本文です。",
        f"さらに読む ⇒ 名前 Source/Image: {U} 本文です。",
        f"Read more ⇒名前 Source/Image: {U}本文です。",
        f"READ MORE ⇒名前 source/image: {U}本文です。",
    ],
)
def test_name_address_and_glued_sentence_are_told_apart(line: str) -> None:
    found = section(line, "次の行。")
    assert found.sources == (Citation("名前", U),)
    assert found.body == ("本文です。", "次の行。")


@pytest.mark.parametrize(
    "name", ["A出典/画像元:B", "A出典/画像元: ", "See https://b.example ⇒ C", "A | B, C & D"]
)
def test_the_name_ends_at_the_last_credit_before_the_address(name: str) -> None:
    assert section(f"さらに読む ⇒{name}出典/画像元: {U}").sources == (Citation(name.strip(), U),)


def test_a_credit_in_the_glued_text_is_text() -> None:
    found = section(f"さらに読む ⇒N出典/画像元: {U}本文 出典/画像元: https://b.example")
    assert found.sources == (Citation("N", U),)
    assert found.body == ("本文 出典/画像元: https://b.example",)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/",
        "HTTPS://EXAMPLE.ORG/",
        "https://[2001:db8::1]/a[1]#top",
        "https://user@example.org/~a/b_c/(d)/e;f=1,2",
        "https://example.org/?q=%E6%B0%B4&x=a+b!*'$@:#f?g/h",
        "https://example.org/%e6%b0%b4",
        "https://example.org/a.html?b=C",
    ],
)
@pytest.mark.parametrize(
    "glued", ["", "本文です。", "「本文」", "、本文", "\u2028本文", "“Body”", "é"]
)
def test_an_address_keeps_every_character_of_rfc_3986(url: str, glued: str) -> None:
    found = section(f"さらに読む ⇒N出典/画像元: {url}{glued}", "Body.")
    assert found.sources == (Citation("N", url),)
    assert found.body == (*([glued] if glued else []), "Body.")


@pytest.mark.parametrize("rest", ["%", "%4", "%zz のとき", "%E", "100%増"])
def test_an_address_ends_at_a_percent_sign_that_escapes_nothing(rest: str) -> None:
    cut = rest.index("%")
    found = section(f"さらに読む ⇒N出典/画像元: {U}/{rest}")
    assert found.sources == (Citation("N", f"{U}/{rest[:cut]}"),)
    assert found.body == (rest[cut:],)


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("https://example.org/a.html", "The tide turned."),
        ("https://example.org/a.htm", "Tide-gates, they say."),
        ("https://example.org/a.php", "NATO's answer."),
        ("https://example.org/a.html", "Enough!"),
        ("https://example.org/a.html", "A turn."),
        ("https://example.org/a.html", "Yes。"),
        ("https://example.org/2026/", "Talks, he said."),
        ("https://example.org/", "The tide."),
    ],
)
def test_a_glued_capitalised_word_is_cut_off_with_a_warning(address: str, word: str) -> None:
    article = read(*HEAD, *OPENING, DATE, f"Read more ⇒N Source/Image: {address}{word}")
    assert article.sections[0].sources == (Citation("N", address),)
    assert article.sections[0].body == (word,)
    assert codes(article) == ["url-end-guessed"]


@pytest.mark.parametrize(
    ("url", "rest"),
    [
        ("https://example.org/Peace", ""),
        ("https://example.org/Peace", "（本文）"),
        ("https://example.org/peace", " talks went on."),
        ("https://example.org/a.html", " The tide."),
        ("https://example.org/a.htmlthe", " tide."),
        ("https://example.org/a.html?q=The", " tide."),
        ("https://example.org/ABC-2026", " The tide."),
        ("https://Example", " The tide."),
    ],
)
def test_an_address_that_does_not_end_in_such_a_word_is_left_alone(url: str, rest: str) -> None:
    article = read(*HEAD, *OPENING, DATE, f"Read more ⇒N Source/Image: {url}{rest}", "Body.")
    assert article.sections[0].sources == (Citation("N", url),)
    assert article.sections[0].body == (*([rest.strip()] if rest else []), "Body.")
    assert codes(article) == []


def test_a_section_has_as_many_sources_as_it_names_and_their_text_in_order() -> None:
    found = section(
        f"さらに読む ⇒A出典/画像元: {U}一。", "二。", f"さらに読む ⇒B出典/画像元: {U}/b三。", "四。"
    )
    assert found.sources == (Citation("A", U), Citation("B", f"{U}/b"))
    assert found.body == ("一。", "二。", "三。", "四。")


@pytest.mark.parametrize(
    ("rest", "citation", "body"),
    [
        ("", Citation("", ""), ()),
        ("N", Citation("N", ""), ()),
        ("N出典/画像元:", Citation("N", ""), ()),
        ("N出典/画像元: 本文。", Citation("N", ""), ("本文。",)),
        ("N出典/画像元: ftp://a.example/", Citation("N", ""), ("ftp://a.example/",)),
        ("N出典/画像元: https://日本語.example/", Citation("N", ""), ("https://日本語.example/",)),
        ("A出典/画像元:B出典/画像元: 本文。", Citation("A出典/画像元:B", ""), ("本文。",)),
        (f"N {U}", Citation(f"N {U}", ""), ()),
    ],
)
def test_a_source_without_an_address_is_kept_with_a_warning(
    rest: str, citation: Citation, body: tuple[str, ...]
) -> None:
    article = read(*HEAD, *OPENING, DATE, f"さらに読む ⇒{rest}", "Body.")
    assert article.sections[0].sources == (citation,)
    assert article.sections[0].body == (*body, "Body.")
    assert codes(article) == ["no-source-url"]


def test_a_source_without_a_name_is_kept_with_a_warning() -> None:
    article = read(*HEAD, *OPENING, DATE, f"さらに読む ⇒出典/画像元: {U}", "Body.")
    assert article.sections[0].sources == (Citation("", U),)
    assert codes(article) == ["no-source-name"]


def test_a_mark_within_a_line_is_text() -> None:
    line = f"「さらに読む ⇒N出典/画像元: {U}」とある。"
    assert section(line).body == (line,)
