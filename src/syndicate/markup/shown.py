"""A page's own markup, its addresses made fit for where it is shown."""

import re
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.markup.links import web_address

_KEPT = ("mailto", "tel")


def shown_address(url: str, base: str | None) -> str | None:
    """Write an address absolutely, from `base` where it is relative; None where nothing is known."""
    try:
        return web_address(urljoin(base, url.strip()) if base else url)
    except ValueError:
        return None


def shown_html(html: str, base: str | None) -> str:
    """Write safe markup with every address absolute, headings below the title, lazy pictures.

    A link that leads nowhere becomes its text, a picture that nobody has its alternative text.
    """
    root = _root(html)
    for node in root.css("a[href]"):
        _link(node, base)
    for node in root.css("img"):
        address = shown_address(node.attributes.get("src") or "", base)
        if address is None:
            node.replace_with(node.attributes.get("alt") or "")
            continue
        node.attrs["src"] = address
        node.attrs["loading"] = "lazy"
        if "alt" not in node.attributes:
            node.attrs["alt"] = ""
    text = root.inner_html or ""
    return _lowered(text) if root.css_first("h1") is not None else text


def _link(node: LexborNode, base: str | None) -> None:
    href = node.attributes.get("href") or ""
    if href.startswith("#") or href.partition(":")[0].lower() in _KEPT:
        return
    address = shown_address(href, base)
    if address is None:
        del node.attrs["href"]
    else:
        node.attrs["href"] = address


def _lowered(html: str) -> str:
    """Write each heading one level down; the serialised markup has no other `<h1>` in it."""
    return re.sub(r"<(/?)h([1-5])(?=[\s>])", lambda m: f"<{m[1]}h{int(m[2]) + 1}", html)


def _root(html: str) -> LexborNode:
    body = LexborHTMLParser(f"<body><div>{html}</div></body>").body
    assert body is not None
    assert body.child is not None
    return body.child
