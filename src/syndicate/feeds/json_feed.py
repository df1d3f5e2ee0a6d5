"""JSON Feed 1.1 (jsonfeed.org/version/1.1), with series, highlights and sources of our own."""

import json
from typing import Any

from syndicate.feeds import plain
from syndicate.feeds.format import Frame
from syndicate.feeds.items import Item, Place
from syndicate.feeds.links import file_address, page_address
from syndicate.model import Feed

ENDING = "json"
MEDIA_TYPE = "application/feed+json"


def frame(feed: Feed) -> Frame:
    """Write what stands around the items of `feed`: keys in a fixed order, not escaped to ASCII."""
    head = _filled(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": plain.feed_title(feed),
            "home_page_url": page_address(feed) or f"{feed.base_url}/",
            "feed_url": file_address(feed, ENDING),
            "description": plain.clean(feed.description),
            "next_url": file_address(feed, ENDING, feed.older) if feed.older else None,
            "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
            "authors": [{"name": plain.feed_author(feed)}],
            "language": feed.language,
            "_subscribe": {"url": feed.sign_up} if feed.sign_up else None,
        }
    )
    before = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    return Frame(f'{before},\n "items": [\n'.encode(), b"\n ]\n}\n", b",\n")


def entry(item: Item) -> bytes:
    """Write an item on one line; `content_html` stays even when empty, since one without is invalid."""
    optional = {
        "summary": item.summary,
        "image": item.picture.address if item.picture else None,
        "tags": item.tags,
        "_highlights": item.highlights,
        "_sources": [{"name": one.name, "url": one.url} for one in item.sources],
        "_series": _series(item),
    }
    values = {
        "id": item.uid,
        **({"url": item.address} if item.address is not None else {}),
        "title": item.title,
        "content_html": item.content,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
        "language": item.language,
        "authors": [{"name": name} for name in item.authors],
        **_filled(optional),
    }
    return json.dumps(values, ensure_ascii=False).encode()


def _series(item: Item) -> dict[str, Any]:
    """Place the entry in its series, with the parts around it; announced ones have no `url`."""
    if item.series is None:
        return {}
    around = {"previous": _part(item.previous), "next": _part(item.next)}
    place = {"title": item.series, "part": item.part, "total": item.total}
    return {**place, **_filled(around)}


def _part(place: Place | None) -> dict[str, Any]:
    return _filled({"title": place.title, "url": place.address}) if place else {}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
