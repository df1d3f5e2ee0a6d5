"""The list of all feeds as OPML 2.0 (opml.org/spec2.opml), which readers take in at once."""

from collections.abc import Iterable

from syndicate.feeds import atom, plain
from syndicate.feeds.links import file_address, page_address
from syndicate.feeds.xml import DECLARATION, element, empty, lines
from syndicate.model import Feed


def outline(title: str, feeds: Iterable[Feed]) -> bytes:
    """Write the list of `feeds`, each once, as Atom: a reader that takes all in has no entry twice over."""
    head = f"<head>{element('title', plain.clean(title))}</head>"
    body = lines(4, *map(_line, feeds))
    start = f'{DECLARATION}\n<opml version="2.0">\n  {head}\n  <body>\n'
    return f"{start}{body}  </body>\n</opml>\n".encode()


def _line(feed: Feed) -> str:
    """OPML knows one type of feed, whatever its format: rss."""
    title = plain.feed_title(feed)
    return empty(
        "outline",
        type="rss",
        text=title,
        title=title,
        xmlUrl=file_address(feed, atom.ENDING),
        htmlUrl=page_address(feed),
        language=feed.language,
    )
