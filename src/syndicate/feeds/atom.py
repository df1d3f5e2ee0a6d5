"""Atom (RFC 4287) with threads, history and removals (RFC 4685, 5005, 6721), behind feedgen's fence."""

from collections.abc import Iterator

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml.etree import SubElement, _Element

from syndicate.feeds import plain
from syndicate.feeds.dates import feed_updated, whole_second
from syndicate.feeds.format import Frame
from syndicate.feeds.inner import HOLE, housed, inner
from syndicate.feeds.items import Item
from syndicate.feeds.links import document_links, page_address
from syndicate.feeds.media import MEDIA, add_picture
from syndicate.model import Feed

ENDING = "atom"
MEDIA_TYPE = "application/atom+xml"

_THREAD = "http://purl.org/syndication/thread/1.0"
_HISTORY = "http://purl.org/syndication/history/1.0"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_NAMESPACES = {"thr": _THREAD, "media": MEDIA}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def frame(feed: Feed) -> Frame:
    """Write what stands around the entries of `feed`."""
    generator = FeedGenerator()
    generator.id(feed.uid)
    generator.title(plain.feed_title(feed))
    generator.subtitle(plain.clean(feed.description))
    generator.language(feed.language)
    generator.author(name=plain.feed_author(feed))
    generator.updated(feed_updated(feed))  # else the time of the build
    generator.generator("syndicate")  # no version: an upgrade must not change every feed
    generator.register_extension("own", _Head, rss=False)
    generator.own.feed = feed
    before, end, after = generator.atom_str(pretty=True).rpartition(b"</feed>")
    return Frame(before, end + after)


def entry(item: Item) -> bytes:
    """Write an entry: the same bytes in whichever feed it stands."""
    made = FeedEntry()
    made.id(item.uid)
    made.title(item.title)
    made.author([{"name": name} for name in item.authors])
    made.summary(item.summary or None)
    made.content(HOLE, type="html")
    made.published(item.published)
    made.updated(item.updated)
    element = housed(made.atom_entry(extensions=False), _NAMESPACES)
    element.set(_LANGUAGE, item.language)
    for link in _links(item):
        SubElement(element, "link", link)
    for tag in item.tags:
        SubElement(element, "category", term=tag)
    _reply(element, item)
    if item.picture:
        add_picture(element, item.picture)
    return inner(element, b'<content type="html">', item.escaped)


class _Head:
    """What feedgen cannot write of a feed; it calls each method by name."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """Declare what entries use, and what this feed alone does only then (RFC 6721, 3)."""
        history = {"fh": _HISTORY} if self.feed.current else {}
        return {**_NAMESPACES, **history, **({"at": _TOMBSTONES} if self.feed.removed else {})}

    def extend_atom(self, head: _Element) -> None:
        page = page_address(self.feed)
        if page is not None:
            SubElement(head, "link", rel="alternate", type="text/html", href=page)
        for link in document_links(self.feed, ENDING, MEDIA_TYPE):
            SubElement(head, "link", link)
        if self.feed.current:
            SubElement(head, f"{{{_HISTORY}}}archive")
        for one in self.feed.removed:
            when = whole_second(one.when).isoformat()
            SubElement(head, f"{{{_TOMBSTONES}}}deleted-entry", ref=one.uid, when=when)


def _links(item: Item) -> Iterator[dict[str, str]]:
    """Every link of an entry: feedgen's own lose all but `href` (lkiesow/python-feedgen#135)."""
    if item.address is not None:
        yield {"rel": "alternate", "type": "text/html", "href": item.address}
    for source in item.sources:
        yield {"rel": "via", "href": source.url, "title": source.name}
    for part in item.related:
        if part.address is not None:
            about = {"href": part.address, "title": part.title}
            yield {"rel": "related", "type": "text/html", **about}


def _reply(element: _Element, item: Item) -> None:
    """Part n answers part n-1 (RFC 4685 3), so that readers which thread show a series as one."""
    previous = item.previous
    if previous is None or previous.uid is None:
        return
    reply = SubElement(element, f"{{{_THREAD}}}in-reply-to")
    reply.set("ref", previous.uid)
    if previous.address is not None:
        reply.set("href", previous.address)
        reply.set("type", "text/html")
