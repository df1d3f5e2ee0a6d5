"""RSS and Atom by feedgen alone. VALUES is a file of entries; prints processor seconds."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from feedgen.feed import FeedGenerator

from bench.feeds.clock import best


def write(entries: list[dict[str, Any]]) -> tuple[bytes, bytes]:
    """Write both documents."""
    feed = FeedGenerator()
    feed.id("tag:example.com,2025-04-01:feed")
    feed.title("港と潮")
    feed.link(href="https://example.com/", rel="alternate")
    feed.description("海辺の連載。")
    feed.author(name="編集部")
    feed.language("ja")
    for one in entries:
        entry = feed.add_entry(order="append")
        entry.id(one["id"])
        entry.title(one["title"])
        entry.link(href=one["address"], rel="alternate")
        for source in one["sources"]:
            entry.link(href=source["url"], rel="via", title=source["name"])
        entry.summary(one["summary"])
        entry.content(one["content"], type="html")
        entry.author(name=one["author"])
        entry.category([{"term": tag} for tag in one["tags"]])
        entry.published(one["published"])
        entry.updated(one["updated"])
    return feed.atom_str(), feed.rss_str()


if __name__ == "__main__":
    values = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    for value in values:
        for date in ("published", "updated"):
            value[date] = datetime.fromisoformat(value[date])
    print(best(lambda: write(values)))
