"""The addresses in a feed: the same strings in every format, absolute and percent-encoded."""

from collections.abc import Iterator

from syndicate.addresses import absolute, article_path
from syndicate.markup import cited_name, web_address
from syndicate.model import Citation, Entry, Feed, Part, Publication

NEAR = 10  # parts to each side; all parts of a long series would outweigh the article


def entry_address(about: Publication, entry: Entry) -> str | None:
    """Return where a reader is sent to read `entry`; None where there is no such page."""
    return _address(about, entry.slug, entry.article.metadata.canonical)


def part_address(about: Publication, part: Part) -> str | None:
    """Return where a part can be read; None while it is only announced."""
    return _address(about, part.slug, part.canonical) if part.slug is not None else None


def _address(about: Publication, slug: str, canonical: str | None) -> str | None:
    """Our page, or the original one where `links` says so; without a site there is no page of ours."""
    original = web_address(canonical) if canonical and about.links == "source" else None
    if original is not None or about.site == "off":
        return original
    return absolute(about.base_url, article_path(slug))


def page_address(feed: Feed) -> str | None:
    """Return the web page that the feed belongs to; None without a site."""
    return absolute(feed.base_url, feed.page_path) if feed.page_path is not None else None


def file_address(feed: Feed, ending: str, stem: str | None = None) -> str:
    """Return the address of the feed itself, or of its document `stem`, with this `ending`."""
    return absolute(feed.base_url, f"{stem or feed.stem}.{ending}")


def document_links(feed: Feed, ending: str, media_type: str) -> Iterator[dict[str, str]]:
    """Yield the links of a document itself, to hubs and to other documents, as Atom has them."""
    yield {"rel": "self", "type": media_type, "href": file_address(feed, ending)}
    if feed.sign_up is not None:
        yield {"rel": "related", "type": "text/html", "href": feed.sign_up}
    for hub in feed.hubs:
        yield {"rel": "hub", "href": hub}
    for relation, stem in (("prev-archive", feed.older), ("current", feed.current)):
        if stem is not None:
            yield {"rel": relation, "type": media_type, "href": file_address(feed, ending, stem)}


def cited_sources(entry: Entry) -> tuple[Citation, ...]:
    """Return the sources that can be linked to, each address once, under its first name."""
    sources: dict[str, Citation] = {}
    for section in entry.article.sections:
        for citation in section.sources:
            address = web_address(citation.url)
            if address is not None:
                sources.setdefault(address, Citation(cited_name(citation), address))
    return tuple(sources.values())


def near_parts(entry: Entry) -> tuple[Part, ...]:
    """Return the other published parts, no further than NEAR parts away, in part order."""
    if entry.series is None or entry.part is None:
        return ()
    first, last = max(entry.part - 1 - NEAR, 0), entry.part + NEAR
    near = entry.series.parts[first:last]
    return tuple(part for part in near if part.published and part.number != entry.part)
