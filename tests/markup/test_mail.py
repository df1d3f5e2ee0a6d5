"""An article's text in a letter: what mail programs show, and nothing else."""

import re

import pytest

from syndicate.markup import mail_body
from syndicate.model import Article, Citation, Section


def body(html: str = "", **more: object) -> str:
    article = Article("t", "summary", ("highlight",), html=html or None, **more)  # type: ignore[arg-type]
    return mail_body(article, lambda text: text, str, str, "https://example.com/a/")


def test_summary_and_highlights_are_left_to_the_letter() -> None:
    assert body(lead=("One.",)) == "<p>One.</p>"


def test_headings_go_below_the_title_of_the_article() -> None:
    assert body("<h2>a</h2><h3>b</h3><h6>c</h6>") == "<h3>a</h3><h4>b</h4><h6>c</h6>"


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red" onclick="x()" id="a">x</p>',
        '<figure><img src="https://x.example/a.png" alt="y"><figcaption>z</figcaption></figure><p>x</p>',
        '<p><img src="https://x.example/track.gif" width="1">x</p>',
        "<p><mark>x</mark></p><script>y</script><style>z</style>",
        "<!-- c --><p>x</p><form></form><iframe src='https://x.example'>y</iframe>",
        '<p class="press">x</p>',
    ],
)
def test_pictures_styles_and_what_is_active_are_gone(html: str) -> None:
    assert re.sub(r"\s", "", body(html)) == "<p>x</p>"


def test_links_lead_to_the_web_and_those_within_the_page_to_the_page() -> None:
    html = '<p><a href="https://x.example/">a</a> <a href="#at-n">b</a> <a href="javascript:x">c</a></p>'
    there = '<a href="https://example.com/a/#at-n">b</a>'
    assert body(html) == f'<p><a href="https://x.example/">a</a> {there} <a>c</a></p>'


def test_what_is_struck_out_is_so_in_a_letter() -> None:
    html = "<p><s>a</s> <del>b</del> <ins>c</ins></p>"
    assert body(html) == html


def test_readings_stand_in_brackets_for_programs_that_do_not_know_them() -> None:
    read = "<p><ruby>灯台<rp>（</rp><rt>とうだい</rt><rp>）</rp></ruby></p>"
    assert body("<p><ruby>灯台<rt>とうだい</rt></ruby></p>") == read
    assert body("<p><ruby>灯台<rp>(</rp><rt>とうだい</rt><rp>)</rp></ruby></p>") == read


def test_heads_of_tables_say_that_they_are_of_columns_unless_their_writer_says_it() -> None:
    heads = "<thead><tr><th>a</th><th scope={}>b</th></tr></thead>"
    table = f"<table>{heads}<tbody><tr><th>c</th></tr></tbody></table>"
    assert re.findall("<th[ >].*?</th>", body(table.format('"row"'))) == [
        '<th scope="col">a</th>',
        '<th scope="row">b</th>',
        "<th>c</th>",
    ]
    assert body(table.format('"x y"')).count('<th scope="col">') == 2


def test_what_looks_like_a_template_stays_text() -> None:
    said = "{{ unsubscribe_url }} {% raw %} <b>"
    assert body(lead=(said,)) == "<p>{{ unsubscribe_url }} {% raw %} &lt;b&gt;</p>"


def test_sections_keep_the_classes_that_letters_style() -> None:
    section = Section(
        "h", "q?", "a.", key_points=("p",), sources=(Citation("S", "https://s.example"),)
    )
    assert body(sections=(section,)).splitlines() == [
        "<h3>h</h3>",
        '<p class="teaser-question">q?</p>',
        '<p class="teaser-answer">a.</p>',
        '<ul class="key-points">',
        '<li><span aria-hidden="true">✅</span> p</li>',
        "</ul>",
        '<p class="sources">Source: <a href="https://s.example">S</a></p>',
    ]
