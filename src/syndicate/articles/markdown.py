"""Markdown pages (CommonMark with tables) with YAML or TOML front matter (PAGES.md)."""

from dataclasses import replace
from functools import cache

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from syndicate.articles import front
from syndicate.articles.blocks import is_unread, lines_in
from syndicate.articles.decode import decode
from syndicate.articles.marked import read_marked
from syndicate.articles.metadata import About
from syndicate.articles.rendered import body_html, images_in, is_deep, mend
from syndicate.articles.told import apply
from syndicate.errors import PageRefused
from syndicate.model import Article, Page

_BRACKETS = 20_000  # each is looked at from each: many more take minutes


def parse(page: Page, default_language: str) -> Article:
    """Read a Markdown page. Raises PageRefused."""
    text, notices = decode(page)
    about, body = front.split(text, page.path)
    if body.count("[") > _BRACKETS:
        raise PageRefused(f"{page.path}: has more than {_BRACKETS:,} “[”. Split the page.")
    # Twice: once with an element at each line end, to read it by lines, and once to show it.
    html = _renderer().render(body)
    if is_deep(html):
        raise PageRefused(f"{page.path}: its markup is nested too deeply. Write it plainer.")
    tree = LexborHTMLParser(html)
    mend(tree)
    root = tree.body
    lines = lines_in(root, is_unread) if root is not None else []
    read = read_marked(lines, about, About(), default_language, page.path)
    article = replace(read.article, warnings=(*notices, *read.article.warnings))
    if root is not None:
        article = replace(article, images=tuple(images_in(root, is_unread)))
        shown = None if read.shaped else body_html(root, read.told, is_unread)
        article = replace(article, html=shown)
    return apply(about, article)


@cache
def _renderer() -> MarkdownIt:
    options = {"html": True, "breaks": True}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
