"""RSS 2.0 with content:encoded, dc, sy: (as `ttl`), Atom's links and pictures: feedgen's RSS side, fenced."""

from datetime import timedelta
from html import escape

import feedgen.entry
import feedgen.feed
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml.etree import SubElement, _Element

from syndicate.feeds import plain
from syndicate.feeds.dates import feed_updated, rfc822
from syndicate.feeds.format import Frame
from syndicate.feeds.inner import HOLE, housed, inner
from syndicate.feeds.items import Item
from syndicate.feeds.links import document_links, page_address
from syndicate.feeds.media import MEDIA, add_picture
from syndicate.model import Feed

ENDING = "rss"
MEDIA_TYPE = "application/rss+xml"
TTL = timedelta(minutes=30)  # `Cache-Control` has to agree with it, since readers wait the longer

_ATOM = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_HISTORY = "http://purl.org/syndication/history/1.0"
_NAMESPACES = {"dc": _DUBLIN_CORE, "media": MEDIA}  # feedgen's own: atom and content
_IN_ITEMS = {**_NAMESPACES, "content": "http://purl.org/rss/1.0/modules/content/"}
_PACE = "http://purl.org/rss/1.0/modules/syndication/"

# feedgen's own switches the locale of the whole process for each date: other threads would see it.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = rfc822


def frame(feed: Feed) -> Frame:
    """Write what stands around the items of `feed`."""
    generator = FeedGenerator()
    generator.title(plain.feed_title(feed))
    generator.link(
        href=page_address(feed) or f"{feed.base_url}/", rel="alternate"
    )  # RSS demands one
    generator.description(plain.clean(feed.description) or plain.feed_title(feed))
    generator.language(feed.language)
    generator.lastBuildDate(feed_updated(feed))  # else the time of the build
    generator.docs("https://www.rssboard.org/rss-specification")
    generator.generator("syndicate")  # no version: an upgrade must not change every feed
    if not feed.current:  # a closed document is not to be asked for again
        generator.ttl(TTL // timedelta(minutes=1))
    generator.register_extension("own", _Head, atom=False)
    generator.own.feed = feed
    before, end, after = generator.rss_str(pretty=True).rpartition(b"  </channel>")
    return Frame(before, end + after)


def entry(item: Item) -> bytes:
    """Write an item: the same bytes in whichever feed it stands."""
    made = FeedEntry()
    made.title(item.title)
    if item.address is not None:
        made.link(href=item.address)
    made.guid(item.uid, permalink=False)
    made.pubDate(item.published)
    # Readers take a description for HTML; without one feedgen puts the content in its place.
    made.description(escape(plain.synopsis(item), quote=False))
    made.content(HOLE)
    element = housed(made.rss_entry(extensions=False), _IN_ITEMS)
    for name in item.authors:  # RSS's own author is a mail address
        _add(element, _DUBLIN_CORE, "creator", name)
    _add(element, _DUBLIN_CORE, "language", item.language)
    for tag in item.tags:
        SubElement(element, "category").text = tag
    if item.picture:
        _enclose(element, item)
        add_picture(element, item.picture)
    return inner(element, b"<content:encoded>", item.escaped)


class _Head:
    """What feedgen cannot write of a channel; it calls each method by name."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """Declare what items use, and what this channel does."""
        return {**_NAMESPACES, **({"fh": _HISTORY} if self.feed.current else {"sy": _PACE})}

    def extend_rss(self, root: _Element) -> None:
        channel = root[0]
        for link in document_links(self.feed, ENDING, MEDIA_TYPE):
            SubElement(channel, f"{{{_ATOM}}}link", link)
        if self.feed.current:
            SubElement(channel, f"{{{_HISTORY}}}archive")
        else:  # as `ttl`, for readers that know this
            _add(channel, _PACE, "updatePeriod", "hourly")
            _add(channel, _PACE, "updateFrequency", str(timedelta(hours=1) // TTL))


def _add(parent: _Element, namespace: str, name: str, text: str) -> None:
    SubElement(parent, f"{{{namespace}}}{name}").text = text


def _enclose(element: _Element, item: Item) -> None:
    """Add the lead picture once more; RSS demands a type, and a length: 0 where nobody knows it."""
    picture = item.picture
    if picture is not None and picture.media_type is not None:
        enclosure = SubElement(element, "enclosure", url=picture.address)
        enclosure.set("length", str(picture.size or 0))
        enclosure.set("type", picture.media_type)
