"""The pages that list articles and series."""

from collections.abc import Iterator, Sequence
from functools import partial

from syndicate import addresses, site
from syndicate.jobs.planning.leaves import leaves
from syndicate.jobs.planning.library import Library, Planned
from syndicate.jobs.planning.shelves import Shelf
from syndicate.model import Series
from syndicate.site import Line, Listing, Sign
from syndicate.store.articles import Row

FRONT = 20  # newest articles on the front page
NEWEST = 20  # articles that a list shows with their summaries
FEW = 10  # series, tags and editions on the front page
TAGS = 1000  # tags on the page of all tags: those of the most articles


def front_page(library: Library, editions: Sequence[Line]) -> Planned:
    """The front page: the newest articles, and where everything else is found."""
    newest = list(library.rows[:FRONT])
    series = tuple(_series_lines(library)[:FEW])
    signs = _signs(library, "tag")[:FEW], _signs(library, "language")

    def draw() -> str:
        front = site.Front(
            entries=library.load(newest),
            series=series,
            tags=signs[0],
            languages=signs[1],
            editions=tuple(editions[:FEW]),
            more=len(library.rows) > FRONT,
        )
        return site.index_page(library.about, front, library.environment)

    inputs = library.inputs(
        "front",
        [library.mark(row) for row in newest],
        series,
        signs,
        editions[:FEW],
        len(library.rows) > FRONT,
    )
    return library.page("index.html", inputs, draw)


def list_pages(library: Library) -> Iterator[Planned]:
    """The lists of all articles, of each tag and language, of series and of tags."""
    language = library.about.language
    archive = Listing("archive", "", site.ARCHIVE, language, len(library.rows))
    yield from leaves(library, archive, library.rows.map(partial(_line, library)))
    for shelf in library.shelves:
        yield from _shelf_pages(library, shelf)
    if series := _series_lines(library):
        yield from leaves(
            library, Listing("series", "", site.SERIES, language, len(series)), series
        )
    yield from _tags_page(library)


def _shelf_pages(library: Library, shelf: Shelf) -> Iterator[Planned]:
    """The newest articles with their summaries, all others by their titles."""
    others = shelf.rows[NEWEST:].map(partial(_line, library))
    listing = Listing(shelf.kind, shelf.name, shelf.path, shelf.language, len(shelf.rows))
    yield from leaves(library, listing, others, list(shelf.rows[:NEWEST]))


def _line(library: Library, row: Row) -> Line:
    """An article as a line of a list."""
    series = library.series.get(row.series_id) if row.series_id else None
    return Line(
        title=row.title,
        path=addresses.article_path(row.slug),
        language=row.language,
        date=row.published,
        part=row.part if series else None,
        total=series.total if series else None,
    )


def _series_lines(library: Library) -> list[Line]:
    """Every series, that of the newest article first."""
    newest = library.rows.of(some[0] for some in library.by_series.values())
    return [
        _series_line(library.series[number], row)
        for number, row in zip(library.by_series, newest, strict=True)
        if number in library.series
    ]


def _series_line(series: Series, newest: Row) -> Line:
    path = addresses.series_path(series.slug)
    return Line(series.title, path, newest.language, newest.published, total=series.total)


def _signs(library: Library, kind: str) -> tuple[Sign, ...]:
    """What articles have in common, that of the most articles first."""
    some = [one for one in library.shelves if one.kind == kind]
    if kind == "tag":
        found = [Sign(one.name, one.path, len(one.rows)) for one in some]
    else:
        found = [Sign(site.own_name(one.name), one.path, len(one.rows), one.name) for one in some]
    return tuple(sorted(found, key=lambda sign: -sign.count))


def _tags_page(library: Library) -> Iterator[Planned]:
    tags = sorted(_signs(library, "tag")[:TAGS], key=lambda sign: addresses.folded(sign.name))

    if tags:
        draw = partial(site.tags_page, library.about, tags, library.environment)
        yield library.page(f"{site.TAGS}index.html", library.inputs("tags", tags), draw)
