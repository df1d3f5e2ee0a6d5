"""A page looked at before it is published: whether it is whole, and what it links to (issue 5)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from lxml import etree

from syndicate.addresses import ANSWERED, bounded, published_path, published_target
from syndicate.errors import TemplateRefused
from syndicate.model import Link

# As our templates write links, below the way up: no scheme, no host, no further way up.
_PLAIN = re.compile(r"(?![./])[^:?#]*(?:[?#]|$)")
_LONG = 400  # characters, so that with its folder it is as short as `bounded` has it
# The attributes by which elements lead elsewhere.
_LEADING = {
    **dict.fromkeys(("a", "area", "base", "image", "link", "use"), ("href",)),
    **dict.fromkeys(("audio", "embed", "iframe", "input", "script", "track"), ("src",)),
    **dict.fromkeys(("img", "source"), ("src", "srcset")),
    "form": ("action",),
    "video": ("src", "poster"),
}
_IDS = etree.XPath("//@id", smart_strings=False)
_TITLE = etree.XPath("string(/html/head/title)", smart_strings=False)


def examine(page: bytes, path: str, base_url: str) -> tuple[Link, ...]:
    """Return the links of the page of a published `path` into the publication, each target once.

    What the program answers itself is left out. Raises TemplateRefused where the page is broken: an
    element that is not closed in its turn, an id given twice, no title, no language, no end.
    """
    parser = etree.HTMLParser(encoding="utf-8")
    root = etree.fromstring(page, parser)
    if root is None:
        raise TemplateRefused(f"The page {path} is empty. Mend the template that makes it.")
    ids = _IDS(root)
    if fault := _fault(page, parser, root.get("lang"), _TITLE(root), ids):
        raise TemplateRefused(
            f"The page {path} is broken: {fault}. Mend the template that makes it."
        )
    folder, places = path[: path.rfind("/") + 1], frozenset(ids)
    up = "../" * folder.count("/")
    found: dict[tuple[str, bool], Link] = {}
    for element in root.iter(*_LEADING):
        for address in _addresses(element):
            link = _below(address, up) if up and address.startswith(up) else None
            link = link or _local(address, folder, base_url, places)
            if link is None or link.target.partition("/")[0] in ANSWERED:
                continue
            if link.written and element.tag == "link":
                link = link._replace(written=False)
            found.setdefault((link.target, link.written), link)
    return tuple(found.values())


def _addresses(element: etree._Element) -> Iterator[str]:
    for name in _LEADING[str(element.tag)]:
        value = element.get(name)
        if value is not None:
            yield from _srcset(value) if name == "srcset" else (value,)


@lru_cache(maxsize=1024)  # the same ones stand on page after page
def _below(address: str, up: str) -> Link | None:
    """Read an address that begins with the way up as our templates write it, None for another."""
    rest = address[len(up) :]
    return _held(Link(address, published_path(rest))) if _PLAIN.match(rest) else None


def _held(link: Link) -> Link:
    """Return what a database can keep of a link, which leads nowhere if it is not the same."""
    if len(link.address) <= _LONG and "\0" not in link.target:
        return link
    target = link.target.replace("\0", "")
    return link._replace(address=bounded(link.address), target=bounded(target))


def _fault(
    page: bytes, parser: etree.HTMLParser, language: str | None, title: str, ids: list[str]
) -> str:
    """Say what is wrong with a page, "" for nothing."""
    if len(parser.error_log):
        from syndicate.site.balance import unbalanced  # noqa: PLC0415 - lxml, which is fast, seldom complains

        if fault := unbalanced(page.decode()):
            return fault
    if not page.rstrip().endswith(b"</html>"):
        return "it does not end with </html>"
    if not language or not title.strip():
        return "it has no language, or no title"
    if len(ids) != len(set(ids)):
        return f"the id {next(one for one in ids if ids.count(one) > 1)!r} is given twice"
    return ""


def _srcset(value: str) -> Iterator[str]:
    return (one.split()[0] for one in re.split(r",\s", value) if one.strip())


def _local(address: str, folder: str, base_url: str, ids: frozenset[str]) -> Link | None:
    """Read an address as a page in `folder` has it; None for one that leads out of the publication."""
    if address.startswith("#"):
        name = unquote(address[1:])  # none and "top" are the top of any page (HTML, 7.4.6.4)
        lost = name not in ids and name.lower() not in {"", "top"}
        return _held(Link(address, f"{folder}{address}", written=True)) if lost else None
    target = published_target(address, folder, base_url)
    return None if target is None else _held(Link(address, target, written="://" in address))
