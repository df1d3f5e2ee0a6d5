"""Markdown pages (CommonMark with tables) with YAML or TOML front matter (PAGES.md)."""

import re

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.articles import front
from syndicate.articles.blocks import UNREAD, lines_in
from syndicate.articles.commonmark import html_of
from syndicate.articles.decode import decode, plain_markup
from syndicate.articles.grammar import NOTE
from syndicate.articles.marked import read_marked
from syndicate.articles.metadata import About
from syndicate.articles.pictures import unnamed
from syndicate.articles.rendered import body_html, images_in, is_deep, is_plain, mend
from syndicate.articles.told import apply
from syndicate.errors import PageRefused
from syndicate.model import Article, Page
from syndicate.steps import Steps

# A highlight with what goes on in it, indented; what stands below at the margin is text (PAGES.md), which
# CommonMark would take into the highlight. What begins a block, or has a mark, is no such line.
_BEGINS = r" {0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?💡"
_HIGHLIGHT = re.compile(
    rf"^{_BEGINS}.*+\n(?:(?!{_BEGINS})[ \t]+\S.*+\n)*+(?=[^\s\-*+>#=|<💡✅])", re.MULTILINE
)
_FENCE = re.compile("^ {0,3}(?:```|~~~)", re.MULTILINE)
_FOOTNOTE = re.compile(r"^[ \t>*+-]*\[\^([^\]\n]+)\]:", re.MULTILINE)
_UNREAD = UNREAD - {"aside", "footer"}  # these are a callout, as Notion exports it, and no sidebar


def parse(page: Page, beside: About, default_language: str) -> Steps[Article]:
    """Read a Markdown page that has a sidecar `beside` it, step by step. Raises PageRefused."""
    text, notices = decode(page)
    about, body = front.split(text, page.path)
    yield
    html = html_of(_parted(body))
    if "&#" in body:
        html, more = plain_markup(html, page.path)
        notices = (*notices, *more)
    if is_deep(html):
        raise PageRefused(f"{page.path}: its markup is nested too deeply. Write it plainer.")
    tree, plain = LexborHTMLParser(html), is_plain(html)
    if not plain:
        mend(tree)
    root, skips = tree.body, None if plain else _skips
    lines = lines_in(root, skips) if root is not None else []
    yield
    read = read_marked(lines, about, beside, default_language, page.path)
    yield
    images = tuple(images_in(root, skips, read.places)) if root is not None and skips else ()
    shown = None
    if root is not None and not read.shaped:
        shown = body_html(root, read.told, skips, bare=True)
    warnings = (*notices, *read.article.warnings, *unnamed(images))
    article = replace(read.article, images=images, html=shown, warnings=warnings)
    return apply(about, _without_notes(article, body))


def _without_notes(article: Article, text: str) -> Article:
    """Take marks of footnotes (`[^1]`) from what stands apart from the text that has their words."""
    marks = {f"[^{name}]" for name in _FOOTNOTE.findall(text)} if "[^" in text else set()
    if not marks:
        return article

    def bare(line: str) -> str:
        return NOTE.sub(lambda mark: "" if mark[0] in marks else mark[0], line).strip() or line

    return replace(
        article,
        title=bare(article.title),
        summary=article.summary and bare(article.summary),
        highlights=tuple(map(bare, article.highlights)),
    )


def _skips(node: LexborNode) -> bool:
    return node.tag in _UNREAD


def _parted(text: str) -> str:
    """Part highlights from the text below them, but not where text may be that of a program."""
    if "💡" not in text:
        return text
    fence = _FENCE.search(text)
    end = fence.start() if fence else len(text)
    return _HIGHLIGHT.sub(r"\g<0>\n", text[:end]) + text[end:]
