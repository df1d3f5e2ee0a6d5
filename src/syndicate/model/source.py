"""Where pages come from besides the content directories."""

from datetime import timedelta
from typing import Literal

from msgspec import Struct

Lists = Literal["pages", "sitemap", "feed", "wordpress"]


class Source(Struct, frozen=True):
    """A site of which pages are read: `addresses` are pages, or the one place that lists them.

    `every` is how often it is asked, `limit` how many of its pages are kept at most.
    """

    name: str
    lists: Lists
    addresses: tuple[str, ...]
    every: timedelta
    limit: int = 1000

    @property
    def place(self) -> str:
        """What it reads, in one text: another one makes it another source."""
        return " ".join((self.lists, *(self.addresses if self.lists != "pages" else ())))
