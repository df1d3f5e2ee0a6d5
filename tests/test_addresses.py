from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import addresses


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("潮汐発電のしくみ 第1回", "潮汐発電のしくみ-第1回"),
        ("ＡＢＣ：１２３", "abc-123"),
        ("Hello, World!", "hello-world"),
        ("  ---  ", "article"),
        ("💡", "article"),
        ("a/b\\c..d", "a-b-c-d"),
        ("が", "が"),
    ],
)
def test_a_slug_keeps_letters_and_digits_of_every_script(title: str, expected: str) -> None:
    assert addresses.slug(title) == expected


@given(st.text(max_size=400))
def test_a_slug_is_short_safe_and_its_own_slug(title: str) -> None:
    slug = addresses.slug(title)
    assert 0 < len(slug) <= addresses.SLUG_CODE_POINTS
    assert len(slug.encode()) <= addresses.SLUG_BYTES
    assert not set(slug) & set("/\\.?#%\0 ")
    assert addresses.slug(slug) == slug


@pytest.mark.parametrize("name", ["Page 1", "page", "ＰＡＧＥ－１２", "page 1 2"])
def test_a_series_is_never_called_like_a_page_of_the_list_of_series(name: str) -> None:
    assert addresses.slug(addresses.series_name(name)).startswith("series-page")
    assert addresses.series_name("Pages 1") == "Pages 1"


def test_a_slug_that_is_taken_gets_a_number() -> None:
    taken = {"tide", "tide-2"}
    assert addresses.slug("Tide", taken=taken.__contains__) == "tide-3"


def test_a_long_slug_that_is_taken_stays_within_its_length() -> None:
    first = addresses.slug("潮" * 100)
    second = addresses.slug("潮" * 100, taken={first}.__contains__)
    assert second != first
    assert len(second.encode()) <= addresses.SLUG_BYTES


def test_slugs_that_differ_in_width_or_case_alone_are_the_same_slug() -> None:
    assert addresses.folded("ＴＩＤＥ") == addresses.folded("tide")


def test_an_absolute_address_is_percent_encoded() -> None:
    path = addresses.article_path("潮")
    assert addresses.absolute("https://a.example", path) == "https://a.example/articles/%E6%BD%AE/"


def test_a_tag_uri_names_authority_and_day() -> None:
    uri = addresses.tag_uri("a.example", date(2026, 11, 23), "articles/x")
    assert uri == "tag:a.example,2026-11-23:articles/x"


def test_the_authority_of_an_address_has_no_port() -> None:
    assert addresses.authority("http://127.0.0.1:8000") == "127.0.0.1"


@given(st.integers(0, 3000))
def test_numbers_given_in_order_are_followed_by_the_next_and_few_are_asked_for(given_: int) -> None:
    asked: list[int] = []

    def taken(number: int) -> bool:
        asked.append(number)
        return number <= given_

    assert addresses.free_number(taken) == given_ + 1
    assert len(asked) <= 2 * (given_ + 1).bit_length()


@given(st.sets(st.integers(1, 50)))
def test_a_number_that_is_taken_is_never_given(taken: set[int]) -> None:
    number = addresses.free_number(taken.__contains__)
    assert number >= 1
    assert number not in taken


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("tidal power", "tags/tidal-power/"),
        ("潮汐発電", "tags/潮汐発電/"),
        ("c", "tags/c/"),
        ("c++", "tags/c-cedb1bac/"),
        ("../x", "tags/x-d6b96a97/"),
        ("🌊", "tags/8db6bed4/"),
    ],
)
def test_a_tag_has_a_readable_path_of_its_own(key: str, path: str) -> None:
    assert addresses.tag_path(key) == path


def test_tags_that_look_alike_have_different_paths() -> None:
    keys = ("a b", "a-b", "a_b", "a.b", "a" * 60, "a" * 61, "ab")
    assert len({addresses.tag_path(key) for key in keys}) == len(keys)


def test_tags_of_any_length_are_names_that_file_systems_take() -> None:
    assert len(addresses.tag_path("潮" * 500).encode()) < 220


def test_the_subscribe_page_knows_which_series_it_was_come_from() -> None:
    assert addresses.sign_up("https://a.example/n", "") == "https://a.example/n/subscribe"
    assert addresses.sign_up("https://a.example", "tags/海/") == "https://a.example/subscribe"
    found = addresses.sign_up("https://a.example", "series/潮汐/")
    assert found == "https://a.example/subscribe?series=%E6%BD%AE%E6%B1%90"
