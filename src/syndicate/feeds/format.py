"""What a feed format is."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from syndicate.feeds.items import Item
from syndicate.model import Feed


class Frame(Struct, frozen=True):
    """What stands around the entries of a document: before them, between two, and after them."""

    before: bytes
    after: bytes
    between: bytes = b""

    def around(self, entries: Iterable[bytes | memoryview]) -> bytes:
        """Return the whole document."""
        return b"".join((self.before, self.between.join(entries), self.after))


class FeedFormat(Struct, frozen=True):
    """One format: its name, the ending of its files (no dot), its media type, and its two writers.

    Both give the same bytes for the same values, whatever the day, the zone or the locale. What
    `entry` writes does not depend on the feed: it is written once and put into every document.
    """

    name: str
    ending: str
    media_type: str
    frame: Callable[[Feed], Frame]
    entry: Callable[[Item], bytes]

    def write(self, feed: Feed, entries: Iterable[bytes]) -> bytes:
        """Return a whole document; `entries` as `entry` wrote them, newest first."""
        return self.frame(feed).around(entries)
