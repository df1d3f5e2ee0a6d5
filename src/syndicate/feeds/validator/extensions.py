"""What RSS and Atom share by extension: history, threads, removals, media, update periods."""

from collections.abc import Iterator

from lxml.etree import _Element

from syndicate.feeds.validator import values, xml
from syndicate.feeds.validator.fault import Fault, Place, shortened
from syndicate.feeds.validator.xml import Parent

HISTORY = "{http://purl.org/syndication/history/1.0}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
PERIODS = "{http://purl.org/rss/1.0/modules/syndication/}"

_PAGES = ("current", "prev-archive", "next-archive")
_PERIODS = ("hourly", "daily", "weekly", "monthly", "yearly")
_MEDIUMS = ("image", "audio", "video", "document", "executable")


def history(place: Place, head: Parent) -> Iterator[Fault]:
    """Find what is wrong with a feed's place among its archives (RFC 5005)."""
    archive, complete = head.find(f"{HISTORY}archive"), head.find(f"{HISTORY}complete")
    found = {relation: xml.related(head, relation) for relation in (*_PAGES, "self")}
    for relation in _PAGES:
        if len(found[relation]) > 1:
            yield place.error(
                "history", f"has {len(found[relation])} links {relation}", "RFC 5005, 4"
            )
    if archive is not None and complete is not None:
        yield place.error("history", "says that it is complete, and an archive", "RFC 5005, 2")
    if complete is not None and (found["prev-archive"] or found["next-archive"]):
        yield place.error("history", "says that it is complete, and has archives", "RFC 5005, 2")
    if archive is not None and not found["current"]:
        message = "is an archive without a link to the current feed"
        yield place.error("history", message, "RFC 5005, 4")
    own = {one.get("href") for one in found["self"]}
    for relation in ("prev-archive", "next-archive"):
        if own & {one.get("href") for one in found[relation]}:
            yield place.error("history", f"is its own {relation}", "RFC 5005, 4")


def replies(place: Place, entry: Parent) -> Iterator[Fault]:
    """Find answers that do not say to what (RFC 4685, 3)."""
    for one in entry.findall(f"{THREAD}in-reply-to"):
        if not values.is_absolute_iri(one.get("ref", "")):
            message = f"answers {shortened(one.get('ref', ''))}, which is no id"
            yield place.error("absolute-iri", message, "RFC 4685, 3")


def tombstones(feed: Parent) -> Iterator[Fault]:
    """Find removals that do not say of what, or when (RFC 6721, 3)."""
    for number, one in enumerate(feed.findall(f"{TOMBSTONE}deleted-entry"), 1):
        place = Place(f"deleted entry {number}")
        if not values.is_absolute_iri(one.get("ref", "")):
            yield place.error("missing", "does not say what was removed (ref)", "RFC 6721, 3")
        if not values.is_rfc3339(one.get("when", "")):
            message = f"was removed at {shortened(one.get('when', ''))}, no date of RFC 3339"
            yield place.error("date", message, "RFC 6721, 3")


def media(place: Place, item: _Element) -> Iterator[Fault]:
    """Find pictures and sounds that cannot be fetched or told apart (Media RSS)."""
    for one in item.iter(f"{MEDIA}content"):
        if not values.is_web_address(one.get("url", "")):
            message = f"has media at {shortened(one.get('url', ''))}, no absolute address"
            yield place.error("absolute-iri", message, "Media RSS, <media:content>")
        if not values.is_media_type(one.get("type", "a/b")):
            message = f"has media of the type {shortened(one.get('type', ''))}"
            yield place.error("media-type", message, "Media RSS, <media:content>")
        if one.get("medium", "image") not in _MEDIUMS:
            message = f"has media of the medium {shortened(one.get('medium', ''))}"
            yield place.error("choice", message, "Media RSS, <media:content>")
        for name in ("width", "height", "fileSize"):
            if not values.is_number(one.get(name, "0")):
                message = f"has media with {name}={shortened(one.get(name, ''))}"
                yield place.error("number", message, "Media RSS, <media:content>")


def periods(place: Place, channel: Parent) -> Iterator[Fault]:
    """Find how often to ask, said wrongly (RDF Site Summary 1.0, module Syndication)."""
    reference = "RSS 1.0 module Syndication"
    names = ("updatePeriod", "updateFrequency", "updateBase")
    yield from xml.known(place, channel, PERIODS, names, reference)
    period = channel.find(f"{PERIODS}updatePeriod")
    if period is not None and xml.text_of(period) not in _PERIODS:
        message = f"is updated {shortened(xml.text_of(period))}; known are {', '.join(_PERIODS)}"
        yield place.error("choice", message, reference)
    often = channel.find(f"{PERIODS}updateFrequency")
    if often is not None and not xml.text_of(often).lstrip("0").isdecimal():
        message = f"is updated {shortened(xml.text_of(often))} times a period"
        yield place.error("number", message, reference)
