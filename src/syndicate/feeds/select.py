"""Which entries stand in a feed, and in what order."""

from collections.abc import Iterable
from datetime import datetime
from heapq import nlargest

from syndicate.model import Entry

WINDOW = 100  # entries; several weeks of a busy publisher, and a file that readers take at once


def select(entries: Iterable[Entry], window: int = WINDOW) -> tuple[Entry, ...]:
    """Return the newest `window` entries, newest first, holding no more than those in memory.

    Of entries published at one instant the later part comes first, then the later article.
    """
    return tuple(nlargest(window, entries, key=_recency))


def _recency(entry: Entry) -> tuple[datetime, int, int]:
    return entry.published, entry.part or 0, entry.article_id
