"""The addresses by which a feed document leads into its own publication (issue 5)."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from syndicate.addresses import ANSWERED, published_target
from syndicate.model import Link

_ELEMENTS = ("link", "url", "comments")  # of RSS: their text is an address
_CITED = ("via", "related")  # an author's sources: they are links of the article's page
_MEMBERS = ("home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "image")


def leads(document: bytes, base_url: str) -> tuple[Link, ...]:
    """Return the links of a document of ours into the publication, each target once.

    What its texts link to is left to the pages that hold the same texts, and what the program answers
    itself is left out.
    """
    named = _of_json(json.loads(document)) if document[:1] == b"{" else _of_xml(document)
    found: dict[str, Link] = {}
    for address in named:
        target = published_target(address, "", base_url)
        if target is not None and target.partition("/")[0] not in ANSWERED:
            found.setdefault(target, Link(address, target))
    return tuple(found.values())


def _of_xml(document: bytes) -> Iterator[str]:
    for element in etree.fromstring(document).iter(etree.Element):
        if element.get("rel") in _CITED:
            continue
        yield from (element.attrib[name] for name in ("href", "url") if name in element.attrib)
        if etree.QName(element).localname in _ELEMENTS and element.text:
            yield element.text


def _of_json(feed: dict[str, Any]) -> Iterator[str]:
    items = feed.get("items", ())
    attached = (one for item in items for one in item.get("attachments", ()))
    for one in (feed, *items, *attached):
        yield from (one[name] for name in _MEMBERS if one.get(name))
