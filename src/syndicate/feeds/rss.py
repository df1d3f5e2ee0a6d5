"""RSS 2.0 with content:encoded and dc:creator: the fence around feedgen's RSS side."""

from datetime import timedelta
from html import escape

import feedgen.entry
import feedgen.feed
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml.etree import SubElement, _Element

from syndicate.feeds import plain
from syndicate.feeds.content import entry_content
from syndicate.feeds.dates import feed_updated, rfc822, whole_second
from syndicate.feeds.links import entry_address, file_address, page_address
from syndicate.model import Entry, Feed

ENDING = "rss"
MEDIA_TYPE = "application/rss+xml"
TTL = timedelta(minutes=30)  # `Cache-Control` has to agree with it, since readers wait the longer

_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

# feedgen's own switches the locale of the whole process for each date: other threads would see it.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = rfc822


def write(feed: Feed) -> bytes:
    """Write `feed` as RSS, in UTF-8; the same feed gives the same bytes."""
    generator = _head(feed)
    generator.register_extension("own", _FeedExtension, _EntryExtension, atom=False)
    for entry in feed.entries:
        # feedgen prepends unless told otherwise
        _fill(generator.add_entry(order="append"), feed, entry)
    data: bytes = generator.rss_str(pretty=True)
    return data


def _head(feed: Feed) -> FeedGenerator:
    generator = FeedGenerator()
    generator.title(plain.feed_title(feed))
    generator.description(plain.clean(feed.description) or plain.feed_title(feed))
    generator.language(feed.language)
    generator.link(href=file_address(feed, ENDING), rel="self", type=MEDIA_TYPE)
    generator.link(href=page_address(feed), rel="alternate")  # the last one is the channel's link
    generator.lastBuildDate(feed_updated(feed))  # else the time of the build
    generator.ttl(TTL // timedelta(minutes=1))
    generator.generator("syndicate")  # no version: an upgrade must not change every feed
    return generator


def _fill(item: FeedEntry, feed: Feed, entry: Entry) -> None:
    item.title(plain.entry_title(entry))
    item.link(href=entry_address(feed, entry))
    item.guid(entry.uid, permalink=False)
    item.pubDate(whole_second(entry.published))
    # Readers take a description for HTML; without one feedgen puts the content in its place.
    item.description(escape(plain.synopsis(entry), quote=False))
    item.content(entry_content(feed, entry))
    item.own.creator = plain.author(feed, entry)


class _FeedExtension:
    """Declares what `_EntryExtension` uses; feedgen calls every method by name."""

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DUBLIN_CORE}

    def extend_rss(self, element: _Element) -> _Element:
        return element


class _EntryExtension:
    """The author: RSS demands a mail address in its own element, and feedgen drops names alone."""

    creator: str

    def extend_rss(self, element: _Element) -> _Element:
        SubElement(element, f"{{{_DUBLIN_CORE}}}creator").text = self.creator
        return element
