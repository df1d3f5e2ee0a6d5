"""Atom (RFC 4287) with threads (RFC 4685): the fence around feedgen's Atom side."""

from collections.abc import Iterator

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml.etree import SubElement, _Element

from syndicate.feeds import plain
from syndicate.feeds.content import entry_content
from syndicate.feeds.dates import feed_updated, whole_second
from syndicate.feeds.links import (
    cited_sources,
    entry_address,
    file_address,
    near_parts,
    page_address,
    part_address,
)
from syndicate.model import Entry, Feed

ENDING = "atom"
MEDIA_TYPE = "application/atom+xml"

_THREAD = "http://purl.org/syndication/thread/1.0"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def write(feed: Feed) -> bytes:
    """Write `feed` as Atom, in UTF-8; the same feed gives the same bytes."""
    generator = _head(feed)
    generator.register_extension("own", _FeedExtension, _EntryExtension, rss=False)
    for entry in feed.entries:
        # feedgen prepends unless told otherwise
        _fill(generator.add_entry(order="append"), feed, entry)
    data: bytes = generator.atom_str(pretty=True)
    return data


def _head(feed: Feed) -> FeedGenerator:
    generator = FeedGenerator()
    generator.id(feed.uid)
    generator.title(plain.feed_title(feed))
    generator.subtitle(plain.clean(feed.description))
    generator.language(feed.language)
    generator.author(name=plain.author(feed))
    generator.link(href=file_address(feed, ENDING), rel="self", type=MEDIA_TYPE)
    generator.link(href=page_address(feed), rel="alternate", type="text/html")
    generator.updated(feed_updated(feed))  # else the time of the build
    generator.generator("syndicate")  # no version: an upgrade must not change every feed
    return generator


def _fill(item: FeedEntry, feed: Feed, entry: Entry) -> None:
    item.id(entry.uid)
    item.title(plain.entry_title(entry))
    item.author(name=plain.author(feed, entry))
    item.summary(plain.summary(entry) or None)
    item.content(entry_content(feed, entry), type="html")
    item.published(whole_second(entry.published))
    item.updated(whole_second(entry.updated))
    item.own.feed, item.own.entry = feed, entry


class _FeedExtension:
    """Declares what `_EntryExtension` uses; feedgen calls every method by name."""

    def extend_ns(self) -> dict[str, str]:
        return {"thr": _THREAD}

    def extend_atom(self, element: _Element) -> _Element:
        return element


class _EntryExtension:
    """What feedgen cannot write: the language and the thread, and links with their attributes.

    Its own entry links lose all but `href` (lkiesow/python-feedgen#135), so it is given none.
    """

    feed: Feed
    entry: Entry

    def extend_atom(self, element: _Element) -> _Element:
        element.set(_LANGUAGE, self.entry.article.language)
        for link in _links(self.feed, self.entry):
            SubElement(element, "link", link)
        _reply(element, self.feed, self.entry)
        return element


def _links(feed: Feed, entry: Entry) -> Iterator[dict[str, str]]:
    address = entry_address(feed, entry)
    yield {"rel": "alternate", "type": "text/html", "href": address}
    for source in cited_sources(entry):
        yield {"rel": "via", "href": source.url, "title": source.name}
    for part in near_parts(entry):
        href, title = part_address(feed, part), plain.clean(part.title)
        if href is not None:
            yield {"rel": "related", "type": "text/html", "href": href, "title": title}


def _reply(element: _Element, feed: Feed, entry: Entry) -> None:
    """Part n answers part n-1 (RFC 4685 3), so that readers which thread show a series as one."""
    previous = entry.previous
    if previous is None or previous.uid is None:
        return
    reply = SubElement(element, f"{{{_THREAD}}}in-reply-to", ref=previous.uid)
    href = part_address(feed, previous)
    if href is not None:
        reply.set("href", href)
        reply.set("type", "text/html")
