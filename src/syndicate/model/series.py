"""Series, and articles as they are published."""

from datetime import datetime

from msgspec import Struct

from syndicate.model.article import Article


class Part(Struct, frozen=True):
    """One part of a series. A part that is announced but has not come yet has a title alone.

    One that nobody names any more has none. `canonical` is the original address that its page declares.
    """

    number: int
    title: str
    article_id: int | None = None
    slug: str | None = None
    uid: str | None = None
    canonical: str | None = None

    @property
    def published(self) -> bool:
        """Whether the part can be linked to."""
        return self.slug is not None

    @property
    def named(self) -> bool:
        """Whether anything is known of the part but its number."""
        return self.published or bool(self.title)


class NamedSeries(Struct, frozen=True):
    """A series that the settings name: `parts` are titles or files of pages, in order.

    `name` is its address, unless it had one before; without a `title` it is called as its first part.
    """

    name: str
    title: str = ""
    parts: tuple[str, ...] = ()


class Series(Struct, frozen=True):
    """Articles in part order; parts that are announced and have not come stand in their places."""

    slug: str
    title: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """How many parts are known, the announced one included: the N of "part n of N"."""
        return len(self.parts)


class Entry(Struct, frozen=True):
    """An article with its identity, address, dates and place in its series: what is published.

    `uid` is its `tag:` URI (RFC 4151), the same for ever. `updated` moves on significant edits
    only (RFC 4287 4.2.15). Times are zone-aware UTC.
    """

    article_id: int
    uid: str
    slug: str
    revision: int
    published: datetime
    updated: datetime
    article: Article
    series: Series | None = None
    part: int | None = None

    @property
    def previous(self) -> Part | None:
        """The part before this one."""
        if self.series is None or self.part is None or self.part < 2:
            return None
        return self.series.parts[self.part - 2]

    @property
    def next(self) -> Part | None:
        """The part after this one, published or announced."""
        if self.series is None or self.part is None or self.part >= self.series.total:
            return None
        return self.series.parts[self.part]
