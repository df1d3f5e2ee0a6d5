"""The pages that list articles and series."""

from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256

from syndicate import addresses, site
from syndicate.jobs.planning.leaves import leaves
from syndicate.jobs.planning.library import Bundle, Library, Planned, loose
from syndicate.jobs.planning.numbered import Numbered
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


def list_pages(library: Library) -> Iterator[Bundle]:
    """The lists of all articles, of each tag and language, of series and of tags."""
    language, rows = library.about.language, library.rows
    yield _articles(library, Listing("archive", "", site.ARCHIVE, language, len(rows)), rows, ())
    for shelf in library.shelves:
        newest = list(shelf.rows[:NEWEST])
        listing = Listing(shelf.kind, shelf.name, shelf.path, shelf.language, len(shelf.rows))
        yield _articles(library, listing, shelf.rows[NEWEST:], newest)
    if series := _series_lines(library):
        listing = Listing("series", "", site.SERIES, language, len(series))
        yield loose(leaves(library, listing, series))
    yield loose(_tags_page(library))


def _articles(
    library: Library, listing: Listing, others: Numbered[Row], newest: Sequence[Row]
) -> Bundle:
    """The pages of a list: the `newest` articles with their summaries, all others by their titles."""

    def inputs() -> str:
        marks = [library.mark(row) for row in newest]
        order = sha256(others.numbers).hexdigest()
        return library.inputs(listing, marks, library.said().lines, library.all_series, order)

    lines = others.map(partial(_line, library))
    return Bundle(f"list/{listing.path}", inputs, partial(leaves, library, listing, lines, newest))


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
