"""RSS 2.0 with content:encoded, dc:creator, sy: (as `ttl`), Atom's links, pictures and history (RFC 5005)."""

from collections.abc import Iterator
from datetime import timedelta
from html import escape

from syndicate.feeds import plain
from syndicate.feeds.atom import media
from syndicate.feeds.dates import feed_updated, rfc822
from syndicate.feeds.format import Frame
from syndicate.feeds.items import Item
from syndicate.feeds.links import file_address, page_address
from syndicate.feeds.xml import DECLARATION, element, empty, lines, opening
from syndicate.model import Feed

ENDING = "rss"
MEDIA_TYPE = "application/rss+xml"
TTL = timedelta(minutes=30)  # `Cache-Control` has to agree with it, since readers wait the longer

_NAMESPACES = {
    "version": "2.0",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
    "xmlns:sy": "http://purl.org/rss/1.0/modules/syndication/",
}
_HISTORY = {"xmlns:fh": "http://purl.org/syndication/history/1.0"}


def frame(feed: Feed) -> Frame:
    """Write what stands around the items of `feed`."""
    head = lines(
        4,
        element("title", plain.feed_title(feed)),
        element("link", page_address(feed) or f"{feed.base_url}/"),  # RSS demands one
        element("description", plain.clean(feed.description) or plain.feed_title(feed)),
        *(empty("atom:link", **link) for link in _links(feed)),
        element("docs", "https://www.rssboard.org/rss-specification"),
        element("generator", "syndicate"),  # no version: an upgrade must not change every feed
        element("language", feed.language),
        element("lastBuildDate", rfc822(feed_updated(feed))),
        *(["<fh:archive/>"] if feed.current else _pace()),
    )
    start = f"{opening('rss', {**_NAMESPACES, **(_HISTORY if feed.current else {})})}>"
    before = f"{DECLARATION}\n{start}\n  <channel>\n{head}"
    return Frame(before.encode(), b"  </channel>\n</rss>\n")


def entry(item: Item) -> bytes:
    """Write an item: the same bytes in whichever feed it stands."""
    inner = lines(
        6,
        element("title", item.title),
        element("link", item.address) if item.address is not None else "",
        element("guid", item.uid, isPermaLink="false"),
        element("pubDate", rfc822(item.published)),
        element("dc:creator", item.author),
        element("dc:language", item.language),
        *(element("category", tag) for tag in item.tags),
        # Readers take a description for HTML.
        element("description", escape(plain.synopsis(item), quote=False)),
        element("content:encoded", item.content),
        _enclosure(item),
        media(item.picture) if item.picture else "",
    )
    return f"    <item>\n{inner}    </item>\n".encode()


def _enclosure(item: Item) -> str:
    """The lead picture once more; RSS demands a type, and a length: 0 where nobody knows it."""
    picture = item.picture
    if picture is None or picture.media_type is None:
        return ""
    size = str(picture.size or 0)
    return empty("enclosure", url=picture.address, length=size, type=picture.media_type)


def _links(feed: Feed) -> Iterator[dict[str, str]]:
    yield {"rel": "self", "type": MEDIA_TYPE, "href": file_address(feed, ENDING)}
    for hub in feed.hubs:
        yield {"rel": "hub", "href": hub}
    for relation, stem in (("prev-archive", feed.older), ("current", feed.current)):
        if stem is not None:
            yield {"rel": relation, "type": MEDIA_TYPE, "href": file_address(feed, ENDING, stem)}


def _pace() -> Iterator[str]:
    """How often to ask, in the two ways that readers know; a closed document needs none."""
    yield element("ttl", str(TTL // timedelta(minutes=1)))
    yield element("sy:updatePeriod", "hourly")
    yield element("sy:updateFrequency", str(timedelta(hours=1) // TTL))
