"""Languages: their words, and the way that they are written."""

import pytest

from syndicate.language import direction


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja", "ltr"),
        ("en-GB", "ltr"),
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa-IR", "rtl"),
        ("zh-Hant-TW", "ltr"),
        ("xx", "ltr"),
        ("not a tag", "ltr"),
    ],
)
def test_a_language_is_written_one_way(language: str, expected: str) -> None:
    assert direction(language) == expected
