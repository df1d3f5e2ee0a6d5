"""Markup of the simple shape that most pages have, read at a glance: a parser takes several times as long.

It is running text in paragraphs, headings, lists and quotations, with emphasis and links. A parser would
write it again as it stands: all elements are closed in their turn, none is where HTML would move it or
close another one for it, and no character would change. Of other markup nothing is said here.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_LISTS = frozenset(("ul", "ol"))
_HOLDERS = frozenset(("", "section", "blockquote", "li"))  # "" is what the markup stands in
_TEXTS = frozenset(("p", "h2", "h3", "h4", "h5", "h6", "pre"))
_STRESS = ("abbr", "b", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "small", "strong", "u")
_WORDS = frozenset(("a", "br", "span", "sub", "sup", "time", *_STRESS))
_VOID = frozenset(("br", "hr"))
# By element: those that it may stand in.
_WHERE = {
    "li": _LISTS,
    **dict.fromkeys((*_TEXTS, *_LISTS, "blockquote", "hr", "section"), _HOLDERS),
    **dict.fromkeys(_WORDS, _HOLDERS | _TEXTS | _WORDS),
}
# The end of an element, or its start with one attribute at most; a line's end right in <pre> would be lost.
_TAG = re.compile(
    r"<(?:/([a-z1-6]+)|(?!pre[^>]*>\n)([a-z1-6]+)"
    r'(?: (?:class|lang|datetime|aria-hidden|(href))="((?:[^"<>&\0\r\u00a0]|&amp;)*)")?)>'
)
_FIELDS = 5  # of each tag where a text is split by them: what stands before it, and its groups
_CHANGED = ("<", ">", "\0", "\r", "\u00a0")  # would not stand so in text that a parser has written
_ENTITY = re.compile("&(?:amp|lt|gt|nbsp);")


@lru_cache(maxsize=8)  # each is asked about twice: whether it acts, and what it links to
def simple_links(html: str) -> tuple[str, ...] | None:
    """Return the addresses that simple markup links to, or None for any other."""
    fields = _TAG.split(html)
    ends, starts, links, values = (fields[place::_FIELDS] for place in range(1, _FIELDS))
    text = "\n".join(fields[::_FIELDS])  # an entity goes over no tag
    if any(one in text for one in _CHANGED) or text.count("&") != len(_ENTITY.findall(text)):
        return None
    if not _is_settled(zip(ends, starts, strict=True)):
        return None
    return tuple(
        value.replace("&amp;", "&") for link, value in zip(links, values, strict=True) if link
    )


def _is_settled(tags: Iterable[tuple[str | None, str | None]]) -> bool:
    """Whether each element is closed in its turn, and stands where it may."""
    around = [""]
    for end, start in tags:
        if start is None:
            if around.pop() != end:
                return False
        elif around[-1] not in _WHERE.get(start, ()) or (start == "a" and "a" in around):
            return False
        elif start not in _VOID:
            around.append(start)
    return around == [""]
