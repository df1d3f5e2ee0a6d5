"""The pages of articles and series, and what every page needs."""

from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import groupby

from syndicate import addresses, site
from syndicate.jobs.planning.gate import pass_article
from syndicate.jobs.planning.library import Bundle, Library, Planned
from syndicate.jobs.planning.said import HUNDRED
from syndicate.store import removal
from syndicate.store.articles import Row


def assets(library: Library) -> Iterator[Planned]:
    """The files that every page uses."""
    for path, data in site.assets(library.environment, library.about.theme).items():
        yield Planned(path, library.inputs(sha256(data).hexdigest()), partial(bytes, data))


def logo(library: Library) -> Iterator[Planned]:
    """The logo alone: letters show it, also where there is no site."""
    if one := library.about.theme.logo:
        yield Planned(one.path, library.inputs(one.digest), partial(bytes, one.data))


def article_pages(library: Library) -> Iterator[Bundle]:
    """The pages of articles, a hundred numbers together: the newest first."""
    newest = reversed(library.standing.rising)
    for hundred, some in groupby(newest, lambda number: number // HUNDRED):
        yield _hundred(library, hundred, list(some))


def _hundred(library: Library, hundred: int, numbers: Sequence[int]) -> Bundle:
    def inputs() -> str:
        others = [library.versions[one] for one in numbers if one in library.versions]
        return library.inputs("articles", library.said().hundreds[hundred], others)

    def files() -> Iterator[Planned]:
        return (article_page(library, row) for row in library.rows.of(numbers))

    return Bundle(f"articles/{hundred}", inputs, files)


def article_page(library: Library, row: Row) -> Planned:
    """The page of an article, which knows the series around it, and its versions."""
    versions = [
        site.Version(one.language, addresses.article_path(one.slug))
        for one in library.versions.get(row.id, ())
    ]

    def draw() -> str:
        entry = library.load_one(row)
        page = partial(site.article_page, library.about, entry, library.environment, versions)
        return pass_article(entry, page)

    path = addresses.article_path(row.slug)
    inputs = library.inputs("article", library.mark(row), versions)
    return library.page(f"{path}index.html", inputs, draw, article=row)


def gone_pages(library: Library) -> Iterator[Planned]:
    """What stands in the place of each article that was taken down: it is answered with 410."""
    for down in removal.down(library.tx):
        yield _gone(library, down)


def _gone(library: Library, down: removal.Down) -> Planned:
    def draw() -> str:
        return site.gone_page(library.about, library.environment, down.language)

    path = f"{addresses.article_path(down.slug)}{addresses.GONE}"
    return library.page(path, library.inputs("gone", down.language), draw)


def series_page(library: Library, number: int) -> Planned:
    """The page of a series."""
    one = library.series[number]
    numbers = (part.article_id for part in one.parts if part.article_id in library.standing)
    rows = list(library.rows.of(number for number in numbers if number))

    def draw() -> str:
        entries = library.load(rows)
        return site.series_page(library.about, one, entries, library.environment)

    path = addresses.series_path(one.slug)
    inputs = library.inputs("series", one, rows)
    return library.page(f"{path}index.html", inputs, draw)


def not_found(library: Library) -> Planned:
    """What is answered where nothing is."""
    draw = partial(site.not_found_page, library.about, library.environment)
    return library.page("404.html", library.inputs("404"), draw)
