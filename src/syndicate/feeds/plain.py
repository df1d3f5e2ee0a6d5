"""An entry's plain texts, without the characters that XML cannot hold."""

from typing import TYPE_CHECKING

from syndicate.markup import xml_text
from syndicate.model import Entry, Feed, Publication

if TYPE_CHECKING:
    from syndicate.feeds.items import Item


def feed_title(feed: Feed) -> str:
    """Return the feed's title; formats demand one, so its id stands in for an empty one."""
    return clean(feed.title) or feed.uid


def feed_author(feed: Feed) -> str:
    """Name who writes a feed; RFC 4287 4.1.1 demands somebody, at last its title."""
    return clean(feed.author) or feed_title(feed)


def entry_title(entry: Entry) -> str:
    """Return the article's title; formats demand one, so the slug stands in for an empty one."""
    return clean(entry.article.title) or entry.slug


def summary(entry: Entry) -> str:
    """Return the article's summary; "" when it has none."""
    return clean(entry.article.summary)


def highlights(entry: Entry) -> tuple[str, ...]:
    """Return the article's highlights, empty ones left out."""
    return tuple(text for text in map(clean, entry.article.highlights) if text)


def tags(entry: Entry) -> tuple[str, ...]:
    """Return the article's tags, each spelling once."""
    return tuple(dict.fromkeys(text for text in map(clean, entry.article.metadata.tags) if text))


def synopsis(item: "Item") -> str:
    """Return summary and highlights, one a line; the title when there are neither."""
    lines = [item.summary, *(f"💡 {text}" for text in item.highlights)]
    return "\n".join(line for line in lines if line) or item.title


def authors(about: Publication, entry: Entry) -> tuple[str, ...]:
    """Name who wrote an entry: the page's authors, else the publication's, at last its title or the slug."""
    named = tuple(text for text in map(clean, entry.article.metadata.authors) if text)
    others = (about.author, about.title, entry.slug)
    return named or (next(text for text in map(clean, others) if text),)


def clean(text: str | None) -> str:
    """Return plain text that every format can hold, without blanks at its ends."""
    return xml_text(text or "").strip()
