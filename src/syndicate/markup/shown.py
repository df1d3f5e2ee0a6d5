"""A page's own markup, its addresses made fit for where it is shown."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.markup.links import web_address
from syndicate.markup.sanitise import PLACE
from syndicate.markup.simple import simple_links
from syndicate.model import PICTURES, Image, is_media

To = Callable[[str], str]
_KEPT = ("mailto", "tel")
_HREF = re.compile(r'<a [^>]*?href="([^"]*)"')
_ENDINGS = "|".join((*PICTURES, "jpeg"))
_PICTURE = re.compile(rf"\.(?:{_ENDINGS})$", re.IGNORECASE)
_MAY_BE_ONE = re.compile(rf'\.(?:{_ENDINGS})["?]', re.IGNORECASE)


def picture_address(image: Image, to: To) -> str | None:
    """Write where a picture is, None for one that is nowhere; `to` writes the link to a published path."""
    return shown_address(image.url, None, to)


def shown_address(url: str, base: str | None, to: To) -> str | None:
    """Write an address absolutely, from `base` where it is relative; None where nothing is known."""
    if is_media(url):
        return to(url)
    try:
        return web_address(url.strip()) or web_address(urljoin(base or "https:", url.strip()))
    except ValueError:
        return None


def pictures_in(html: str) -> tuple[str, ...]:
    """Return the addresses of what markup shows as pictures, or links to as such."""
    if "<img" not in html and not _MAY_BE_ONE.search(html):
        return ()
    root = _root(html)
    shown = [node.attributes.get("src") or "" for node in root.css("img[src]")]
    linked = [node.attributes.get("href") or "" for node in root.css("a[href]")]
    return (*shown, *(url for url in linked if _PICTURE.search(url.partition("?")[0])))


def with_pictures(html: str, images: Mapping[str, Image]) -> str:
    """Put addresses and sizes of `images` in the place of the addresses by which they are known."""
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


def leading_nowhere(html: str, base: str | None) -> tuple[str, ...]:
    """Return the addresses of links in safe markup that will be no links, but for those of pictures."""
    found = dict.fromkeys(unescape(one) for one in _HREF.findall(html))
    return tuple(
        one
        for one in found
        if _href(one, base, str, "") is None and not _PICTURE.search(one.partition("?")[0])
    )


def shown_html(html: str, base: str | None, to: To, here: str | None = "") -> str:
    """Write safe markup with every address absolute or by `to`, headings below the title, lazy pictures.

    A link that leads nowhere becomes its text, a picture that nobody has its alternative text. Links
    within the page lead to it at `here`: "" on that page itself, None where there is none.
    """
    links = simple_links(html)
    if links is not None and all(_href(one, base, to, here) == one for one in links):
        return html
    root = _root(html)
    for node in root.css("a[href]"):
        address = _href(node.attributes.get("href") or "", base, to, here)
        if address is None:
            del node.attrs["href"]
        else:
            node.attrs["href"] = address
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


def _href(href: str, base: str | None, to: To, here: str | None) -> str | None:
    """Write where a link leads, None for nowhere."""
    if href.startswith("#"):
        return _within(href, base, here)
    if href.partition(":")[0].lower() in _KEPT:
        return href
    return shown_address(href, base, to)


def _within(fragment: str, base: str | None, here: str | None) -> str | None:
    """Lead to a place of the page at `here`; the original has it under the name that its writer gave."""
    if not here:
        return fragment if here is not None else None
    if base and here == web_address(base):
        fragment = f"#{fragment.removeprefix(f'#{PLACE}')}"
    return here.partition("#")[0] + fragment


def _lowered(html: str) -> str:
    """Write each heading one level down; the serialised markup has no other `<h1>` in it."""
    return re.sub(r"<(/?)h([1-5])(?=[\s>])", lambda m: f"<{m[1]}h{int(m[2]) + 1}", html)


def _root(html: str) -> LexborNode:
    body = LexborHTMLParser(f"<body><div>{html}</div></body>").body
    assert body is not None
    assert body.child is not None
    return body.child
