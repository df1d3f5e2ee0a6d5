"""Which feeds there are, and which articles each holds: one selection for all formats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from syndicate import addresses, feeds
from syndicate.jobs.planning.library import Library
from syndicate.language import own_name
from syndicate.model import Feed
from syndicate.store.articles import Row


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed of the publication: `rows` are its articles, newest first.

    `path` is that of the web page it belongs to, and of the folder of its files ("" for everything).
    """

    title: str
    path: str
    language: str
    rows: Sequence[Row]

    def head(self, library: Library, name: str = "feed") -> Feed:
        """Return what its documents say of it; `name` is that of its files."""
        about, origin = library.about, library.origin
        page = "" if name == "feed" else name
        return Feed(
            uid=addresses.tag_uri(origin.authority, origin.day, f"{self.path}{page}" or "feed"),
            title=self.title,
            description=about.description,
            language=self.language,
            author=about.author,
            base_url=about.base_url,
            page_path=self.path if about.site == "on" else None,
            stem=f"{self.path}{name}",
            updated=max((row.updated for row in self.rows), default=None),
            hubs=about.hubs,
        )


def channels(library: Library) -> Iterator[Channel]:
    """Yield every feed: of everything, of each language, of each series, of each tag."""
    about = library.about
    yield Channel(about.title, "", about.language, library.rows[: feeds.WINDOW])
    yield from _shelves(library, "language")
    yield from _series(library)
    yield from _shelves(library, "tag")


def _shelves(library: Library, kind: str) -> Iterator[Channel]:
    for one in library.shelves:
        if one.kind == kind:
            name = own_name(one.name) if kind == "language" else one.name
            title = f"{library.about.title} · {name}"
            yield Channel(title, one.path, one.language, one.rows[: feeds.WINDOW])


def _series(library: Library) -> Iterator[Channel]:
    by_series: dict[int, list[Row]] = {}
    for row in library.rows:
        if row.series_id is not None:
            by_series.setdefault(row.series_id, []).append(row)
    for number, rows in by_series.items():
        one = library.series[number]
        path = addresses.series_path(one.slug)
        yield Channel(one.title, path, rows[0].language, rows[: feeds.WINDOW])
