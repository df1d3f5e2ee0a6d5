"""Markup from pages made safe, once, when a page is picked up: what is not allowed here is gone."""

from collections.abc import Callable

import nh3

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
    *("blockquote", "pre", "code", "kbd", "samp", "var", "em", "strong", "b", "i", "u", "s", "del"),
    *("ins", "mark", "small", "sub", "sup", "abbr", "cite", "q", "dfn", "time", "span", "a", "img"),
    *("figure", "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("ruby", "rb", "rt", "rp", "wbr", "bdi"),
}
_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "time": {"datetime"},
    "q": {"cite"},
    "blockquote": {"cite"},
}
_SCHEMES = {"http", "https", "mailto"}
_ACTIVE = {"script", "style", "template", "object", "embed", "svg", "math", "iframe", "noscript"}

# Ids of a page begin so, and no id or name of a template or a script does (`articles/places.py`).
PLACE = "at-"


def _place(_tag: str, name: str, value: str) -> str | None:
    return None if name == "id" and not value.startswith(PLACE) else value


def _cleaner(
    attributes: dict[str, set[str]], keeps: Callable[[str, str, str], str | None] | None = None
) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=_ACTIVE,
        attributes=attributes,
        attribute_filter=keeps,
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )


_CLEANER = _cleaner(_ATTRIBUTES)
_WITH_PLACES = _cleaner(_ATTRIBUTES | {"*": _ATTRIBUTES["*"] | {"id"}}, _place)


def sanitise(html: str, *, places: bool = False) -> str:
    """Return a fragment of HTML that is well-formed, and holds nothing active and no styles.

    Relative addresses stay as they are written; no id does, but with `places` those that begin with PLACE.
    """
    return (_WITH_PLACES if places else _CLEANER).clean(html).strip()
