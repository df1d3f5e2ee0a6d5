from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.language import catalogue
from syndicate.markup import article_body, overview, xml_text
from syndicate.model import Article, Citation, Image, Metadata, Section

ALLOWED = {"p", "ul", "li", "span", "section", "h2", "a", "time"}
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def to(path: str) -> str:
    return f"https://p.example/{path}"


def body(article: Article) -> str:
    wording = catalogue("en")
    return article_body(article, wording.gettext, wording.date, to)


class Reading(HTMLParser):
    """What a parser makes of a body: its elements, addresses, texts, and whether it is balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.hrefs: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_parts_of_an_article_stand_in_reading_order() -> None:
    section = Section(
        heading="Heading",
        teaser_question="Why?",
        teaser_answer="Because.",
        intro=("Intro.",),
        source_date=date(2025, 5, 6),
        key_points=("Point.",),
        sources=(Citation("The Times", "https://times.example/a"),),
        body=("Body.",),
    )
    article = Article("Title", "Summary.", ("One.", "Two."), ("Lead.",), (section,))
    assert body(article) == (
        '<p class="summary">Summary.</p>\n'
        '<ul class="highlights">\n'
        '<li><span aria-hidden="true">💡</span> One.</li>\n'
        '<li><span aria-hidden="true">💡</span> Two.</li>\n'
        "</ul>\n"
        "<p>Lead.</p>\n"
        "<section>\n"
        "<h2>Heading</h2>\n"
        '<p class="teaser-question">Why?</p>\n'
        '<p class="teaser-answer">Because.</p>\n'
        "<p>Intro.</p>\n"
        '<ul class="key-points">\n'
        '<li><span aria-hidden="true">✅</span> Point.</li>\n'
        "</ul>\n"
        "<p>Body.</p>\n"
        '<p class="sources">Source: <a href="https://times.example/a">The Times</a>, '
        '<time datetime="2025-05-06">May 6, 2025</time></p>\n'
        "</section>"
    )


def test_the_overview_is_summary_and_highlights_alone() -> None:
    article = Article("Title", "Summary.", ("One.",), ("Lead.",))
    assert overview(article) == (
        '<p class="summary">Summary.</p>\n'
        '<ul class="highlights">\n'
        '<li><span aria-hidden="true">💡</span> One.</li>\n'
        "</ul>"
    )


@pytest.mark.parametrize(
    "article",
    [
        Article("Title"),
        Article("Title", "", ("",), (" ", "\x00"), (Section(), Section(heading=" "))),
        Article("Title", sections=(Section(sources=(Citation("", ""),)),)),
    ],
)
def test_an_article_without_texts_has_an_empty_body(article: Article) -> None:
    assert body(article) == ""


def test_several_sources_are_all_named() -> None:
    sources = (Citation("A", "https://a.example/"), Citation("", "https://b.example/"))
    assert body(Article("Title", sections=(Section(sources=sources),))) == (
        '<section>\n<p class="sources">Sources: <a href="https://a.example/">A</a>, '
        '<a href="https://b.example/">b.example</a></p>\n</section>'
    )


def test_a_source_whose_address_is_not_of_the_web_is_named_without_a_link() -> None:
    section = Section(sources=(Citation("Evil", "javascript:alert(1)"),))
    html = body(Article("Title", sections=(section,)))
    assert "javascript" not in html
    assert "Source: Evil" in html


def test_a_date_without_a_source_is_still_shown() -> None:
    html = body(Article("Title", sections=(Section(source_date=date(2025, 5, 6)),)))
    assert '<time datetime="2025-05-06">' in html


def test_the_wording_is_in_the_language_asked_for() -> None:
    wording = catalogue("ja")
    sources = (Citation("A", "https://a.example/"),)
    section = Section(sources=sources, source_date=date(2025, 5, 6))
    html = article_body(Article("題", sections=(section,)), wording.gettext, wording.date, to)
    assert "出典: " in html
    assert "2025年5月6日" in html


@given(ANY_TEXT, ANY_TEXT)
def test_no_text_breaks_the_markup_or_is_lost(text: str, url: str) -> None:
    section = Section(text, text, text, (text,), None, (text,), (Citation(text, url),), (text,))
    article = Article("Title", text, (text,), (text,), (section,))
    read = Reading(body(article))
    assert not read.open
    assert read.tags <= ALLOWED
    assert all(href.startswith(("http://", "https://")) for href in read.hrefs)
    assert xml_text(text).strip() in read.text
    assert read.text.count(xml_text(text).strip()) >= 8 or not xml_text(text).strip()


def test_a_pages_own_markup_stands_in_the_place_of_its_sections() -> None:
    own = (
        '<p>One <a href="b.html">near</a> <a href="https://e.example/x?a=1&amp;b=2">far</a>'
        '<img src="p.png" alt="chart"><img src="https://e.example/q.png" alt="far"></p>'
        "<h1>Two</h1><h2>Three</h2>"
    )
    article = Article("T", "Sum.", ("Point.",), ("lead",), (Section("No"),), html=own)
    html = body(article)
    assert html.startswith('<p class="summary">Sum.</p>')
    assert "Point." in html
    assert "lead" not in html
    assert "No</h2>" not in html
    assert '<a href="https://e.example/x?a=1&amp;b=2">far</a>' in html
    assert "<a>near</a>" in html
    assert "chart" in html
    assert "p.png" not in html
    assert '<img src="https://e.example/q.png" alt="far" loading="lazy">' in html
    assert "<h2>Two</h2><h3>Three</h3>" in html


def test_relative_addresses_are_seen_from_where_the_page_came() -> None:
    own = '<p><a href="../b">near</a><img src="p.png"><a href="#note">note</a></p>'
    article = Article("T", html=own, metadata=Metadata(canonical="https://e.example/a/page"))
    html = body(article)
    assert '<a href="https://e.example/b">' in html
    assert 'src="https://e.example/a/p.png"' in html
    assert 'alt=""' in html
    assert '<a href="#note">' in html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://a.example/x?y=1&z.", '<a href="https://a.example/x?y=1&amp;z">'),
        ("（https://a.example/猫）", '<a href="https://a.example/">https://a.example/</a>猫'),
        ("(https://a.example/b_(c))", '<a href="https://a.example/b_(c)">'),
        ("https://a.example/<b>", '<a href="https://a.example/">https://a.example/</a>&lt;b&gt;'),
    ],
)
def test_addresses_in_running_text_are_links(text: str, expected: str) -> None:
    assert expected in body(Article("T", lead=(text,)))


@pytest.mark.parametrize("text", ["http://", "https:// a", "javascript:x", "https://[", "xhttp:/a"])
def test_what_is_no_address_is_text(text: str) -> None:
    assert "<a" not in body(Article("T", lead=(text,)))


def test_a_picture_stands_in_its_section_and_a_declared_leading_one_above() -> None:
    images = (
        Image("https://e.example/2.png", "Two", 4, 3, section=1),
        Image("https://e.example/1.png", "One", lead=True, section=1),
        Image("nowhere.png", "Text instead", section=9),
    )
    shown = body(Article("T", "S.", lead=("Lead.",), sections=(Section("H"),), images=images))
    assert shown == (
        '<p class="summary">S.</p>\n'
        '<figure><img src="https://e.example/1.png" alt="One" loading="lazy"></figure>\n'
        "<p>Lead.</p>\n"
        "<p>Text instead</p>\n"
        "<section>\n<h2>H</h2>\n"
        '<figure><img src="https://e.example/2.png" alt="Two" width="4" height="3" loading="lazy"></figure>\n'
        "</section>"
    )
