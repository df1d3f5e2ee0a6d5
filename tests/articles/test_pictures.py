"""The pictures of pages: found wherever sites put them, captioned, the leading one known."""

import pytest

from syndicate.articles import from_record, parse, to_record
from syndicate.articles.pictures import placed, published, wanted
from syndicate.model import Article, Image, Page


def read(name: str, text: str, sidecar: str | None = None) -> Article:
    beside = None if sidecar is None else sidecar.encode()
    return parse(Page(name, text.encode(), beside), "en")


def html(body: str, head: str = "") -> Article:
    return read("a.html", f"<head>{head}</head><article><h1>T</h1><p>First.</p>{body}</article>")


@pytest.mark.parametrize(
    ("tag", "url"),
    [
        ('<img src="a.png" alt="A">', "a.png"),
        ('<img src="data:image/gif;base64,AA" data-src="a.png" alt="A">', "a.png"),
        ('<img data-lazy-src=" a.png " alt="A">', "a.png"),
        ('<img srcset="s.png 320w, l.png 1280w, m.png 640w" alt="A">', "l.png"),
        ('<img data-srcset="s.png, l.png 2x" alt="A">', "l.png"),
        ('<img srcset="/w_1,h_2/s.png 1x, /w_3,h_4/l.png 2x" alt="A">', "/w_3,h_4/l.png"),
        ('<img src="data:,"><noscript><img src="a.png" alt="A"></noscript>', "a.png"),
        ('<picture><source srcset="a.webp"><img src="a.png" alt="A"></picture>', "a.png"),
        ('<img src="//cdn.example/a.png" alt="A">', "//cdn.example/a.png"),
    ],
)
def test_a_picture_is_found_where_the_site_put_it(tag: str, url: str) -> None:
    page = html(f"{tag}<p>Text.</p>")
    assert page.images == (Image(url, "A"),)
    assert page.html is not None
    assert f'src="{url}"' in page.html


def test_figures_keep_their_captions_and_markdown_its_texts() -> None:
    page = html('<figure><img src="a.png" alt="A"><figcaption>A\n caption</figcaption></figure>')
    assert page.images == (Image("a.png", "A", caption="A caption"),)
    assert read("a.md", "# T\n\nS\n\n![A *b*](a%20b.png)\n").images == (Image("a%20b.png", "A b"),)


def test_dots_that_count_readers_are_no_pictures() -> None:
    page = html('<img src="https://t.example/p.gif" width=1 height=1><p>Text.</p>')
    assert (page.images, page.html) == ((), "<p>Text.</p>")


@pytest.mark.parametrize("chrome", ["aside", 'div class="related-posts"', "footer"])
def test_pictures_of_what_stands_around_are_not_taken(chrome: str) -> None:
    page = html(f'<{chrome}><img src="no.png"></{chrome.split(maxsplit=1)[0]}><p>Text.</p>')
    assert (page.images, page.warnings) == ((), ())


def test_a_missing_text_is_warned_of_and_decoration_is_not() -> None:
    page = html('<img src="a.png"><img src="line.png" alt=""><img src="b.png" alt="B">')
    assert [(one.code, one.message) for one in page.warnings] == [
        ("no-alt", "these pictures have no alternative text: a.png. Say what they show.")
    ]
    several = read("a.md", "# T\n\n" + "".join(f"![](p{n}.png)\n\n" for n in range(5)))
    assert several.warnings[-1].message == (
        "these pictures have no alternative text: p0.png, p1.png, p2.png and 2 more. Say what they show."
    )
    side = read("a.txt", "T\nS\nText.", 'image = "a.png"')
    assert [one.code for one in side.warnings] == ["no-alt"]
    side = read("a.txt", "T\nS\nText.", 'image = "a.png"\nimage_alt = "A"')
    assert (side.images, side.warnings) == ((Image("a.png", "A", lead=True),), ())


