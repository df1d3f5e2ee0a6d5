"""RSS and Atom by Django's feedgenerator, which writes the content as description, and no sources."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

from bench.feeds.clock import best


def write(entries: list[dict[str, Any]]) -> list[str]:
    """Write both documents."""
    documents = []
    for form in (Atom1Feed, Rss201rev2Feed):
        feed = form(
            "港と潮", "https://example.com/", "海辺の連載。", language="ja", author_name="編集部"
        )
        for one in entries:
            feed.add_item(
                title=one["title"],
                link=one["address"],
                description=one["content"],
                author_name=one["author"],
                pubdate=one["published"],
                updateddate=one["updated"],
                unique_id=one["id"],
                unique_id_is_permalink=False,
                categories=one["tags"],
            )
        documents.append(feed.writeString("utf-8"))
    return documents


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    values = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    for value in values:
        for date in ("published", "updated"):
            value[date] = datetime.fromisoformat(value[date])
    print(best(lambda: write(values)))
