"""HTML pages as sites serve them: the article's own text, without what stands around it (PAGES.md)."""

from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.articles.blocks import Skips, is_unread, lines_in
from syndicate.articles.chrome import Chrome
from syndicate.articles.decode import decode
from syndicate.articles.marked import read_marked
from syndicate.articles.markup_about import about_of
from syndicate.articles.metadata import About
from syndicate.articles.pictures import unnamed
from syndicate.articles.rendered import body_html, images_in, is_deep, mend
from syndicate.articles.told import apply
from syndicate.errors import PageRefused
from syndicate.model import Article, Page


def parse(page: Page, default_language: str) -> Article:
    """Read an HTML page. Raises PageRefused."""
    text, notices = decode(page)
    if is_deep(text):
        raise PageRefused(f"{page.path}: its markup is nested too deeply. Write it plainer.")
    tree = LexborHTMLParser(text)
    fallback = about_of(tree)
    chrome = Chrome(tree)
    root = _root(tree, chrome)
    if root is None:
        raise PageRefused(f"{page.path}: has no text. Write the article, or remove it.")
    mend(tree)
    skips: Skips = chrome
    if not (lines := lines_in(root, skips)):  # then what it is called is not what it is
        skips = is_unread
        lines = lines_in(root, skips)
    if not any(line.level == 1 for line in lines):
        outside = tree.css("h1")
        if len(outside) == 1 and not fallback.title and outside[0].text().strip():
            fallback = replace(fallback, title=" ".join(outside[0].text().split()))
    read = read_marked(lines, About(), fallback, default_language, page.path)
    images = tuple(images_in(root, skips, read.places))
    decoration = {one.attributes.get("src") for one in root.css('img[alt=""]')}
    silent = unnamed(one for one in images if one.url not in decoration)
    article = replace(
        read.article,
        images=images,
        warnings=(*notices, *read.article.warnings, *silent),
        html=None if read.shaped else body_html(root, read.told, skips),
    )
    shown = fallback.image_alt or ""  # the page itself does not show it: who wrote it was not asked
    said = replace(fallback, title=None, summary=None, image_alt=shown, notices=())
    return apply(said, article)


def _root(tree: LexborHTMLParser, chrome: Chrome) -> LexborNode | None:
    """Return the article: of several, cards of other ones too, the one with the title, or the most text."""
    for name in ("article", "main"):
        found = [one for one in tree.css(name) if not chrome.around(one)]
        if found:
            return max(found, key=lambda one: (one.css_first("h1") is not None, len(one.text())))
    return tree.body
