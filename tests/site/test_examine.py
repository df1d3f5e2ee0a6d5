"""A page is looked at before it is published: it is whole, and its links are known (issue 5)."""

import pytest

from syndicate.errors import TemplateRefused
from syndicate.model import Link
from syndicate.site import examine

BASE = "https://example.com/news"
PATH = "articles/bees/index.html"


def page(body: str, head: str = "<title>Bees</title>", language: str = ' lang="en"') -> bytes:
    text = f"<!DOCTYPE html>\n<html{language}>\n<head>{head}</head>\n<body>{body}</body>\n</html>\n"
    return text.encode()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (page("<main><p>a</b></p></main>"), "<p> is open where </b> stands (line 4)"),
        (page("<p>a</p></div>"), "<body> is open where </div> stands (line 4)"),
        (page('<p id="a"></p><p id="a"></p>'), "the id 'a' is given twice"),
        (page("", head="<title> </title>"), "no language, or no title"),
        (page("", head=""), "no language, or no title"),
        (page("", language=""), "no language, or no title"),
        (page("")[:-9], "does not end with </html>"),
    ],
)
def test_a_broken_page_is_refused_with_what_is_wrong(broken: bytes, said: str) -> None:
    with pytest.raises(TemplateRefused) as caught:
        examine(broken, PATH, BASE)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"The page {PATH} is broken: ")


@pytest.mark.parametrize("page", [b"", b"\n", b"<!-- nothing -->"])
def test_a_page_of_which_nothing_is_drawn_is_refused_by_its_name(page: bytes) -> None:
    with pytest.raises(TemplateRefused, match=r"articles/x/index\.html is (empty|broken)"):
        examine(page, "articles/x/index.html", "https://example.com")


def test_what_html_allows_is_no_fault() -> None:
    """Elements that end themselves, SVG, and what an older reader of HTML would close too early."""
    body = '<p>a<br>b<img src="../../media/a.png" alt=""><svg><path d="M0"/></svg></p>'
    body += (
        "<p><ins>a</ins></p><dl><dt>a</dt><dd><figure><figcaption>b</figcaption></figure></dd></dl>"
    )
    assert examine(page(body), PATH, BASE) == (Link("../../media/a.png", "media/a.png"),)


@pytest.mark.parametrize(
    ("address", "target", "written"),
    [
        ("../../index.html", "", False),
        ("../../tags/%E8%8A%B1/index.html", "tags/花", False),
        ("../../assets/style.css?v=1#a", "assets/style.css", False),
        ("../wasps/", "articles/wasps", False),
        ("", "articles/bees", False),
        ("/news/feed.atom", "feed.atom", False),
        ("https://example.com/news/articles/wasps/", "articles/wasps", True),
        ("http://EXAMPLE.com/news/articles/wasps?utm=1#part", "articles/wasps", True),
        ("https://example.com/news", "", True),
        ("#nowhere", "articles/bees/#nowhere", True),
    ],
)
def test_a_link_into_the_publication_names_a_published_path(
    address: str, target: str, written: bool
) -> None:
    found = examine(page(f'<a href="{address}">a</a>'), PATH, BASE)
    assert found == (Link(address, target, written),)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/news/",
        "https://example.com/other/",
        "https://example.com/newspaper",
        "/other",
        "mailto:a@example.com",
        "https://[",
        "#here",
        "#",
        "https://example.com/news/subscribe?series=a",
    ],
)
def test_what_leads_out_or_is_answered_by_the_program_is_none(address: str) -> None:
    assert examine(page(f'<a id="here" href="{address}">a</a>'), PATH, BASE) == ()


def test_the_front_page_leads_below_itself() -> None:
    body = '<a id="a" href="#a">a</a><a href="#b">b</a><a href="tags/c/index.html#d">c</a>'
    found = examine(page(body), "index.html", BASE)
    assert found == (Link("#b", "#b", written=True), Link("tags/c/index.html#d", "tags/c"))


def test_pictures_of_several_sizes_and_each_target_once() -> None:
    body = (
        '<img srcset="../../media/a.png 1x, ../../media/b,c.png 2x" src="../../media/a.png" alt="">'
    )
    found = examine(page(body * 2), PATH, BASE)
    assert {one.target for one in found} == {"media/a.png", "media/b,c.png"}
    assert len(found) == 2


def test_an_address_in_the_head_is_nobodys_own_words() -> None:
    head = '<title>a</title><link rel="canonical" href="https://example.com/news/articles/bees/">'
    (link,) = examine(page("", head), PATH, BASE)
    assert not link.written
