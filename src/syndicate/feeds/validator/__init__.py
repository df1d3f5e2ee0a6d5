"""A strict validator of feeds: ours before they are published, and anybody's on request (issue 5)."""

from syndicate.feeds.validator import atom, json_feed, rss, xml
from syndicate.feeds.validator.fault import Fault, Place

LARGEST = 15 * 1024 * 1024  # bytes: Miniflux reads no more of a feed, and others fewer

__all__ = ["Fault", "Place", "validate"]


def validate(data: bytes) -> tuple[Fault, ...]:
    """Return what is wrong with a feed document of any of the formats; () when nothing is.

    The format is known by the document's first character and its root element.
    """
    place = Place("document")
    if len(data) > LARGEST:
        message = f"is {len(data):,} bytes large; readers take up to {LARGEST:,}"
        return (place.error("size", message, "Miniflux, HTTP_CLIENT_MAX_BODY_SIZE"),)
    if data.lstrip()[:1] in {b"{", b"["}:
        return tuple(json_feed.validate(data))
    root = xml.read(data)
    if isinstance(root, Fault):
        return (root,)
    if root.tag == f"{xml.ATOM}feed":
        return tuple(atom.validate(root))
    if root.tag == "rss":
        return tuple(rss.validate(root))
    message = f"begins with <{xml.local(str(root.tag))}>: it is no Atom, RSS 2.0 or JSON Feed"
    return (place.error("format", message, "RFC 4287, RSS 2.0, JSON Feed 1.1"),)
