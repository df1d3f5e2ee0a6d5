"""A page's own markup, its addresses made fit for where it is shown."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.markup.links import web_address
from syndicate.model import Image

To = Callable[[str], str]
_MEDIA = re.compile(r"media/[0-9a-f]{16}\.(?:png|jpg|gif|webp)")
_KEPT = ("mailto", "tel")


def is_published(url: str) -> bool:
    """Whether an address is the published path of a picture."""
    return _MEDIA.fullmatch(url) is not None


def is_beside(url: str) -> bool:
    """Whether an address names a file by where it lies from the page."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return bool(parts.path) and not parts.scheme and not parts.netloc


def shown_address(url: str, base: str | None, to: To) -> str | None:
    """Write an address absolutely, from `base` where it is relative; None where nothing is known.

    `to` writes the link to a published path.
    """
    if is_published(url):
        return to(url)
    try:
        return web_address(urljoin(base, url.strip()) if base else url)
    except ValueError:
        return None


def referred(html: str) -> tuple[tuple[str, str | None], ...]:
    """Name the files beside a page which its markup shows, each with its alternative text, and links to.

    The text is None where there is none; "" says that the picture is decoration. A link has "".
    """
    root = _root(html)
    shown = [
        (
            node.attributes.get("src") or "",
            node.attributes.get("alt") if "alt" in node.attributes else None,
        )
        for node in root.css("img[src]")
    ]
    linked = [(node.attributes.get("href") or "", "") for node in root.css("a[href]")]
    return tuple((url, alt) for url, alt in (*shown, *linked) if url)


def with_pictures(html: str, images: Mapping[str, Image]) -> str:
    """Put published paths and sizes in the place of the addresses that `images` names."""
    root = _root(html)
    for node in root.css("img[src]"):
        image = images.get(node.attributes.get("src") or "")
        if image is not None:
            node.attrs["src"] = image.url
            if image.width and image.height:
                node.attrs["width"], node.attrs["height"] = str(image.width), str(image.height)
    for node in root.css("a[href]"):
        image = images.get(node.attributes.get("href") or "")
        if image is not None:
            node.attrs["href"] = image.url
    return root.inner_html or ""


def shown_html(html: str, base: str | None, to: To) -> str:
    """Write safe markup with every address absolute or by `to`, headings below the title, lazy pictures.

    A link that leads nowhere becomes its text, a picture that nobody has its alternative text.
    """
    root = _root(html)
    for node in root.css("a[href]"):
        _link(node, base, to)
    for node in root.css("img"):
        address = shown_address(node.attributes.get("src") or "", base, to)
        if address is None:
            node.replace_with(node.attributes.get("alt") or "")
            continue
        node.attrs["src"] = address
        node.attrs["loading"] = "lazy"
        if "alt" not in node.attributes:
            node.attrs["alt"] = ""
    text = root.inner_html or ""
    return _lowered(text) if root.css_first("h1") is not None else text


def _link(node: LexborNode, base: str | None, to: To) -> None:
    href = node.attributes.get("href") or ""
    if href.startswith("#") or href.partition(":")[0].lower() in _KEPT:
        return
    address = shown_address(href, base, to)
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
