"""Markdown pages (CommonMark with tables) with YAML or TOML front matter (PAGES.md)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.articles import front
from syndicate.articles.blocks import SOFT, is_unread, lines_in
from syndicate.articles.decode import decode, plain_markup
from syndicate.articles.marked import between, read_marked
from syndicate.articles.metadata import About
from syndicate.articles.pictures import unnamed
from syndicate.articles.rendered import body_html, images_in, is_deep, mend
from syndicate.articles.told import apply
from syndicate.errors import PageRefused
from syndicate.model import Article, Page

# A highlight with what goes on in it, indented; what stands below at the margin is text (PAGES.md), which
# CommonMark would take into the highlight. What begins a block, or has a mark, is no such line.
_HIGHLIGHT = re.compile(
    r"^ {0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?💡.*+\n(?:[ \t]+\S.*+\n)*+(?=[^\s\-*+>#=|<💡✅])",
    re.MULTILINE,
)
_FENCE = re.compile("^ {0,3}(?:```|~~~)", re.MULTILINE)
_PLAIN = re.compile("https?://[a-z0-9.-]+(?:/[A-Za-z0-9._~/-]*)?")
_WRITTEN = frozenset({"aside", "footer"})  # a callout, as Notion exports it, and no sidebar
_NESTED = 100  # blocks in each other: a list has two at each level
_BRACKETS = 20_000  # each is looked at from each: many more take minutes


def parse(page: Page, beside: About, default_language: str) -> Article:
    """Read a Markdown page that has a sidecar `beside` it. Raises PageRefused."""
    text, notices = decode(page)
    about, body = front.split(text, page.path)
    if body.count("[") > _BRACKETS:
        raise PageRefused(f"{page.path}: has more than {_BRACKETS:,} “[”. Split the page.")
    tokens = _renderer().parse(_parted(body))
    if any(one.level >= _NESTED for one in tokens):  # the renderer leaves out what is deeper
        raise PageRefused(f"{page.path}: its markup is nested too deeply. Write it plainer.")
    html = _renderer().renderer.render(tokens, _renderer().options, {})
    if "&#" in body:
        html, more = plain_markup(html, page.path)
        notices = (*notices, *more)
    if is_deep(html):
        raise PageRefused(f"{page.path}: its markup is nested too deeply. Write it plainer.")
    tree = LexborHTMLParser(html)
    mend(tree)
    root = tree.body
    lines = lines_in(root, _skips) if root is not None else []
    read = read_marked(lines, about, beside, default_language, page.path)
    article = replace(read.article, warnings=(*notices, *read.article.warnings))
    if root is not None:
        images = tuple(images_in(root, _skips, read.places))
        shown = None if read.shaped else body_html(root, read.told, _skips)
        warnings = (*article.warnings, *unnamed(images))
        article = replace(article, images=images, html=shown, warnings=warnings)
    return apply(about, article)


def _skips(node: LexborNode) -> bool:
    return node.tag not in _WRITTEN and is_unread(node)


def _parted(text: str) -> str:
    """Part highlights from the text below them, but not where text may be that of a program."""
    if "💡" not in text:
        return text
    fence = _FENCE.search(text)
    end = fence.start() if fence else len(text)
    return _HIGHLIGHT.sub(r"\g<0>\n", text[:end]) + text[end:]


class _Markdown(MarkdownIt):
    """Most addresses are plain: to take one apart and put it together again costs a tenth of a page."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        return url if _PLAIN.fullmatch(url) else super().normalizeLink(url)


@cache
def _renderer() -> MarkdownIt:
    options = {"html": True, "maxNesting": _NESTED + 2}
    markdown = _Markdown("commonmark", options).enable(["table", "strikethrough"])
    markdown.block.ruler.at("reference", _reference)
    markdown.add_render_rule("softbreak", _line_end)
    return markdown


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read where a link leads, but no footnote: one without blanks would be an address, and be lost."""
    first = state.bMarks[start] + state.tShift[start]
    return not state.src.startswith("[^", first) and reference(state, start, end, silent)


def _line_end(_renderer: object, tokens: Sequence[Token], at: int, *_more: object) -> str:
    """Keep the end of a line, so that the page can be read by lines; `body_html` takes it out again."""
    before, after = (
        tokens[one].content if 0 <= one < len(tokens) else "" for one in (at - 1, at + 1)
    )
    return f'<br class="{SOFT}">{between(before, after, chr(10))}'
