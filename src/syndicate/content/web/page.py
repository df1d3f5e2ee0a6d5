"""An answer as the page file that it becomes: its text in UTF-8, and what is known besides."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.articles.markup_about import about_of
from syndicate.content.web.listing import refused
from syndicate.content.web.names import is_next_page, is_same_site, joined
from syndicate.net import Answer

_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
}
_BOM = b"\xef\xbb\xbf"
_UNICODE_MARKS = (_BOM, b"\xff\xfe", b"\xfe\xff")
# What servers say by default of texts that they have not looked at.
_DEFAULTS = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252"}
_DECLARED = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE
)
_HEAD = 4096  # bytes in which a page's own declaration is looked for
_NEXT = re.compile(r"^\s*(次のページを読む|次のページ|(?i:next page))\s*(⇒|→|»|&raquo;|:)?")
_FIRST = 30  # nodes of a line in which its mark is looked for: lines of bad pages hold one another
_BOXES = 5  # above a link: WordPress has it in two
_LINKS = 5  # next parts that one page names: more are a list


class Fetched(Struct, frozen=True):
    """A page as it will be kept: `ending` of its file, its bytes, and where it leads.

    `canonical` is the address that the page gives itself, and `dated` whether it gives itself a date;
    `following` are the next parts it names.
    """

    ending: str
    data: bytes
    canonical: str | None = None
    following: tuple[str, ...] = ()
    dated: bool = False


def read_page(answer: Answer) -> Fetched:
    """Make a page of an answer. Raises ListingRefused for what is no page, such as a picture."""
    ending = _ENDINGS.get(answer.media or "text/html")
    if ending is None:
        raise refused(answer, f"is {answer.media}, not a page: leave it out")
    data = _in_utf8(answer.body, answer.charset)
    if ending != ".html":
        return Fetched(ending, data)
    tree = LexborHTMLParser(_text(data))
    canonical, following = _canonical(tree, answer.address), _following(tree, answer.address)
    dated = about_of(tree).metadata.published is not None
    return Fetched(ending, data, canonical, following, dated)


def _in_utf8(data: bytes, charset: str) -> bytes:
    """Write text in UTF-8 where the server says what it is, and it is so.

    That goes before what a page says of itself (HTML, "determining the character encoding"), hence
    the mark at its beginning. What the server says wrongly, or by default, is left to whoever reads
    the page.
    """
    if not charset or (data.isascii() and b"\x1b" not in data) or data.startswith(_UNICODE_MARKS):
        return data
    if charset in _DEFAULTS and (_is_utf8(data) or _DECLARED.search(data[:_HEAD])):
        return data
    try:
        return _BOM + data.decode(_CODECS.get(charset, charset)).encode()
    except (UnicodeError, LookupError):
        return data


_CODECS = {  # as browsers take them (Encoding, "names and labels")
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    **dict.fromkeys(_DEFAULTS, "cp1252"),
}


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(data: bytes) -> str:
    """Read a page well enough to find its links."""
    declared = _DECLARED.search(data[:_HEAD])
    charset = declared[1].decode().lower() if declared and not data.startswith(_BOM) else "utf-8"
    try:
        return data.decode(_CODECS.get(charset, charset), "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _canonical(tree: LexborHTMLParser, address: str) -> str | None:
    node = tree.css_first("link[rel~=canonical][href]")
    return _address(node, address) if node else None


def _following(tree: LexborHTMLParser, address: str) -> tuple[str, ...]:
    """Return the next parts on the same site: rel=next, and links after the mark of the next page."""
    found = dict.fromkeys([*_next_pages(tree, address), *_next_parts(tree, address)])
    kept = [one for one in found if one and one != address and is_same_site(one, address)]
    return tuple(kept[:_LINKS])


def _next_pages(tree: LexborHTMLParser, address: str) -> Iterator[str]:
    """Yield the pages that rel=next leads to, of this article alone: blogs say it of the next post, too."""
    for node in tree.css("link[rel~=next][href], a[rel~=next][href]"):
        there = _address(node, address)
        if there and is_next_page(address, there) and not _is_next_post(node):
            yield there


def _is_next_post(node: LexborNode) -> bool:
    """Whether a link is WordPress's to the next post: with its title, or among a few boxes so named."""
    if node.tag == "link":
        return bool(node.attributes.get("title"))
    boxes = islice(_above(node), _BOXES)
    return any("post-navigation" in (one.attributes.get("class") or "") for one in boxes)


def _above(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _next_parts(tree: LexborHTMLParser, address: str) -> Iterator[str | None]:
    """Yield what links lead to that are marked as the next page, or stand in a line so marked."""
    lines = {node.mem_id for node in tree.css("p") if (mark := _mark(node)) and mark[2]}
    for node in tree.css("a[href]"):
        if _mark(node) or (node.parent is not None and node.parent.mem_id in lines):
            yield _address(node, address)


def _mark(node: LexborNode) -> re.Match[str] | None:
    first = islice(node.traverse(include_text=True), _FIRST)
    return _NEXT.match("".join((one.text_content or "")[:_HEAD] for one in first))


def _address(node: LexborNode, base: str) -> str | None:
    return joined(base, node.attributes.get("href") or "")


def sidecar(**known: str | int | datetime | None) -> bytes:
    """Write what the source knows of a page as its sidecar (docs/pages.md), in TOML."""
    lines = (f"{name} = {_toml(value)}\n" for name, value in known.items() if value is not None)
    return "".join(lines).encode()


def _toml(value: str | int | datetime) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
