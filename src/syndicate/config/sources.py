"""The tables about the web: `[[sources]]` and `[net]`."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from syndicate import values
from syndicate.config.sections import NAME, Section
from syndicate.model import Source


class SourceSection(Section):
    """A site whose pages are read: one of `pages`, `sitemap`, `feed` and `wordpress` says which."""

    name: str = Field(pattern=NAME)
    kind: Literal["web"] = "web"
    pages: tuple[values.WebAddress, ...] = ()
    sitemap: values.WebAddress | None = None
    feed: values.WebAddress | None = None
    wordpress: values.WebAddress | None = None
    every: values.Duration = Field(default=timedelta(hours=1), ge=timedelta(minutes=1))
    limit: int = Field(default=1000, ge=1, le=100_000)

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        named = [one for one in (self.pages, self.sitemap, self.feed, self.wordpress) if one]
        if len(named) != 1:
            raise ValueError("expected exactly one of pages, sitemap, feed and wordpress")
        return self

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


class NetSection(Section):
    """How the web is asked: `allow` names networks that are not on the open internet.

    `seconds` is the whole time of one request, `pause` the seconds between two to one host, `megabytes`
    the size of one answer.
    """

    allow: tuple[values.Network, ...] = ()
    seconds: float = Field(default=30.0, gt=0, le=600)
    pause: float = Field(default=1.0, ge=0, le=60)
    megabytes: int = Field(default=10, ge=1, le=1000)
