"""Which files are pages, by their names alone."""

import pytest

from syndicate.articles import is_page, parse
from syndicate.errors import PageRefused
from syndicate.model import Page


@pytest.mark.parametrize(
    "path",
    [
        "page.txt",
        "a/b/page.txt",
        "./page.txt",
        "page.en.txt",
        "潮 の話.txt",
        "a.b/page.txt",
        "PAGE.TXT",
        "a.md",
        "a.markdown",
        "a.html",
        "A.HTM",
    ],
)
def test_a_text_file_is_a_page(path: str) -> None:
    assert is_page(path)


@pytest.mark.parametrize(
    "path",
    [
        ".page.txt", "_page.txt", ".git/page.txt", "a/_drafts/page.txt", "a/.b/c/page.txt",
        "page.text", "page.txt.bak", "page.txt~", "page", "txt", ".txt", "a.txt/cat.png", "",
    ],
)  # fmt: skip
def test_other_files_and_hidden_ones_are_none(path: str) -> None:
    assert not is_page(path)


@pytest.mark.parametrize("path", ["cat.png", "page", "page.txt/cat", "txt", "MD"])
def test_a_file_of_another_kind_is_refused_by_name(path: str) -> None:
    with pytest.raises(PageRefused, match=rf"^{path}: .*ends in \.txt, .* or \.htm\.$"):
        parse(Page(path, b"Title"), "en")


def test_a_hidden_file_can_be_read_when_it_is_asked_for() -> None:
    assert parse(Page("../_drafts/page.txt", b"Title"), "en").title == "Title"
