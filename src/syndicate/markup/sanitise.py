"""Markup from pages made safe, once, when a page is picked up: what is not allowed here is gone."""

import nh3

_TAGS = {
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

_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_ACTIVE,
    attributes=_ATTRIBUTES,
    url_schemes=_SCHEMES,
    link_rel=None,
    strip_comments=True,
)


def sanitise(html: str) -> str:
    """Return a fragment of HTML that is well-formed, and holds nothing active and no styles.

    Relative addresses stay as they are written.
    """
    return _CLEANER.clean(html).strip()
