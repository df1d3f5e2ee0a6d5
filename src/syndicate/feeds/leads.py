"""The addresses by which a feed document leads into its own publication (issue 5)."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from syndicate.addresses import ANSWERED, published_target
from syndicate.model import Link

_TEXTS = ("link", "url", "comments")  # of RSS: their text is an address
_ELEMENTS = [f"{{*}}{name}" for name in (*_TEXTS, "content", "enclosure", "in-reply-to")]
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
    for element in etree.fromstring(document).iter(*_ELEMENTS):
        if element.get("rel") in _CITED:
            continue
        address = element.get("href") or element.get("url")
        if address is None and element.tag in _TEXTS:
            address = element.text
        if address:
            yield address


def _of_json(feed: dict[str, Any]) -> Iterator[str]:
    items = feed.get("items", ())
    attached = (one for item in items for one in item.get("attachments", ()))
    for one in (feed, *items, *attached):
        yield from (one[name] for name in _MEMBERS if one.get(name))
