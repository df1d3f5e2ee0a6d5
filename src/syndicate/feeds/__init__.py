"""Articles become feeds: which entries, what they say, and each format in one file."""

from syndicate.feeds import atom, json_feed, rss
from syndicate.feeds.content import entry_content
from syndicate.feeds.format import FeedFormat
from syndicate.feeds.links import entry_address, file_address, page_address
from syndicate.feeds.rss import TTL

WINDOW = 100  # entries; several weeks of a busy publisher, and a file that readers take at once
FORMATS: tuple[FeedFormat, ...] = (
    FeedFormat("Atom", atom.ENDING, atom.MEDIA_TYPE, atom.write),
    FeedFormat("RSS", rss.ENDING, rss.MEDIA_TYPE, rss.write),
    FeedFormat("JSON Feed", json_feed.ENDING, json_feed.MEDIA_TYPE, json_feed.write),
)

__all__ = [
    "FORMATS",
    "TTL",
    "WINDOW",
    "FeedFormat",
    "entry_address",
    "entry_content",
    "file_address",
    "page_address",
]
