"""The files of the feeds: each in every format, and where asked for in a short variant.

A document is made of the one that stands in its place: entries that did not change are copied from it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256

from syndicate import feeds, output
from syndicate.jobs.planning.channels import Channel, channels
from syndicate.jobs.planning.gate import pass_gate, written
from syndicate.jobs.planning.library import Library, Made, Planned
from syndicate.model import Feed
from syndicate.store import outputs


def feed_files(library: Library) -> Iterator[Planned]:
    """Every feed in every format, and the list of them all."""
    heads = []
    for channel in channels(library):
        heads.append(channel.head(library))
        yield from _documents(library, channel, heads[-1], short=False)
        if library.about.short:
            yield from _documents(library, channel, channel.head(library, "feed-short"), short=True)
    title = library.about.title
    inputs = library.inputs("opml", title, heads)
    yield Planned("feeds.opml", inputs, partial(feeds.outline, title, heads))


def _documents(library: Library, channel: Channel, feed: Feed, *, short: bool) -> Iterator[Planned]:
    keys = [library.key(row, short=short) for row in channel.rows]
    inputs, items = library.inputs(feed, keys), _items(library, channel, short=short)

    def make(form: feeds.FeedFormat, path: str) -> Made:
        made = feeds.splice(form, feed, keys, _standing(library, path), items, written)
        return Made(made.data, made.pieces, pass_gate(form, feed, made.fresh))

    for one in feeds.FORMATS:
        path = f"{feed.stem}.{one.ending}"
        yield Planned(path, inputs, partial(make, one, path))


def _items(
    library: Library, channel: Channel, *, short: bool
) -> Callable[[Sequence[int]], list[feeds.Item]]:
    """Return what makes the items at some places of a channel, once for all formats."""
    made: dict[int, feeds.Item] = {}

    def items(places: Sequence[int]) -> list[feeds.Item]:
        new = [place for place in places if place not in made]
        entries = library.load([channel.rows[place] for place in new])
        for place, entry in zip(new, entries, strict=True):
            made[place] = feeds.item(library.about, entry, short=short)
        return [made[place] for place in places]

    return items


def _standing(library: Library, path: str) -> Mapping[str, memoryview]:
    """Return the entries of the document that stands in its place, if it is still as we left it."""
    known = outputs.pieces(library.tx, path)
    data = output.read(library.root, path) if known else None
    if known is None or data is None or sha256(data).hexdigest() != known[0]:
        return {}
    return feeds.pieces_by_key(data, known[1])
