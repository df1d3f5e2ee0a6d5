"""An entry's plain texts, without the characters that XML cannot hold."""

from syndicate.markup import xml_text
from syndicate.model import Entry, Feed


def feed_title(feed: Feed) -> str:
    """Return the feed's title; formats demand one, so its id stands in for an empty one."""
    return clean(feed.title) or feed.uid


def entry_title(entry: Entry) -> str:
    """Return the article's title; formats demand one, so the slug stands in for an empty one."""
    return clean(entry.article.title) or entry.slug


def summary(entry: Entry) -> str:
    """Return the article's summary; "" when it has none."""
    return clean(entry.article.summary)


def highlights(entry: Entry) -> tuple[str, ...]:
    """Return the article's highlights, empty ones left out."""
    return tuple(text for text in map(clean, entry.article.highlights) if text)


def synopsis(entry: Entry) -> str:
    """Return summary and highlights, one a line; the title when there are neither."""
    lines = [summary(entry), *(f"💡 {text}" for text in highlights(entry))]
    return "\n".join(line for line in lines if line) or entry_title(entry)


def author(feed: Feed, entry: Entry | None = None) -> str:
    """Name who wrote an entry, or the feed; RFC 4287 4.1.1 demands one, at last the title."""
    named = entry.article.metadata.author if entry is not None else None
    return clean(named) or clean(feed.author) or feed_title(feed)


def clean(text: str | None) -> str:
    """Return plain text that every format can hold, without blanks at its ends."""
    return xml_text(text or "").strip()
