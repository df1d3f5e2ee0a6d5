"""The files of the feeds: each in every format, and where asked for in a short variant."""

from collections.abc import Iterator
from functools import cache, partial

from syndicate import feeds
from syndicate.jobs.planning.channels import Channel, channels
from syndicate.jobs.planning.library import Library, Planned
from syndicate.model import Feed


def feed_files(library: Library) -> Iterator[Planned]:
    """Every feed in every format."""
    for channel in channels(library):
        yield from _documents(library, channel, channel.head(library), short=False)
        if library.about.short:
            yield from _documents(library, channel, channel.head(library, "feed-short"), short=True)


def _documents(library: Library, channel: Channel, feed: Feed, *, short: bool) -> Iterator[Planned]:
    inputs = library.inputs(feed, [library.mark(row) for row in channel.rows])

    @cache  # the formats share them
    def items() -> list[feeds.Item]:
        return [feeds.item(library.about, one, short=short) for one in library.load(channel.rows)]

    def write(form: feeds.FeedFormat) -> bytes:
        return form.write(feed, map(form.entry, items()))

    for one in feeds.FORMATS:
        yield Planned(f"{feed.stem}.{one.ending}", inputs, partial(write, one))
