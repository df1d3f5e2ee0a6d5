"""HTML as sites serve it: what stands around an article is left out, and nothing of it is lost."""

import pytest

from syndicate.articles import parse
from syndicate.model import Article, Page

LONG = "Three hives stand in a garden, and each is weighed when all of its bees are home."


def read(body: str, title: str = "Bees | The Site") -> Article:
    head = f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
    return parse(Page("a.html", f"{head}<body>{body}</body></html>".encode(), None), "en")


def told(article: Article) -> list[str]:
    """Return all lines of an ordinary article below its title."""
    first = [article.summary] if article.summary else []
    sections = [text for one in article.sections for text in (one.heading or "", *one.body)]
    return [*first, *article.highlights, *article.lead, *sections]


@pytest.mark.parametrize(
    "attributes",
    [
        'class="p-related-posts"',
        'class="p-relatedPosts__list"',
        'class="m-related-articles"',
        'class="c-shareBtns"',
        'class="p-comment-list"',
        'class="p-ad-area"',
        'class="js-toc-list"',
        'class="wp-block-rank-math-toc-block"',
        'class="l-sidebar"',
        'class="jp-relatedposts" id="jp-relatedposts"',
        'class="sharedaddy sd-block sd-like jetpack-likes-widget-wrapper"',
        'class="wp-block-social-links"',
        'class="ez-toc-v2_0_17 counter-hierarchy" id="ez-toc-container"',
        'class="addtoany_share_save_container"',
        'class="widget-area" id="secondary"',
        'class="widget widget_recent_entries"',
        'class="hatena-module hatena-module-recent-entries"',
        'class="social-icons"',
        'class="newsletter-signup"',
        'id="comments"',
    ],
)
def test_what_stands_around_an_article_is_not_taken(attributes: str) -> None:
    around = f"<div {attributes}><h3>More</h3><ul><li>✅ <a href=/w>Wasps</a></ul><p>💡 Ants</div>"
    page = read(f"<article><h1>Bees</h1>{around}<p>{LONG}</p>{around}</article>")
    assert told(page) == [LONG]
    assert page.html is None


@pytest.mark.parametrize(
    "part",
    [
        '<h2 id="related-work">{}</h2>',
        '<h2 id="comments">{}</h2>',
        '<h2><span class="mw-headline" id="Social">{}</span></h2>',
        '<ol><li id="fn:ad"><p>{} <a role="doc-backlink" href="#r">↩</a></p></li></ol>',
        '<div class="footnotes" role="doc-endnotes"><ol><li>{}</li></ol></div>',
        '<div class="elementor-element elementor-widget elementor-widget-text-editor">{}</div>',
        '<div class="fl-module fl-module-rich-text fl-widget"><p>{}</p></div>',
        '<div class="post-12 hentry category-social tag-newsletter"><p>{}</p></div>',
        '<div class="et_pb_with_sidebar"><p>{}</p></div>',
        '<p class="tag-comments">{}</p>',
    ],
)
def test_names_that_say_something_else_take_no_text_away(part: str) -> None:
    said = "Bees are social."
    page = read(f"<article><h1>Bees</h1><p>{LONG}</p>{part.format(said)}</article>")
    assert told(page) == [LONG, said]


@pytest.mark.parametrize(
    "page",
    [
        "<article><h1>Bees</h1><p>News</p><div class='so-panel widget widget_sow-editor'>{}</div>",
        "<main><h1>Bees</h1><p>News</p><div class='row content-sidebar'>{}</div></main>",
        "<p>News</p><div class='wrap right-sidebar'><article><h1>Bees</h1>{}</article></div>",
        "<p>News</p><div class='wrap right-sidebar'><article><h2>Bees</h2>{}</article></div>",
        "<article><h1>Bees</h1><p>News</p><div class=ranking>{}</div></article>",
    ],
)
def test_the_most_of_a_page_is_its_text_whatever_it_is_called(page: str) -> None:
    around = "<div class=related><p>✅ Wasps</p></div><div id=comments><p>💡 Ants</p></div>"
    read_lines = told(read(page.format(f"<p>{LONG}</p>{around}")))
    assert [one for one in read_lines if one not in {"News", "Bees"}] == [LONG]


def test_a_picture_of_hatena_blog_is_shown() -> None:
    picture = '<img class="hatena-fotolife" src="https://cdn.example/a.jpg" alt="Hive">'
    page = read(f"<article><h1>Bees</h1><p>{LONG}</p><p>{picture}</p></article>")
    assert [one.alt for one in page.images] == ["Hive"]
    assert '<img src="https://cdn.example/a.jpg"' in (page.html or "")


