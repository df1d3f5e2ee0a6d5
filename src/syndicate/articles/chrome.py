"""What of a web page is no text of its article: menus, advertisements, tables of contents, comments.

The rules are PAGES.md's: by the element's name, its role, or what its class or id calls it.
"""

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.articles.blocks import is_inside, is_unread
from syndicate.articles.series import title_key

_ROLES = frozenset(
    {"navigation", "complementary", "search", "contentinfo", "banner", "menu", "menubar", "toolbar"}
    | {"dialog", "alert", "tablist", "doc-toc", "doc-backlink"}
)
# Words of class and id, as they stand between blanks, `-`, `_` and capitals.
_WORDS = frozenset(
    {"ad", "ads", "adv", "advert", "adverts", "advertisement", "advertising", "adsense", "adbox"}
    | {"sponsor", "sponsored", "toc", "lwptoc", "share", "shares", "sharing", "sharer", "sns"}
    | {"sharedaddy", "addtoany", "heateor", "byline", "breadcrumb", "breadcrumbs", "related"}
    | {"relatedposts", "recommend", "recommended", "recommendation", "recommendations", "comment"}
    | {"comments", "commentlist", "respond", "disqus", "pagination", "pager", "outbrain", "taboola"}
)
# As the last word these may also be of a layout or a theme: `content-sidebar`, `hero-banner`.
_FIRST = frozenset(
    {"banner", "promo", "promotion", "social", "sidebar", "widgets", "cookie", "popup", "modal"}
    | {"newsletter", "subscribe"}
)
_MAYBE = _FIRST | {"ranking"}  # a list of the site, or what the article is about
_BUILDERS = frozenset({"widget"})  # a thing of the sidebar, or of a page builder: the text itself
_PHRASES = (
    ("entry", "meta"),
    ("post", "meta"),
    ("article", "meta"),
    ("table", "of", "contents"),
    ("toc", "block"),
    ("page", "links"),
    ("post", "navigation"),
    ("nav", "links"),
    ("author", "box"),
    ("read", "also"),
    ("you", "may", "like"),
    ("sd", "like"),
    ("hatena", "bookmark"),
    ("hatena", "star"),
    ("hatena", "module"),
)
_PREFIXES = frozenset({"c", "p", "l", "m", "o", "u", "js", "jp", "ez", "sd", "wp", "block"})
_STATES = frozenset({"has", "no", "with", "without", "is"})
_SUBJECTS = frozenset({"tag", "category"})  # WordPress names what a post is about
_BOXES = frozenset({"div", "section", "header", "ul", "ol", "dl", "table", "p"})
_PAGE = "main, article h1"  # what holds these is the page's layout: it has the others beside it
_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])")
_LONG = 100  # a name of more letters is made by a program, and says nothing
_WHOLE = frozenset({"html", "body", "main", "article"})  # a page's own class says what it has


class _Says(IntEnum):
    """What a name says of an element: whether it is no part of the article."""

    NO = 0
    MAYBE = 1
    YES = 2


class Chrome:
    """Tells of a page's elements, one at a time, whether they are no part of the article they stand in.

    `guessed` is whether that was said because of a name that may also mean something else; who does not
    want that (`guesses`) is told of the sure ones alone.
    """

    def __init__(self, tree: LexborHTMLParser, title: str, *, guesses: bool = True) -> None:
        self._title = title_key(title)
        self.guessed = False
        self._least = _Says.MAYBE if guesses else _Says.YES
        self._cards: dict[int, bool] = {}
        self._around: dict[int, bool] = {}
        self._layout = set[int]()  # looked up once: to look from each element is the square of it
        for held in tree.css(_PAGE):
            above = held.parent
            while above is not None and above.mem_id not in self._layout:
                self._layout.add(above.mem_id)
                above = above.parent

    def __call__(self, node: LexborNode) -> bool:
        """Whether an element is no part of the article that it stands in."""
        if is_unread(node):
            return True
        if (node.tag or "") in _WHOLE:
            return node.tag == "article" and self.is_card(node)
        attributes = node.attributes
        if "hidden" in attributes or (attributes.get("aria-hidden") or "").lower() == "true":
            return True
        if (attributes.get("role") or "").lower() in _ROLES:
            return True
        if node.mem_id in self._layout:
            return False
        says = max(map(_says, _names(node)), default=_Says.NO)
        self.guessed |= says is _Says.MAYBE
        return says >= self._least

    def is_card(self, article: LexborNode) -> bool:
        """Whether an `<article>` has another page's title, with a link to it."""
        if article.mem_id not in self._cards:
            self._cards[article.mem_id] = self._leads_elsewhere(article)
        return self._cards[article.mem_id]

    def _leads_elsewhere(self, article: LexborNode) -> bool:
        heading = article.css_first("h1, h2, h3, h4")
        if heading is None or heading.tag == "h1" or self.is_title(heading):
            return False
        link, above = heading.css_first("a"), heading.parent
        while link is None and above is not None and above.mem_id != article.mem_id:
            link, above = above if above.tag == "a" else None, above.parent
        address = (link.attributes.get("href") or "") if link is not None else ""
        return bool(address) and "#" not in address

    def is_title(self, heading: LexborNode) -> bool:
        """Whether a heading is what markup calls the page, which often goes on with the site's name."""
        return bool(key := title_key(heading.text())) and self._title.startswith(key)

    def around(self, node: LexborNode) -> bool:
        """Whether an element stands in one that is no part of an article."""
        return is_inside(node, None, self, self._around)


def _names(node: LexborNode) -> list[str]:
    """Return the classes of an element; and its id, but that of a heading, say, is made of its text."""
    names = (node.attributes.get("class") or "").split()
    if node.tag in _BOXES:
        names += (node.attributes.get("id") or "").split()
    return [one for one in names if len(one) < _LONG]


@lru_cache(maxsize=4096)
def _says(called: str) -> _Says:
    words = [word.lower() for word in _SPLIT.split(called) if word]
    first, last = next((one for one in words if one not in _PREFIXES), ""), words[-1:]
    if words[:1] and words[0] in _STATES | _SUBJECTS:
        return _Says.NO
    # The first and the last word name a thing; one in between may be of a theme or a layout.
    ends = set() if _STATES.intersection(words[-2:-1]) else set(last)
    if first in _WORDS | _FIRST or ends & _WORDS or _holds_phrase(words):
        return _Says.YES
    return _Says.MAYBE if first in _MAYBE | _BUILDERS or ends & _MAYBE else _Says.NO


def _holds_phrase(words: Sequence[str]) -> bool:
    return any(
        tuple(words[at : at + len(phrase)]) == phrase
        for phrase in _PHRASES
        for at in range(len(words) - len(phrase) + 1)
    )
