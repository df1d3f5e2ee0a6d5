"""An entry as every format shows it: one selection, so that all formats say the same."""

from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from msgspec import Struct

from syndicate.addresses import absolute
from syndicate.feeds import plain
from syndicate.feeds.content import entry_content, short_content
from syndicate.feeds.dates import whole_second
from syndicate.feeds.links import (
    cited_sources,
    entry_address,
    near_parts,
    part_address,
)
from syndicate.markup import picture_address
from syndicate.model import PICTURES, Citation, Entry, Part, Publication


class Place(Struct, frozen=True):
    """Where an entry stands in its series: `address` is None while a part is only announced."""

    number: int
    title: str
    address: str | None
    uid: str | None


class Picture(Struct, frozen=True):
    """The lead picture. `media_type` is None where its address does not tell."""

    address: str
    media_type: str | None
    alt: str
    width: int | None
    height: int | None
    size: int | None


class Item(Struct, frozen=True):
    """What a format writes of an entry: texts that every format can hold, absolute addresses, whole seconds.

    `content` is HTML, `escaped` the same in UTF-8 as it stands between tags of XML, everything else
    plain text. `related` are the other parts that are published, near ones first to last. `series` and
    `part` are None outside a series.
    """

    uid: str
    address: str | None
    title: str
    summary: str
    highlights: tuple[str, ...]
    content: str
    escaped: bytes
    language: str
    authors: tuple[str, ...]
    published: datetime
    updated: datetime
    tags: tuple[str, ...]
    sources: tuple[Citation, ...]
    picture: Picture | None
    series: str | None
    part: int | None
    total: int
    previous: Place | None
    next: Place | None
    related: tuple[Place, ...]


def item(about: Publication, entry: Entry, *, short: bool = False) -> Item:
    """Make an item of an entry; a `short` one has summary and highlights in the place of its text."""
    inside = entry.series is not None and entry.part is not None
    content = short_content(about, entry) if short else entry_content(about, entry)
    return Item(
        uid=entry.uid,
        address=entry_address(about, entry),
        title=plain.entry_title(entry),
        summary=plain.summary(entry),
        highlights=plain.highlights(entry),
        content=content,
        escaped=_escaped(content),
        language=entry.article.language,
        authors=plain.authors(about, entry),
        published=whole_second(entry.published),
        updated=whole_second(entry.updated),
        tags=plain.tags(entry),
        sources=cited_sources(entry),
        picture=_picture(about, entry),
        series=plain.clean(entry.series.title) if entry.series and inside else None,
        part=entry.part if inside else None,
        total=entry.series.total if entry.series else 0,
        previous=_place(about, entry.previous),
        next=_place(about, entry.next),
        related=tuple(place for part in near_parts(entry) if (place := _place(about, part))),
    )


def _escaped(text: str) -> bytes:
    """Escape text between tags; a carriage return outlives the parser only so (XML 1.0, 2.11)."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;").encode()


def _place(about: Publication, part: Part | None) -> Place | None:
    if part is None or not part.named:
        return None
    return Place(part.number, plain.clean(part.title), part_address(about, part), part.uid)


def _picture(about: Publication, entry: Entry) -> Picture | None:
    image = entry.article.lead_image
    address = picture_address(image, partial(absolute, about.base_url)) if image else None
    if image is None or address is None:
        return None
    kind = PICTURES.get(urlsplit(address).path.rpartition(".")[2].lower())
    return Picture(address, kind, plain.clean(image.alt), image.width, image.height, image.size)
