"""The addresses in a feed: the same strings in every format, absolute and percent-encoded."""

from syndicate.addresses import absolute, article_path
from syndicate.markup import cited_name, web_address
from syndicate.model import Citation, Entry, Feed, Part

NEAR = 10  # parts to each side; all parts of a long series would outweigh the article


def entry_address(feed: Feed, entry: Entry) -> str:
    """Return where a reader is sent to read `entry`."""
    return absolute(feed.base_url, article_path(entry.slug))


def part_address(feed: Feed, part: Part) -> str | None:
    """Return where a part can be read; None while it is only announced."""
    return absolute(feed.base_url, article_path(part.slug)) if part.slug is not None else None


def page_address(feed: Feed) -> str:
    """Return the web page that the feed belongs to."""
    return absolute(feed.base_url, feed.page_path)


def file_address(feed: Feed, ending: str) -> str:
    """Return the address of the feed itself, in the format with this `ending`."""
    return absolute(feed.base_url, f"{feed.stem}.{ending}")


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
