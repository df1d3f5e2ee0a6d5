"""Links from one published file to another, and the feeds that a page announces."""

from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct

from syndicate.addresses import encoded, series_path
from syndicate.model import Publication, Series

FORMATS = (
    ("Atom", "atom", "application/atom+xml"),
    ("RSS", "rss", "application/rss+xml"),
    ("JSON Feed", "json", "application/feed+json"),
)


class Links(Struct, frozen=True):
    """How one page writes its links: `root` leads to the base address, `index` ends a folder."""

    root: str
    index: str

    def to(self, path: str) -> str:
        """Write the link to a published path, percent-encoded (RFC 3986)."""
        name = self.index if path.endswith("/") or not path else ""
        return self.root + encoded(path + name)


class Alternate(Struct, frozen=True):
    """A feed as a page announces it; `title` is unique on the page, `label` names the format."""

    label: str
    title: str
    media_type: str
    href: str


def links_from(path: str) -> Links:
    """Links of the page at `path`, relative and with file names.

    So they work from disk, where a folder has no index, and below any base address.
    """
    return Links("../" * path.count("/"), "index.html")


def links_anywhere(base_url: str) -> Links:
    """Links of a page that is answered at any path, and over HTTP only."""
    return Links(urlsplit(base_url).path.rstrip("/") + "/", "")


def whole_feeds(links: Links, publication: Publication) -> tuple[Alternate, ...]:
    """The feeds of everything, one a format."""
    return folder_feeds(links, "", publication.title)


def series_feeds(links: Links, series: Series) -> tuple[Alternate, ...]:
    """The feeds of one series, one a format."""
    return folder_feeds(links, series_path(series.slug), series.title)


@lru_cache(maxsize=64)  # the same ones stand on page after page
def folder_feeds(links: Links, folder: str, title: str) -> tuple[Alternate, ...]:
    """The feeds in the folder of a page, one a format: of a series, a tag or a language."""
    return tuple(
        Alternate(label, f"{title} ({label})", media_type, links.to(f"{folder}feed.{ending}"))
        for label, ending, media_type in FORMATS
    )
