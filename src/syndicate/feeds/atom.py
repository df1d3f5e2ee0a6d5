"""Atom (RFC 4287) with threads (RFC 4685), history (RFC 5005), deleted entries (RFC 6721) and pictures."""

from collections.abc import Iterator

from syndicate.feeds import plain
from syndicate.feeds.dates import feed_updated, whole_second
from syndicate.feeds.format import Frame
from syndicate.feeds.items import Item, Picture
from syndicate.feeds.links import file_address, page_address
from syndicate.feeds.xml import DECLARATION, element, empty, lines, opening
from syndicate.model import Feed

ENDING = "atom"
MEDIA_TYPE = "application/atom+xml"

_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:thr": "http://purl.org/syndication/thread/1.0",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}
_HISTORY = {"xmlns:fh": "http://purl.org/syndication/history/1.0"}
_TOMBSTONES = {"xmlns:at": "http://purl.org/atompub/tombstones/1.0"}


def frame(feed: Feed) -> Frame:
    """Write what stands around the entries of `feed`."""
    namespaces = {
        **_NAMESPACES,
        **(_HISTORY if feed.current else {}),
        **(_TOMBSTONES if feed.removed else {}),
        "xml:lang": feed.language,
    }
    head = lines(
        2,
        element("id", feed.uid),
        element("title", plain.feed_title(feed)),
        element("subtitle", text) if (text := plain.clean(feed.description)) else "",
        element("updated", feed_updated(feed).isoformat()),
        f"<author>{element('name', plain.feed_author(feed))}</author>",
        *(empty("link", **link) for link in _links(feed)),
        element("generator", "syndicate"),  # no version: an upgrade must not change every feed
        "<fh:archive/>" if feed.current else "",
        *_tombstones(feed),
    )
    start = f"{opening('feed', namespaces)}>"
    return Frame(f"{DECLARATION}\n{start}\n{head}".encode(), b"</feed>\n")


def entry(item: Item) -> bytes:
    """Write an entry: the same bytes in whichever feed it stands."""
    inner = lines(
        4,
        element("id", item.uid),
        element("title", item.title),
        element("published", item.published.isoformat()),
        element("updated", item.updated.isoformat()),
        f"<author>{element('name', item.author)}</author>",
        *(empty("link", **link) for link in _entry_links(item)),
        _reply(item),
        *(empty("category", term=tag) for tag in item.tags),
        element("summary", item.summary) if item.summary else "",
        element("content", item.content, type="html"),
        media(item.picture) if item.picture else "",
    )
    start = opening("entry", {"xml:lang": item.language})
    return f"  {start}>\n{inner}  </entry>\n".encode()


def media(picture: Picture) -> str:
    """Write a picture in Yahoo's Media RSS, which both XML formats take."""
    attributes = {
        "url": picture.address,
        "medium": "image",
        "type": picture.media_type,
        "fileSize": _number(picture.size),
        "width": _number(picture.width),
        "height": _number(picture.height),
    }
    if not picture.alt:
        return empty("media:content", **attributes)
    alt = element("media:description", picture.alt, type="plain")
    return f"{opening('media:content', attributes)}>{alt}</media:content>"


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _links(feed: Feed) -> Iterator[dict[str, str]]:
    yield {"rel": "self", "type": MEDIA_TYPE, "href": file_address(feed, ENDING)}
    page = page_address(feed)
    if page is not None:
        yield {"rel": "alternate", "type": "text/html", "href": page}
    for hub in feed.hubs:
        yield {"rel": "hub", "href": hub}
    for relation, stem in (("prev-archive", feed.older), ("current", feed.current)):
        if stem is not None:
            yield {"rel": relation, "type": MEDIA_TYPE, "href": file_address(feed, ENDING, stem)}


def _tombstones(feed: Feed) -> Iterator[str]:
    for one in feed.removed:
        yield empty("at:deleted-entry", ref=one.uid, when=whole_second(one.when).isoformat())


def _entry_links(item: Item) -> Iterator[dict[str, str]]:
    if item.address is not None:
        yield {"rel": "alternate", "type": "text/html", "href": item.address}
    for source in item.sources:
        yield {"rel": "via", "href": source.url, "title": source.name}
    for part in item.related:
        if part.address is not None:
            yield {
                "rel": "related",
                "type": "text/html",
                "href": part.address,
                "title": part.title,
            }


def _reply(item: Item) -> str:
    """Part n answers part n-1 (RFC 4685 3), so that readers which thread show a series as one."""
    previous = item.previous
    if previous is None or previous.uid is None:
        return ""
    kind = "text/html" if previous.address else None
    return empty("thr:in-reply-to", ref=previous.uid, href=previous.address, type=kind)
