"""The tables about the web: `[[sources]]` and `[net]`."""

from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta

from syndicate.config import kinds
from syndicate.config.sections import Section
from syndicate.model import Source


class SourceSection(Section, frozen=True):
    """A site whose pages are read: one of `pages`, `sitemap`, `feed` and `wordpress` says which."""

    name: kinds.Name
    kind: Literal["web"] = "web"
    pages: tuple[kinds.WebAddress, ...] = ()
    sitemap: kinds.WebAddress | None = None
    feed: kinds.WebAddress | None = None
    wordpress: kinds.WebAddress | None = None
    every: kinds.Interval = timedelta(hours=1)
    limit: Annotated[int, Meta(ge=1, le=100_000)] = 1000

    def __post_init__(self) -> None:
        """Raise ValueError for a source of nothing, or of two sorts."""
        named = [one for one in (self.pages, self.sitemap, self.feed, self.wordpress) if one]
        if len(named) != 1:
            raise ValueError("expected exactly one of pages, sitemap, feed and wordpress")

    def record(self) -> Source:
        """Return the source."""
        if self.pages:
            addresses = tuple(dict.fromkeys(self.pages))
            return Source(self.name, "pages", addresses, self.every, self.limit)
        if self.sitemap:
            return Source(self.name, "sitemap", (self.sitemap,), self.every, self.limit)
        if self.feed:
            return Source(self.name, "feed", (self.feed,), self.every, self.limit)
        assert self.wordpress is not None
        return Source(self.name, "wordpress", (self.wordpress,), self.every, self.limit)


class NetSection(Section, frozen=True):
    """How the web is asked: `allow` names networks that are not on the open internet.

    `seconds` is the whole time of one request, `pause` the seconds between two to one host, `megabytes`
    the size of one answer.
    """

    allow: tuple[kinds.Network, ...] = ()
    seconds: Annotated[float, Meta(gt=0, le=600)] = 30.0
    pause: Annotated[float, Meta(ge=0, le=60)] = 1.0
    megabytes: Annotated[int, Meta(ge=1, le=1000)] = 10
