"""What a page tells machines of itself: search engines (JSON-LD) and those who show a link (Open Graph)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from syndicate.addresses import absolute, article_path, series_path
from syndicate.markup import cited_name, picture_address, web_address, xml_text
from syndicate.model import Article, Entry, Image, Publication, Series

_CONTEXT = "https://schema.org"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# Inside <script>, whatever would end it, or begin a comment, is written as an escape (HTML 4.12.1.3).
_UNSAFE = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


class Card(Struct, frozen=True):
    """A page in short.

    `image` has an absolute address. `data` are documents of JSON-LD, fit to stand in a script element.
    """

    title: str
    description: str = ""
    kind: str = "website"
    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    image: Image | None = None
    data: tuple[Markup, ...] = ()


def article_card(publication: Publication, entry: Entry, address: str) -> Card:
    """The card of an article; `address` is the canonical one."""
    article = entry.article
    trail = [(entry.series.title, series_path(entry.series.slug))] if entry.series else []
    trail.append((article.title, article_path(entry.slug)))
    return Card(
        title=article.title,
        description=article.summary or "",
        kind="article",
        published=entry.published,
        updated=entry.updated,
        tags=article.metadata.tags,
        image=_image(publication, article),
        data=(
            _script(_article(publication, entry, address)),
            _script(_trail(publication, trail)),
        ),
    )


def series_card(publication: Publication, series: Series, description: str) -> Card:
    """The card of a series."""
    trail = [(series.title, series_path(series.slug))]
    return Card(series.title, description, data=(_script(_trail(publication, trail)),))


def list_card(publication: Publication, title: str, path: str) -> Card:
    """The card of a page that lists others."""
    return Card(title, data=(_script(_trail(publication, [(title, path)])),))


def front_card(publication: Publication) -> Card:
    """The card of the front page."""
    site = {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "name": publication.title,
        "url": f"{publication.base_url}/",
        "inLanguage": publication.language,
        "description": publication.description,
    }
    return Card(publication.title, publication.description, data=(_script(site),))


def _image(publication: Publication, article: Article) -> Image | None:
    """The picture that stands for an article, at its absolute address."""
    image = article.lead_image
    address = picture_address(image, partial(absolute, publication.base_url)) if image else None
    return replace(image, url=address) if image and address else None


def _article(publication: Publication, entry: Entry, address: str) -> Mapping[str, object]:
    article = entry.article
    image = _image(publication, article)
    publisher = {
        "@type": "Organization",
        "name": publication.title,
        "url": f"{publication.base_url}/",
    }
    named = article.metadata.authors or tuple(filter(None, [publication.author]))
    persons = [{"@type": "Person", "name": name} for name in named]
    return {
        "@context": _CONTEXT,
        "@type": "Article",
        "@id": entry.uid,
        "headline": article.title,
        "description": article.summary,
        "url": address,
        "mainEntityOfPage": address,
        "datePublished": entry.published.isoformat(timespec="seconds"),
        "dateModified": entry.updated.isoformat(timespec="seconds"),
        "inLanguage": article.language,
        "author": persons if len(persons) > 1 else next(iter(persons), publisher),
        "publisher": publisher,
        "image": image.url if image else None,
        "keywords": list(article.metadata.tags),
        "isPartOf": _part_of(publication, entry),
        "position": entry.part,
        "citation": _citations(article),
    }


def _part_of(publication: Publication, entry: Entry) -> Mapping[str, object] | None:
    if entry.series is None:
        return None
    address = absolute(publication.base_url, series_path(entry.series.slug))
    return {"@type": "CreativeWorkSeries", "name": entry.series.title, "url": address}


def _citations(article: Article) -> list[Mapping[str, str]]:
    """The sources that an article names, each once."""
    cited = (
        (web_address(one.url), cited_name(one))
        for section in article.sections
        for one in section.sources
    )
    found = {address: name for address, name in cited if address}
    return [{"@type": "CreativeWork", "name": name, "url": url} for url, name in found.items()]


def _trail(publication: Publication, steps: Sequence[tuple[str, str]]) -> Mapping[str, object]:
    """How a page is reached from the front page: titles and published paths."""
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "name": title,
                "item": absolute(publication.base_url, path),
            }
            for number, (title, path) in enumerate([(publication.title, ""), *steps], 1)
        ],
    }


def _script(document: Mapping[str, object]) -> Markup:
    """Write a document without what it does not know."""
    known = {name: value for name, value in document.items() if value not in (None, "", [])}
    return Markup(xml_text(_JSON(known)).translate(_UNSAFE))  # noqa: S704 - escaped for a script element
