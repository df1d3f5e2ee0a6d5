"""The pages that list articles, series and editions."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Literal, NamedTuple

from jinja2 import Environment
from msgspec import Struct

from syndicate.addresses import absolute
from syndicate.language import catalogue, own_name
from syndicate.model import Entry, Publication
from syndicate.site.card import front_card, list_card
from syndicate.site.links import Alternate, Links, folder_feeds, links_from, whole_feeds
from syndicate.site.render import render

ARCHIVE, SERIES, TAGS, EDITIONS = "archive/", "series/", "tags/", "editions/"

Kind = Literal["archive", "tag", "language", "series", "editions"]


class Line(NamedTuple):
    """One thing of a list, without its text: an article, a series or an edition.

    `path` is that of its page. Of an article, `part` of `total` is its place in a series; a series has
    a `total` alone, an edition its `number`.
    """

    title: str
    path: str
    language: str
    date: datetime
    part: int | None = None
    total: int | None = None
    number: int | None = None


class Leaf(Struct, frozen=True):
    """A page of a list that is too long for one: what it reaches from and to, both included."""

    path: str
    first: datetime
    last: datetime


class Listing(Struct, frozen=True):
    """One page of a list: `entries` are shown with their summaries, `lines` by their titles alone.

    `count` things are in the whole list. `leaves` are the earlier pages, the newest first; on such a
    page `here` is itself, and `newer` leads on to the next newer one.
    """

    kind: Kind
    name: str
    folder: str
    language: str
    count: int
    entries: tuple[Entry, ...] = ()
    lines: tuple[Line, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    here: Leaf | None = None
    newer: str | None = None

    @property
    def path(self) -> str:
        """The path of the page."""
        return self.here.path if self.here else self.folder


class Sign(Struct, frozen=True):
    """A tag or a language as it is pointed at: how many articles it has, and where they are listed.

    `language` is that of the name, where it is known.
    """

    name: str
    path: str
    count: int
    language: str | None = None


class Front(Struct, frozen=True):
    """What the front page shows: the newest articles, and where everything else is found."""

    entries: tuple[Entry, ...]
    series: tuple[Line, ...] = ()
    tags: tuple[Sign, ...] = ()
    languages: tuple[Sign, ...] = ()
    editions: tuple[Line, ...] = ()
    more: bool = False  # whether there are more articles than are shown


def index_page(publication: Publication, front: Front, environment: Environment) -> str:
    """Write `index.html`, everything in the order given."""
    links = links_from("")
    return render(
        environment,
        "index.html",
        publication,
        language=publication.language,
        links=links,
        feeds=whole_feeds(links, publication),
        canonical=absolute(publication.base_url, ""),
        card=front_card(publication),
        front=front,
    )


def list_page(publication: Publication, listing: Listing, environment: Environment) -> str:
    """Write one page of a list, such as `tags/TAG/index.html`, in the publication's language."""
    title = _title(publication, listing)
    links = links_from(listing.path)
    return render(
        environment,
        "list.html",
        publication,
        language=publication.language,
        links=links,
        feeds=_own_feeds(links, listing, title) + whole_feeds(links, publication),
        own_feeds=_own_feeds(links, listing, title),
        canonical=absolute(publication.base_url, listing.path),
        card=list_card(publication, title, listing.path),
        title=title,
        listing=listing,
        months=_by_month(publication, listing.lines),
        day=partial(catalogue(publication.language).day, zone=publication.zone),
    )


def _own_feeds(links: Links, listing: Listing, title: str) -> tuple[Alternate, ...]:
    """A tag and a language have feeds of their own."""
    if listing.kind not in {"tag", "language"}:
        return ()
    return folder_feeds(links, listing.folder, title)


def _by_month(publication: Publication, lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    month = catalogue(publication.language).month
    groups = groupby(lines, key=lambda line: month(line.date, publication.zone))
    return [(name, list(some)) for name, some in groups]


def _title(publication: Publication, listing: Listing) -> str:
    words = catalogue(publication.language)
    match listing.kind:
        case "tag":
            return listing.name
        case "language":
            return own_name(listing.name)
        case "archive":
            return words.gettext("All articles")
        case "series":
            return words.gettext("All series")
        case "editions":
            return words.gettext("All editions")


def tags_page(publication: Publication, tags: Sequence[Sign], environment: Environment) -> str:
    """Write `tags/index.html`, in the order given."""
    links = links_from(TAGS)
    title = catalogue(publication.language).gettext("Topics")
    return render(
        environment,
        "tags.html",
        publication,
        language=publication.language,
        links=links,
        feeds=whole_feeds(links, publication),
        canonical=absolute(publication.base_url, TAGS),
        card=list_card(publication, title, TAGS),
        tags=tags,
    )
