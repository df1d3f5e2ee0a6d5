"""What of a web page is no text of its article: menus, advertisements, tables of contents, comments.

The rules are PAGES.md's: by the element's name, its role, or what its class or id calls it.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.articles.blocks import is_unread

_ROLES = frozenset(
    {"navigation", "complementary", "search", "contentinfo", "banner", "menu", "menubar", "toolbar"}
    | {"dialog", "alert", "tablist", "doc-toc", "doc-endnotes"}
)
# Words of class and id, as they stand between blanks, `-`, `_` and capitals.
_WORDS = frozenset(
    {"ad", "ads", "adv", "advert", "adverts", "advertisement", "advertising", "adsense", "adbox"}
    | {"banner", "sponsor", "sponsored", "promo", "promotion", "toc", "share", "shares", "sharing"}
    | {"sharer", "sns", "social", "byline", "breadcrumb", "breadcrumbs", "related", "recommend"}
    | {"recommended", "recommendation", "recommendations", "ranking", "comment", "comments"}
    | {"commentlist", "respond", "disqus", "sidebar", "widget", "widgets", "pagination", "pager"}
    | {"cookie", "popup", "modal", "newsletter", "subscribe", "hatena", "outbrain", "taboola"}
)
_PHRASES = (
    ("entry", "meta"),
    ("post", "meta"),
    ("article", "meta"),
    ("table", "of", "contents"),
    ("page", "links"),
    ("post", "navigation"),
    ("nav", "links"),
    ("author", "box"),
    ("read", "also"),
    ("you", "may", "like"),
)
_PAGE = "main, article h1"  # what holds these is the page's layout: it has the others beside it
_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])")
_WHOLE = frozenset({"html", "body", "main", "article"})  # a page's own class says what it has


class Chrome:
    """Tells of a page's elements, one at a time, whether they are no part of the article they stand in."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._layout: set[int] = (
            set()
        )  # looked up once: to look from each element is the square of it
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
            return False
        attributes = node.attributes
        if "hidden" in attributes or (attributes.get("aria-hidden") or "").lower() == "true":
            return True
        if (attributes.get("role") or "").lower() in _ROLES:
            return True
        called = (one for key in ("class", "id") for one in (attributes.get(key) or "").split())
        return node.mem_id not in self._layout and any(map(_says, called))

    def around(self, node: LexborNode) -> bool:
        """Whether an element stands in one that is no part of an article."""
        above = node.parent
        while above is not None:
            if self(above):
                return True
            above = above.parent
        return False


def _says(called: str) -> bool:
    words = [word.lower() for word in _SPLIT.split(called) if word]
    if not words:
        return False
    # The first and the last word name a thing; one in between may be of a theme or a layout.
    if words[0] in _WORDS or words[-1] in _WORDS:
        return not {"has", "no", "with", "without", "is"} & set(words[:1])
    return any(
        tuple(words[at : at + len(phrase)]) == phrase
        for phrase in _PHRASES
        for at in range(len(words) - len(phrase) + 1)
    )
