"""Links within an article: what they lead to keeps an id, which nothing else on a page can have."""

import re

import pytest

from syndicate.articles import parse
from syndicate.markup.shown import shown_html
from syndicate.model import Page


def shown(name: str, text: str) -> str:
    return parse(Page(name, text.encode(), None), "en").html or ""


def html(text: str) -> str:
    above = '<h1 id="title">T</h1><p id="sum">Sum.</p>'
    return shown("a.html", f'<article id="all">{above}{text}</article>')


def test_a_heading_in_markdown_is_led_to_by_what_it_says() -> None:
    links = "[a](#the-end) [b](#the-end-1) [c](#注の一) [d](#a-t) [e](#a-t-1)"
    headings = "## The  *End*!\n\nx\n\n## The end\n\ny\n\n## 注の一\n\nz\n\n## A T\n\nx"
    page = shown("a.md", f"# A T\n\nS.\n\n{links}\n\n{headings}\n")
    assert re.findall('(?:id|href)="(.*?)"', page) == [
        *("#at-the-end", "#at-the-end-1", "#at-%E6%B3%A8%E3%81%AE%E4%B8%80", "#top", "#at-a-t-1"),
        *("at-the-end", "at-the-end-1", "at-注の一", "at-a-t-1"),
    ]


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ('<h2 id="n">N</h2>', '<h2 id="at-n">N</h2>'),
        ('<p><a name="n"></a>N</p>', '<p><span id="at-n"></span><a></a>N</p>'),
        ('<section id="n"><p>N</p></section>', '<span id="at-n"></span><p>N</p>'),
        ("<h3>N</h3>", '<h3 id="at-n">N</h3>'),
        ('<h2 id="n">N</h2><p id="n">n</p>', '<h2 id="at-n">N</h2><p>n</p>'),
    ],
)
def test_what_is_led_to_keeps_its_id_with_a_mark_before_it(target: str, kept: str) -> None:
    assert html(f'<p><a href="#n">x</a></p>{target}') == f'<p><a href="#at-n">x</a></p>{kept}'


def test_no_other_id_is_kept_nor_one_that_bears_the_mark_already() -> None:
    text = '<p id="q"><a href="#n">x</a></p><h2 id="n">N</h2><p id="at-n">y</p><p id="at-z">z</p>'
    assert html(text) == '<p><a href="#at-n">x</a></p><h2 id="at-n">N</h2><p>y</p><p>z</p>'
    assert html('<p id="q">x</p>') == "<p>x</p>"


def test_an_id_is_given_once_also_where_parsers_make_several_elements_of_one() -> None:
    """An id that is given twice would stop all that is published."""
    table = "<table><tr><td>1</td></tr></table>"
    for text in (
        f'<p><a name="n">{table} a</a></p>',
        '<p><b id="n"><button><p>a</p></button></b></p>',
    ):
        own = html(f'<p><a href="#n">x</a></p>{text}')
        assert shown_html(own, None, str).count('id="at-n"') == own.count('id="at-n"') == 1


def test_one_place_may_have_two_names() -> None:
    text = '<p><a href="#n">x</a><a href="#fine">y</a></p><h2 id="n">Fine</h2>'
    assert re.findall('="(.*?)"', html(text)) == ["#at-n", "#at-n", "at-n"]


def test_what_stands_above_the_text_is_at_the_top_of_the_page() -> None:
    assert html('<p>x <a href="#title">a</a> <a href="#sum">b</a></p>') == (
        '<p>x <a href="#top">a</a> <a href="#top">b</a></p>'
    )
    assert html('<p>x <a href="#t">a</a></p><h2 id="t">U</h2>').endswith('<h2 id="at-t">U</h2>')


def test_what_holds_all_of_the_text_is_at_the_top_as_is_what_has_no_name() -> None:
    assert html('<p>x <a href="#all">a</a> <a href="#">b</a></p><h2>…</h2>') == (
        '<p>x <a href="#top">a</a> <a href="#top">b</a></p><h2>…</h2>'
    )


def test_a_name_is_no_markup_whatever_it_holds() -> None:
    page = html("<p><a href='#a%22%3E%3Cb'>x</a></p><section id='a\"><b'><p>y</p></section>")
    assert (
        page
        == '<p><a href="#at-a%22%3E%3Cb">x</a></p><span id="at-a&quot;&gt;&lt;b"></span><p>y</p>'
    )


def test_what_is_nowhere_or_is_left_out_stays_as_it_is_written() -> None:
    text = '<p><a href="#n">x</a> <a href="#m">y</a></p><aside id="n">N</aside>'
    assert html(text) == '<p><a href="#n">x</a> <a href="#m">y</a></p>'
