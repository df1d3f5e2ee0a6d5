"""The list of all feeds as OPML 2.0 (opml.org/spec2.opml), which readers take in at once."""

from collections.abc import Iterable

from lxml.etree import Element, SubElement, tostring

from syndicate.feeds import atom, plain
from syndicate.feeds.links import file_address, page_address
from syndicate.model import Feed


def outline(title: str, feeds: Iterable[Feed]) -> bytes:
    """Write the list of `feeds`, each once, as Atom: a reader that takes all in has no entry twice over."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = plain.clean(title)
    body = SubElement(root, "body")
    for feed in feeds:
        name = plain.feed_title(feed)  # OPML knows one type of feed, whatever its format: rss
        line = SubElement(body, "outline", type="rss", text=name, title=name)
        line.set("xmlUrl", file_address(feed, atom.ENDING))
        page = page_address(feed)
        if page is not None:
            line.set("htmlUrl", page)
        line.set("language", feed.language)
    return tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
