"""The feeds of everything, and of each series; each in every format."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from syndicate import addresses, feeds
from syndicate.jobs.planning.library import Library, Planned
from syndicate.model import Feed
from syndicate.store.articles import Row


def feed_files(library: Library) -> Iterator[Planned]:
    """The feeds of everything, and of each series; each in every format."""
    about = library.about
    yield from _formats(library, library.rows, about.title, "", about.language)
    by_series: dict[int, list[Row]] = {}
    for row in library.rows:
        if row.series_id is not None:
            by_series.setdefault(row.series_id, []).append(row)
    for number, rows in by_series.items():
        one = library.series[number]
        yield from _formats(
            library, rows, one.title, addresses.series_path(one.slug), rows[0].language
        )


def _formats(
    library: Library, rows: Sequence[Row], title: str, page_path: str, language: str
) -> Iterator[Planned]:
    window = rows[: feeds.WINDOW]
    inputs = library.inputs(
        "feed", title, page_path, language, [library.mark(row) for row in window]
    )

    def feed() -> Feed:
        return Feed(
            uid=addresses.tag_uri(
                library.origin.authority, library.origin.day, page_path or "feed"
            ),
            title=title,
            description=library.about.description,
            language=language,
            author=library.about.author,
            base_url=library.about.base_url,
            page_path=page_path,
            stem=f"{page_path}feed",
            entries=library.load(window),
        )

    for one in feeds.FORMATS:
        yield Planned(f"{page_path}feed.{one.ending}", inputs, partial(_written, one, feed))


def _written(form: feeds.FeedFormat, feed: Callable[[], Feed]) -> bytes:
    return form.write(feed())
