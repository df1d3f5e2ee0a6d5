"""Articles become feeds: which entries, what they say, and each format in one file."""

from syndicate.feeds import atom, json_feed, rss
from syndicate.feeds.agents import reader
from syndicate.feeds.format import FeedFormat, Frame
from syndicate.feeds.items import Item, item
from syndicate.feeds.opml import outline
from syndicate.feeds.rss import TTL
from syndicate.feeds.splice import pieces_by_key, splice

WINDOW = 100  # entries; several weeks of a busy publisher, and a file that readers take at once
FORMATS: tuple[FeedFormat, ...] = (
    FeedFormat("Atom", atom.ENDING, atom.MEDIA_TYPE, atom.frame, atom.entry),
    FeedFormat("RSS", rss.ENDING, rss.MEDIA_TYPE, rss.frame, rss.entry),
    FeedFormat(
        "JSON Feed", json_feed.ENDING, json_feed.MEDIA_TYPE, json_feed.frame, json_feed.entry
    ),
)

__all__ = [
    "FORMATS",
    "TTL",
    "WINDOW",
    "FeedFormat",
    "Frame",
    "Item",
    "item",
    "outline",
    "pieces_by_key",
    "reader",
    "splice",
]
