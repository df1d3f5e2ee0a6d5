"""Which feeds there are, and which articles each holds: one selection for all formats."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from syndicate import addresses, feeds
from syndicate.jobs.planning.library import Library
from syndicate.jobs.planning.shelves import Shelf
from syndicate.language import own_name
from syndicate.model import Feed, Removed
from syndicate.store import archives, removal, tags
from syndicate.store.articles import Row
from syndicate.store.removal import Down

TOMBSTONES = 100  # removals that a feed tells of: as long as its window, however long ago they were


class Channel(Struct, frozen=True):
    """One feed of the publication: `rows` are its articles, newest first.

    `path` is that of the web page it belongs to, and of the folder of its files ("" for everything).
    `removed` are entries that readers should forget, `older` is the document with those before.
    """

    title: str
    path: str
    language: str
    rows: Sequence[Row]
    removed: tuple[Removed, ...] = ()
    older: str | None = None

    def head(self, library: Library, name: str = "feed") -> Feed:
        """Return what its documents say of it; `name` is that of its files."""
        about = library.about
        page = "" if name == "feed" else name
        return Feed(
            uid=library.uid(f"{self.path}{page}" or "feed"),
            title=self.title,
            description=about.description,
            language=self.language,
            author=about.author,
            base_url=about.base_url,
            page_path=self.path if about.site == "on" else None,
            stem=f"{self.path}{name}",
            updated=max((row.updated for row in self.rows), default=None),
            hubs=about.hubs,
            removed=self.removed,
            older=self.older if name == "feed" else None,  # closed documents have whole texts
            sign_up=addresses.sign_up(about.base_url, self.path) if about.letters else None,
        )


def channels(library: Library) -> Iterator[Channel]:
    """Yield every feed: of everything, of each language, of each series, of each tag."""
    gone = _gone(library)
    yield _everything(library, gone)
    for shelf in library.shelves:
        if shelf.kind == "language":
            removed = _removed(one for one in gone if one.language == shelf.name)
            yield _shelf(library, shelf, own_name(shelf.name), removed)
    yield from _series(library, gone)
    keys = tags.of(library.tx, [one.id for one in gone])
    tagged = {number: set(map(addresses.tag_path, some)) for number, some in keys.items()}
    for shelf in library.shelves:
        if shelf.kind == "tag":
            removed = _removed(one for one in gone if shelf.path in tagged.get(one.id, ()))
            yield _shelf(library, shelf, shelf.name, removed)


def _gone(library: Library) -> list[Down]:
    """The articles that were in the main feed and are down, newest withdrawal first."""
    down = removal.down(library.tx)[::-1]
    known = archives.newest(library.tx) if down else {}
    return [one for one in down if one.id in known]


def _removed(gone: Iterable[Down]) -> tuple[Removed, ...]:
    return tuple(Removed(one.uid, one.withdrawn) for one in islice(gone, TOMBSTONES))


def _everything(library: Library, gone: Sequence[Down]) -> Channel:
    """The main feed: the newest, and all that is in no closed document yet, so that nothing is missed."""
    about, last = library.about, archives.last(library.tx)
    inside = archives.inside(library.tx, last + 1)
    numbers = library.rows.numbers
    chosen = (one for place, one in enumerate(numbers) if place < feeds.WINDOW or one in inside)
    rows = list(library.rows.of(chosen))
    older = addresses.archive_stem(last) if last and about.archives else None
    return Channel(about.title, "", about.language, rows, _removed(gone), older)


def _shelf(library: Library, shelf: Shelf, name: str, removed: tuple[Removed, ...]) -> Channel:
    title = f"{library.about.title} · {name}"
    return Channel(title, shelf.path, shelf.language, list(shelf.rows[: feeds.WINDOW]), removed)


def _series(library: Library, gone: Sequence[Down]) -> Iterator[Channel]:
    for number, numbers in library.by_series.items():
        one, rows = library.series[number], list(library.rows.of(numbers[: feeds.WINDOW]))
        path = addresses.series_path(one.slug)
        removed = _removed(down for down in gone if down.series_id == number)
        yield Channel(one.title, path, rows[0].language, rows, removed)
