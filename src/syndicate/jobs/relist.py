"""What a list makes of the pages that are known: pure, and noted by the visit."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syndicate.content.web import revisit
from syndicate.content.web.listing import Listed, Listing, as_known
from syndicate.model import Source
from syndicate.store.sources import WebPage


class Relisted(Struct, frozen=True):
    """`found` are new, or told of otherwise; `left` are the keys of pages that are known no longer.

    `left_out` counts those for which there is no room.
    """

    found: tuple[WebPage, ...]
    left: tuple[str, ...]
    left_out: int


def relist(
    source: Source, listing: Listing, pages: Mapping[str, WebPage], now: datetime
) -> Relisted:
    """Compare what is listed with the pages that are known, by their keys; `source.limit` at most stay."""
    listed = as_known(listing.pages, pages.keys())
    keys = {one.key for one in listed}
    new = [one for one in listed if one.key not in pages]
    if listing.whole:
        left = _unlisted(pages, keys)
    else:
        left = _past(pages, keys)[: max(len(pages) + len(new) - source.limit, 0)]
    room = max(source.limit - len(pages) + len(left), 0)
    no_room = {one.key for one in new[room:]}
    told = (_told(source, one, pages.get(one.key), now) for one in listed if one.key not in no_room)
    found = tuple(one for one in told if one != pages.get(one.key))
    return Relisted(found, tuple(left), len(no_room))


def _told(source: Source, listed: Listed, page: WebPage | None, now: datetime) -> WebPage:
    is_news = page is None or (listed.version is not None and listed.version != page.version)
    page = page or WebPage(source.name, listed.key, listed.address)
    return replace(
        page,
        address=listed.address,
        via=None,
        version=listed.version or page.version,
        published=listed.published or page.published,
        next_try=now if is_news else page.next_try,
    )


def _unlisted(pages: Mapping[str, WebPage], listed: Collection[str]) -> list[str]:
    """Return the pages that are listed no longer, and those that only they led to."""
    gone = {key for key, one in pages.items() if one.via is None and key not in listed}
    while more := {key for key, one in pages.items() if one.via in gone and key not in gone}:
        gone |= more
    return sorted(gone)


def _past(pages: Mapping[str, WebPage], listed: Collection[str]) -> list[str]:
    """Return the pages that make room for new ones: gone for long, and listed no longer; oldest first."""
    needed = {*listed, *(one.via for one in pages.values())}
    past = [
        one
        for one in pages.values()
        if one.state == "gone" and revisit.is_past(one.failures) and one.key not in needed
    ]
    return [one.key for one in sorted(past, key=lambda one: -one.failures)]