CARD = '<article class="card"><h3><a href="/w">Wasps</a></h3><p>✅ They sting. {}</p></article>'
LOGO = "<div id=logo><h1>The Site</h1><p>{about}</p></div>"
OLD = "<article><h2><a href=/bees>Bees</a></h2>{long}</article>"
LIVE = "<article><h2><a href='#1'>10:00</a></h2>{long}</article><article>{long}</article>"


@pytest.mark.parametrize(
    ("page", "more"),
    [
        (
            "<main><h1>Bees</h1><div class=post>{long}</div><section>{card}{card}</section></main>",
            [],
        ),
        ("<div id=content><h1>Bees</h1><div>{long}</div><div class=latest>{card}</div></div>", []),
        ("<main><h1>Bees</h1>{long}</main><div class=latest>{card}</div>", []),
        ("<article><h1>Bees</h1>{long}<div class=latest>{card}</div></article>", []),
        ("<article><h2>Bees</h2>{long}</article><div class=latest>{card}</div>", ["Bees"]),
        ("<main><h1>Bees</h1>{long}<article class=tweet>Quoted.</article></main>", ["Quoted."]),
        ("<header><h1>Bees</h1></header><article>{long}</article><p>About the site.</p>", []),
        (f"{LOGO}{OLD}<article>A tweet.</article>", ["Bees"]),
        (f"<main><h1>Bees</h1>{LIVE}</main>", ["10:00", LONG]),
    ],
    ids=range(9),
)
def test_cards_of_other_articles_are_not_the_article(page: str, more: list[str]) -> None:
    """A post is often no `<article>`, and the cards or quotations below it are; an old one has no h1."""
    for length in (0, 3):
        parts = {"card": CARD.format(LONG * length), "about": LONG * length}
        lines = told(read(page.format(long=f"<p>{LONG}</p>", **parts)))
        assert sorted(lines) == sorted([LONG, *more])


DESCRIBED = '<meta name="description" content="How a beekeeper counts.">'
SHAPE = f"""{{}}<p>How a beekeeper counts.</p><p>💡 A hive is weighed.<br>💡 Part two.</p><p>{LONG}</p>
<h2>Weighing a hive</h2><p>How?<br>By weight.</p><p>Published: 2026-10-01</p><ul><li>✅ A point</ul>
<p>Read more ⇒<a href="https://example.org/a">Almanac</a></p><p>On a warm evening.</p>"""
PLAIN = f"""{{}}<p>How a beekeeper counts.</p><p>{LONG}</p><h2>Weighing a hive</h2>
<p>With <a href="https://example.org/a">scales</a>.</p><table><tr><td>10</td></tr></table>"""


@pytest.mark.parametrize("described", ["", DESCRIBED])
@pytest.mark.parametrize(
    ("byline", "said"),
    [
        ('<p class="date"><time datetime="2026-10-05">2026年10月5日</time></p>', "2026年10月5日"),
        ("<time>5 October</time>", "5 October"),
        ('<p class="post-date">公開日：2026/10/05</p>', "公開日：2026/10/05"),
        ("<p>公開日：2026年10月5日</p>", "公開日：2026年10月5日"),
        ("<p><a class=author>Ann Lee</a> <span class=reading-time>5 min</span>", "Ann Lee 5 min"),
    ],
    ids=range(5),
)
def test_a_date_or_an_author_below_the_title_is_no_summary(
    byline: str, said: str, described: str
) -> None:
    page = read(f"{described}<article><h1>Bees</h1>{SHAPE.format(byline)}</article>")
    assert (page.summary, page.warnings) == ("How a beekeeper counts.", ())
    assert page.highlights == ("A hive is weighed.", "Part two.")
    assert (page.lead, page.sections[0].heading) == ((said, LONG), "Weighing a hive")
    page = read(f"{described}<article><h1>Bees</h1>{PLAIN.format(byline)}</article>")
    assert (page.summary, page.lead) == ("How a beekeeper counts.", (said, LONG))
    assert page.sections[0].body == ("With scales.", "10")
    assert "<table>" in (page.html or "")


def test_what_stands_above_the_line_that_a_page_is_described_by_is_no_summary() -> None:
    page = read(
        f"{DESCRIBED}<article><h1>Bees</h1>{SHAPE.format('<p>Ann Lee, Kent</p>')}</article>"
    )
    assert (page.summary, len(page.highlights)) == ("How a beekeeper counts.", 2)
    assert page.lead == ("Ann Lee, Kent", LONG)


def test_a_date_below_the_title_is_the_pages_own_whatever_its_shape() -> None:
    lines = ("Bees", "公開日:2026/10/05", "A summary.", "💡 One", "Text.")
    for name, joint in (("a.txt", "\n"), ("a.md", "\n\n")):
        page = parse(Page(name, joint.join(lines).encode(), None), "ja")
        assert (page.summary, page.highlights) == ("A summary.", ("One",))
        assert (page.lead, page.sections) == (("公開日:2026/10/05", "Text."), ())
