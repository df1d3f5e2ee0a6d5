"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from syndicate.feeds import plain
from syndicate.feeds.content import entry_content
from syndicate.feeds.dates import whole_second
from syndicate.feeds.links import (
    cited_sources,
    entry_address,
    file_address,
    page_address,
    part_address,
)
from syndicate.model import Entry, Feed

ENDING = "json"
MEDIA_TYPE = "application/feed+json"


def write(feed: Feed) -> bytes:
    """Write `feed` as JSON Feed: UTF-8, not escaped to ASCII, keys in a fixed order."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": plain.feed_title(feed),
        "home_page_url": page_address(feed),
        "feed_url": file_address(feed, ENDING),
        "description": plain.clean(feed.description),
        "authors": [{"name": plain.author(feed)}],
        "language": feed.language,
        "items": [_item(feed, entry) for entry in feed.entries],
    }
    return json.dumps(_filled(document), ensure_ascii=False, indent=1).encode() + b"\n"


def _item(feed: Feed, entry: Entry) -> dict[str, Any]:
    """`content_html` stays even when empty: an item without any content is invalid."""
    optional = {
        "summary": plain.summary(entry),
        "_highlights": plain.highlights(entry),
        "_sources": [{"name": each.name, "url": each.url} for each in cited_sources(entry)],
        "_series": _series(feed, entry),
    }
    return {
        "id": entry.uid,
        "url": entry_address(feed, entry),
        "title": plain.entry_title(entry),
        "content_html": entry_content(feed, entry),
        "date_published": whole_second(entry.published).isoformat(),
        "date_modified": whole_second(entry.updated).isoformat(),
        "language": entry.article.language,
        "authors": [{"name": plain.author(feed, entry)}],
        **_filled(optional),
    }


def _series(feed: Feed, entry: Entry) -> dict[str, Any]:
    """Place the entry in its series, with the parts around it; announced ones have no `url`."""
    if entry.series is None or entry.part is None:
        return {}
    around = {
        name: _filled({"title": plain.clean(part.title), "url": part_address(feed, part)})
        for name, part in (("previous", entry.previous), ("next", entry.next))
        if part is not None
    }
    place = {"part": entry.part, "total": entry.series.total}
    return {"title": plain.clean(entry.series.title), **place, **around}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value or name == "items"}
