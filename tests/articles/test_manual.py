"""What docs/pages.md says of pages is what is read from them."""

import re

import pytest

from syndicate.articles import parse
from syndicate.articles.written import as_page
from syndicate.model import Article, Page
from tests.articles.samples import DATE, HEAD, OPENING, codes, read
from tests.conftest import CHECKOUT


def shown() -> list[Article]:
    """The whole pages of the manual, in the language of neither."""
    text = (CHECKOUT / "docs" / "pages.md").read_text("utf-8")
    return [
        parse(Page("page.txt", page.encode()), "fr")
        for page in re.findall("```text\n(.*?)```", text, re.DOTALL)
    ]


@pytest.mark.parametrize(("number", "language"), [(0, "en"), (1, "ja")])
def test_the_pages_of_the_manual_are_read_without_a_warning(number: int, language: str) -> None:
    article = shown()[number]
    assert article.warnings == ()
    assert article.language == language
    assert len(article.highlights) == 2
    assert len(article.lead) == 1
    (section,) = article.sections
    assert section.heading
    assert section.teaser_question
    assert section.teaser_answer
    assert len(section.intro) == 1
    assert str(section.source_date) == "2026-10-01"
    assert len(section.key_points) == 2
    (source,) = section.sources
    assert source.name
    assert source.url.endswith("?page=2")
    assert len(section.body) == 2
    assert article.next_title


@pytest.mark.parametrize("number", [0, 1])
def test_an_article_written_as_a_page_again_is_read_as_the_same(number: int) -> None:
    article = shown()[number]
    again = parse(Page("page.txt", "\n".join(as_page(article)).encode()), "fr")
    assert again == article


@pytest.mark.parametrize(
    "line", ["Next part ⇒", "続きを読む ⇒つぎ", "See also ⇒ https://example.org/", "a ⇒ b"]
)
def test_a_line_that_looks_like_a_mark_and_is_none_is_named_once(line: str) -> None:
    article = read(*HEAD, *OPENING, DATE, "Text.", line, line)
    assert codes(article) == ["mark-unknown"]
    assert article.sections[0].body == ("Text.", line, line)


def test_marks_that_are_read_are_not_named() -> None:
    source = "Read more ⇒A name Source/Image: https://example.org/a"
    article = read(*HEAD, *OPENING, DATE, "Text.", source, "Next page ⇒", "Next title")
    assert codes(article) == []
