"""HTML pages as sites serve them: the article's own text, without what stands around it (PAGES.md)."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.articles import front
from syndicate.articles.blocks import Line, Skips, is_unread, lines_in
from syndicate.articles.chrome import Chrome
from syndicate.articles.decode import decode, plain_markup
from syndicate.articles.marked import read_marked
from syndicate.articles.markup_about import about_of
from syndicate.articles.metadata import NOTHING, About
from syndicate.articles.pictures import unnamed
from syndicate.articles.rendered import body_html, images_in, is_deep, mend
from syndicate.articles.told import apply
from syndicate.errors import PageRefused
from syndicate.model import Article, Page

_MOST = 3  # times as much text as the rest: no sidebar has that


def parse(page: Page, beside: About, default_language: str) -> Article:
    """Read an HTML page that has a sidecar `beside` it. Raises PageRefused."""
    text, notices = decode(page)
    front.refuse_begun(text, page.path)
    if is_deep(text):
        raise PageRefused(f"{page.path}: its markup is nested too deeply. Write it plainer.")
    if "&#" in text:
        text, more = plain_markup(text, page.path)
        notices = (*notices, *more)
    tree = LexborHTMLParser(text)
    fallback = about_of(tree)
    mend(tree)
    root, skips, lines = _text(tree, fallback.title or "")
    if root is None:
        raise PageRefused(f"{page.path}: has no text. Write the article, or remove it.")
    if not any(line.level == 1 for line in lines):
        outside = tree.css("h1")
        if len(outside) == 1 and not fallback.title and outside[0].text().strip():
            fallback = replace(fallback, title=" ".join(outside[0].text().split()))
    read = read_marked(lines, NOTHING, beside.over(fallback), default_language, page.path)
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
    said = replace(fallback, title=None, summary=None, image_alt=shown)
    return apply(said, article)


def _text(tree: LexborHTMLParser, title: str) -> tuple[LexborNode | None, Skips, list[Line]]:
    """Return the article, what is left out of it, and its lines.

    Where what it is called takes most of the text, or all of it, it is not what it is called.
    """
    chrome, sure = Chrome(tree, title), Chrome(tree, title, guesses=False)
    root, lines = _lines(tree, chrome)
    if chrome.guessed:
        whole, others = _lines(tree, sure)
        if _weight(others) > _MOST * _weight(lines):
            return whole, sure, others
    if root is None or lines:
        return root, chrome, lines
    return root, is_unread, lines_in(root, is_unread)


def _lines(tree: LexborHTMLParser, chrome: Chrome) -> tuple[LexborNode | None, list[Line]]:
    root = _root(tree, chrome)
    return root, lines_in(root, chrome) if root is not None else []


def _weight(lines: Iterable[Line]) -> int:
    """Return how much text lines hold outside of links: menus and lists of other articles hold little."""
    return sum(len(line.text) - sum(len(name) for name, _ in line.links) for line in lines)


def _root(tree: LexborHTMLParser, chrome: Chrome) -> LexborNode | None:
    """Return the article, or what it stands in if that is one and it is no more than a card in it."""
    articles = [one for one in tree.css("article") if not chrome.around(one)]
    mains = [one for one in tree.css("main") if not chrome.around(one)]
    article, around = _longest(articles, chrome), _longest(mains, chrome) or tree.body
    if article is None or around is None or not _is_beside(article, around, chrome):
        return article or around
    return around


def _longest(found: Sequence[LexborNode], chrome: Chrome) -> LexborNode | None:
    """Return the one with the title, of several or of none the one with the most text; cards come last."""

    def rank(one: LexborNode) -> tuple[bool, bool, int]:
        return one.css_first("h1") is not None, not chrome.is_card(one), len(one.text())

    return max(found, key=rank, default=None)


def _is_beside(article: LexborNode, around: LexborNode, chrome: Chrome) -> bool:
    """Whether the page's title, and its text, stand around an article: it is a card, or a quotation."""
    if article.css_first("h1") is not None:
        return False
    heads = [one for one in around.css("h1") if not chrome.around(one)]
    titled = any(map(chrome.is_title, heads))
    if not heads or not (titled or around.tag == "main"):  # else it is the name of the site
        return False
    if titled and chrome.is_card(article):
        return True
    rest = lines_in(around, lambda node: node.mem_id == article.mem_id or chrome(node))
    return _weight(rest) > _weight(lines_in(article, chrome))
