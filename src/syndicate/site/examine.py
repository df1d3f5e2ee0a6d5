"""A page looked at before it is published: whether it is whole, and what it links to (issue 5)."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote

from lxml import etree

from syndicate.addresses import ANSWERED, bounded, published_path, published_target
from syndicate.errors import TemplateRefused
from syndicate.model import Link

# HTML, 13.1.2: elements that have no end.
_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    )
)
# As our templates write links, below the way up: no scheme, no host, no further way up.
_PLAIN = re.compile(r"(?![./])[^:?#]*(?:[?#]|$)")
_LONG = 400  # characters, so that with its folder it is as short as `bounded` has it
_ADDRESSES = etree.XPath("//@href | //@src | //@poster | //@action | //@srcset")
_IDS = etree.XPath("//@id")
_TITLE = etree.XPath("string(/html/head/title)")


def examine(page: bytes, path: str, base_url: str) -> tuple[Link, ...]:
    """Return the links of the page of a published `path` into the publication, each target once.

    What the program answers itself is left out. Raises TemplateRefused where the page is broken: an
    element that is not closed in its turn, an id given twice, no title, no language, no end.
    """
    parser = etree.HTMLParser(encoding="utf-8")
    root = etree.fromstring(page, parser)
    ids = _IDS(root)
    if fault := _fault(page, parser, root.get("lang"), _TITLE(root), ids):
        raise TemplateRefused(
            f"The page {path} is broken: {fault}. Mend the template that makes it."
        )
    folder, places = path[: path.rfind("/") + 1], frozenset(ids)
    found: dict[tuple[str, bool], Link] = {}
    for value in _ADDRESSES(root):
        links = _srcset(value) if value.attrname == "srcset" else (str(value),)
        for address in links:
            link = _local(address, folder, base_url, places)
            if link is not None and link.target.partition("/")[0] not in ANSWERED:
                if link.written and value.getparent().tag == "link":
                    link = link._replace(written=False)
                if len(address) > _LONG or "\0" in link.target:
                    link = _held(link)
                found.setdefault((link.target, link.written), link)
    return tuple(found.values())


def _held(link: Link) -> Link:
    """Return what a database can keep of a link, which leads nowhere if it is not the same."""
    target = link.target.replace("\0", "")
    return link._replace(address=bounded(link.address), target=bounded(target))


def _fault(
    page: bytes, parser: etree.HTMLParser, language: str | None, title: str, ids: list[str]
) -> str:
    """Say what is wrong with a page, "" for nothing."""
    if len(parser.error_log) and (fault := _unbalanced(page.decode())):
        return fault
    if not page.rstrip().endswith(b"</html>"):
        return "it does not end with </html>"
    if not language or not title.strip():
        return "it has no language, or no title"
    if len(ids) != len(set(ids)):
        return f"the id {next(one for one in ids if ids.count(one) > 1)!r} is given twice"
    return ""


class _Balance(HTMLParser):
    """Follows elements as they open and close. It is asked only where lxml, which is fast, complains."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.fault = list[str](), ""

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, _tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """What ends itself, as in SVG, encloses nothing."""

    def handle_endtag(self, tag: str) -> None:
        last = self.open.pop() if self.open else "nothing"
        if last != tag and not self.fault:
            self.fault = f"<{last}> is open where </{tag}> stands (line {self.getpos()[0]})"


def _unbalanced(page: str) -> str:
    balance = _Balance()
    balance.feed(page)
    balance.close()
    return balance.fault


def _srcset(value: str) -> Iterator[str]:
    return (one.split()[0] for one in re.split(r",\s", value) if one.strip())


def _local(address: str, folder: str, base_url: str, ids: frozenset[str]) -> Link | None:
    """Read an address as a page in `folder` has it; None for one that leads out of the publication."""
    if address.startswith("#"):
        lost = len(address) > 1 and unquote(address[1:]) not in ids
        return Link(address, f"{folder}{address}", written=True) if lost else None
    up = "../" * folder.count("/")
    rest = address[len(up) :] if address.startswith(up) else "/"
    if _PLAIN.match(rest):
        return Link(address, published_path(rest))
    target = published_target(address, folder, base_url)
    return None if target is None else Link(address, target, written="://" in address)
