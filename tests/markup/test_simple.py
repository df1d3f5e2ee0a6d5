"""Simple markup is recognised without a parser, and is what one would write of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from syndicate.markup import simple_links
from syndicate.markup.sanitise import sanitise

BLOCKS = ("p", "h2", "pre", "ul", "ol", "li", "blockquote", "section", "div", "table", "td", "hr")
NAMES = (*BLOCKS, "a", "em", "strong", "b", "code", "span", "sub", "br")
TEXTS = st.text(alphabet="a 花\n\t\f\"'=/-💡") | st.sampled_from(
    ["&amp;", "&lt;", "&nbsp;", "&copy;", "\u00a0", "\r", "\0", ">", "<", "<!-- a -->", "&"]
)
ATTRIBUTES = st.sampled_from(
    ["", ' class="a"', ' href="https://a.example/?b&amp;c"', ' href="#花"', " on"]
)


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    name = st.sampled_from(NAMES)
    return st.builds(
        lambda name, said, inner: (
            f"<{name}{said}>" + ("" if name in ("br", "hr") else f"{inner}</{name}>")
        ),
        name,
        ATTRIBUTES,
        st.lists(inside, max_size=4).map("".join),
    )


MARKUP = st.lists(st.recursive(TEXTS, element, max_leaves=12), max_size=6).map("".join)


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(f"<body><div>{html}</div></body>")


@given(MARKUP | MARKUP.map(sanitise))
def test_what_is_simple_is_what_a_parser_writes_of_it(html: str) -> None:
    found = simple_links(html)
    if found is not None:
        root = parsed(html).body
        assert root is not None
        assert root.child is not None
        assert root.child.inner_html == html
        assert found == tuple(one.attributes["href"] for one in root.css("[href]"))


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ("", ()),
        ("<p>Bees &amp; wasps, <em>at <code>home</code></em>.<br>花</p>\n<hr>", ()),
        (
            '<p><a href="https://a.example/?b&amp;c">x</a> <a href="#d">y</a></p>',
            ("https://a.example/?b&c", "#d"),
        ),
        ("<ul>\n<li>a</li>\n<li><p>b</p>\n<ol><li>c</li></ol></li>\n</ul>", ()),
        ("<blockquote>\n<p>a</p>\n</blockquote>\n<pre><code>b\n</code></pre>", ()),
        ('<section>\n<h2>a</h2>\n<p class="teaser-answer">b</p>\n</section>', ()),
    ],
)
def test_what_markdown_and_texts_become_is_simple(html: str, links: tuple[str, ...]) -> None:
    assert simple_links(html) == links


@pytest.mark.parametrize(
    "html",
    [
        "<p>a",
        "</p>",
        "<p>a</em></p>",
        "<p><p>a</p></p>",
        "<ul><p>a</p></ul>",
        "<li>a</li>",
        '<a href="#a"><em><a href="#b">c</a></em></a>',
        "<pre>\na</pre>",
        '<p onclick="a">b</p>',
        "<p>a < b</p>",
        "<p>a &copy; b</p>",
        "<p>a & b</p>",
        "<p>a &am<b>p;</b> b</p>",
        "<p>\u00a0</p>",
        "<p>a\rb</p>",
        "<P>a</P>",
        "<script>a</script>",
        '<img src="a.png">',
        "<!-- a -->",
    ],
)
def test_what_a_parser_has_to_look_at_is_not(html: str) -> None:
    assert simple_links(html) is None