def test_the_leading_picture_is_the_declared_one_else_the_first() -> None:
    meta = '<meta property="og:image" content="https://x.example/a.jpg">'
    alt = '<meta property="og:image:alt" content="Ship">'
    page = html("<p>Text.</p>", meta + alt)
    assert page.images == (Image("https://x.example/a.jpg", "Ship", lead=True),)
    shown = html(
        '<img src="b.png" alt="B"><img src="https://x.example/a-1024x768.jpg" alt="A">', meta
    )
    assert [one.lead for one in shown.images] == [False, True]
    assert shown.lead_image == shown.images[1]
    assert html('<img src="b.png" alt="B">').lead_image == Image("b.png", "B")
    assert html("<p>Text.</p>").lead_image is None


def test_addresses_are_taken_from_the_base_of_a_page() -> None:
    page = html(
        '<img src="a.png" alt="A"><a href="x">X</a>', '<base href="https://x.example/dir/">'
    )
    assert page.images == (Image("https://x.example/dir/a.png", "A"),)
    assert page.html is not None
    assert 'href="https://x.example/dir/x"' in page.html


def test_pictures_beside_the_page_take_their_published_places() -> None:
    text = "# T\n\n![A](a.png)\n\n[![B](b.png)](big/b.JPG)\n\n[file](b.pdf) ![far](https://x.example/f.png)\n"
    page = read("a.md", text)
    assert wanted(page) == ("a.png", "b.png", "big/b.JPG")
    a, b = "media/0123456789abcdef.png", "media/fedcba9876543210.jpg"
    page = placed(page, {"a.png": Image(a, width=4, height=3, size=9), "big/b.JPG": Image(b)}, ())
    assert page.images[0] == Image(a, "A", 4, 3, size=9)
    assert page.html is not None
    assert f'<img src="{a}" alt="A" width="4" height="3">' in page.html
    assert f'<a href="{b}"><img src="b.png"' in page.html
    assert published(page) == (a, b)
    assert from_record(to_record(page)) == page


def test_what_is_not_beside_a_page_of_the_web_is_where_the_page_is() -> None:
    page = html('<img src="/i/a.png" alt="A">', '<link rel=canonical href="https://x.example/p/1">')
    page = placed(page, {}, ())
    assert page.images == (Image("https://x.example/i/a.png", "A"),)
    assert page.html is not None
    assert 'src="https://x.example/i/a.png"' in page.html
    assert wanted(page) == ()
    strange = html('<img src="a.png" alt="A">', '<link rel=canonical href="http://[">')
    assert placed(strange, {}, ()).images == strange.images


SHAPED = """<h1>T</h1><p>Summary.</p><img src=top.png alt=Top><p>Lead.</p>
<h2>One</h2><figure><img src=one.png alt=One></figure><p>Why?</p><p>So.</p><p>Published: 2026-01-01</p>
<p>Body.</p><iframe src="https://v.example/1" title="A film"></iframe><img src=end.png alt=End>
<h2>Two</h2><p>How?</p><p>Thus.</p><p>Published: 2026-01-02</p><p>With <img src=two.png alt=Two> in it.</p>"""


def test_pictures_of_a_page_of_the_shape_stand_in_their_sections() -> None:
    page = read("a.html", f"<article>{SHAPED}</article>")
    assert [(one.url, one.section) for one in page.images] == [
        ("top.png", 0),
        ("one.png", 1),
        ("end.png", 1),
        ("two.png", 2),
    ]
    assert from_record(to_record(page)) == page
    assert [one.heading for one in page.sections] == ["One", "Two"]


def test_a_frame_is_a_titled_link_in_every_page() -> None:
    page = read("a.html", f"<article>{SHAPED}</article>")
    assert page.sections[0].body == ("Body.", "A film https://v.example/1")
    page = html('<p>Text.</p><iframe data-src="https://v.example/2"></iframe>')
    assert page.html is not None
    assert '<a href="https://v.example/2">https://v.example/2</a>' in page.html
    assert page.lead == ("Text.", "https://v.example/2")
