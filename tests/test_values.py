from datetime import timedelta

import pytest

from syndicate import language, values
from syndicate.digests.letter import message_id
from syndicate.errors import LanguageRefused
from syndicate.language import catalogue


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Example.com/", "https://example.com"),
        (
            "https://例え.jp/お知らせ/",
            "https://xn--r8jz45g.jp/%E3%81%8A%E7%9F%A5%E3%82%89%E3%81%9B",
        ),
        ("https://example.com:8443/news", "https://example.com:8443/news"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_a_base_address_comes_in_the_form_that_letters_can_hold(written: str, meant: str) -> None:
    assert values.base_url(written) == meant
    assert values.base_url(meant) == meant


@pytest.mark.parametrize(
    "value",
    [
        "https://my_news.example.com",
        "https://-a.example.com",
        f"https://{'a' * 64}.example.com",
        "https://a..example.com",
        "https://me:secret@example.com",
        "https://example.com:99999",
        "https://example.com/{x}",
        "https://example.com/../x",
        "https://example.com//x",
        "https://[fe80::1%25eth0]",
        "https://example.com/" + "a" * 400,
        "https://example.com?x",
    ],
)
def test_a_base_address_that_letters_could_not_hold_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"expected|[Pp]ort|IPv6"):
        values.base_url(value)


def test_every_accepted_host_can_end_a_message_id() -> None:
    for value in ("https://例え.jp", "http://[::1]", "https://a-b.example", "http://127.0.0.1"):
        host = values.base_url(value).partition("://")[2].strip("[]")
        assert message_id("key", host).endswith(">")


@pytest.mark.parametrize(
    "value",
    ["nonsense", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true", "mysql://a/b"],
)
def test_a_database_that_would_forget_or_that_we_do_not_know_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="expected sqlite:///FILE"):
        values.database_url(value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("JA", "ja"), ("en_gb", "en-GB"), (" zh-hant-tw ", "zh-Hant-TW"), ("de", "de")],
)
def test_a_language_has_one_spelling(written: str, meant: str) -> None:
    assert language.tag(written) == meant


@pytest.mark.parametrize(
    "text", ["", "Japanese", "j", "ja-", "日本語", "en\nX: y", "../ja", "en" + "-abcdefgh" * 400]
)
def test_what_is_no_language_is_refused(text: str) -> None:
    with pytest.raises(LanguageRefused, match="expected a code such as ja"):
        language.tag(text)


def test_a_language_without_a_catalogue_falls_back_to_english() -> None:
    assert catalogue("de").language == "en"
    assert catalogue("ja-JP").language == "ja"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("90 seconds", 90), ("1 minute", 60), ("1.5 hours", 5400), ("7days", 604_800)],
)
def test_a_length_of_time(text: str, seconds: float) -> None:
    assert values.duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "soon", "7", "-1 day", "1 month", "1 hour 2", "99999999 weeks", True]
)
def test_what_is_no_length_of_time(text: object) -> None:
    with pytest.raises(ValueError, match="expected a length of time"):
        values.duration(text)
