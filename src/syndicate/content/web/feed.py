"""Feeds as lists of pages: RSS and Atom (feedparser is fenced here) and JSON Feed."""

import io
import re
from calendar import timegm
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from syndicate.content.web.listing import Listed, Listing, from_json, refused
from syndicate.content.web.names import is_same_site, joined
from syndicate.net import Answer

_ENTITY = re.compile(rb"<!ENTITY|<\x00!\x00E\x00N\x00T", re.IGNORECASE)


def read_feed(answer: Answer) -> Listing:
    """Read the pages that a feed names. Raises ListingRefused.

    Only pages of the feed's own site count: that of its address, or of the page it says it belongs to.
    """
    if answer.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        home, found = _json(answer)
    else:
        home, found = _xml(answer)
    kept = {
        one.key: one
        for one in found
        if is_same_site(one.address, answer.address) or is_same_site(one.address, home)
    }
    if found and not kept:
        raise refused(
            answer, "names pages of other sites only: name the site's own feed, or its pages"
        )
    return Listing(tuple(kept.values()))


def parsed(answer: Answer) -> feedparser.FeedParserDict:
    """Read RSS or Atom. Raises ListingRefused."""
    if _ENTITY.search(answer.body):
        raise refused(answer, "declares entities in a DTD, which is not read: take them out")
    headers = {"content-location": answer.address}
    if answer.charset:
        headers["content-type"] = f"application/xml; charset={answer.charset}"
    # In a stream: bytes by themselves could be taken for the name of a file.
    try:
        said = feedparser.parse(io.BytesIO(answer.body), response_headers=headers)
    except Exception as error:  # noqa: BLE001 - a library for feeds of every kind stumbles in many ways
        raise refused(answer, f"is no feed that can be read ({type(error).__name__})") from None
    if not said.version and not said.entries:
        raise refused(answer, "is no feed that can be read: correct its address")
    return said


def dates(entry: feedparser.FeedParserDict) -> tuple[datetime | None, datetime | None]:
    """Return when an entry was published and changed."""
    # dict.get: its own would give one date for the other, with a warning
    return _at(dict.get(entry, "published_parsed")), _at(dict.get(entry, "updated_parsed"))


def _xml(answer: Answer) -> tuple[str, list[Listed]]:
    said = parsed(answer)
    home = joined(answer.address, said.feed.get("link", "")) or answer.address
    found = []
    for entry in said.entries:
        address = joined(answer.address, entry.get("link", "")) if entry.get("link") else None
        if address:
            published, changed = dates(entry)
            version = changed.isoformat() if changed else None
            found.append(Listed(address, address, version, published))
    return home, found


def _json(answer: Answer) -> tuple[str, list[Listed]]:
    try:
        said = from_json(answer)
        entries = said["items"]
        home = joined(answer.address, str(said.get("home_page_url", ""))) or answer.address
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise refused(answer, "is no JSON Feed that can be read: correct its address") from None
    if not isinstance(entries, list):
        raise refused(answer, "is no JSON Feed that can be read: correct its address")
    listed = (_item(answer.address, entry) for entry in entries if isinstance(entry, dict))
    return home, [one for one in listed if one]


def _item(base: str, entry: dict[str, Any]) -> Listed | None:
    link = entry.get("url")
    address = joined(base, link) if isinstance(link, str) and link else None
    if not address:
        return None
    changed = entry.get("date_modified")
    version = changed if isinstance(changed, str) else None
    return Listed(address, address, version, moment(entry.get("date_published")))


def moment(said: object) -> datetime | None:
    """Read a date of RFC 3339; one without a zone is UTC. None for what is none."""
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(said)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _at(parsed: struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
