"""Plan the published files: what each is made from, and how it is made.

A file whose inputs did not change is not made again, so that a publish costs what changed. One
module plans one kind of file.
"""

from collections.abc import Iterator

from syndicate.jobs.planning.editions import edition_lines, edition_pages, shown_editions
from syndicate.jobs.planning.feeds import feed_files
from syndicate.jobs.planning.library import Library, Made, Planned, open_library
from syndicate.jobs.planning.lists import front_page, list_pages
from syndicate.jobs.planning.machines import machine_files
from syndicate.jobs.planning.pages import (
    article_page,
    assets,
    gone_pages,
    logo,
    not_found,
    series_page,
)
from syndicate.jobs.planning.pictures import picture_files
from syndicate.jobs.planning.search import search_files

__all__ = ["Library", "Made", "Planned", "open_library", "plan"]


def plan(library: Library) -> Iterator[Planned]:
    """Yield every file of the publication: what is linked to before what links to it."""
    yield from picture_files(library)
    if library.about.site == "on":
        yield from _site(library)
    else:
        yield from logo(library)
    yield from feed_files(library)


def _site(library: Library) -> Iterator[Planned]:
    shown = shown_editions(library)
    yield from assets(library)
    for row in library.rows:
        yield article_page(library, row)
    yield from gone_pages(library)
    for number in library.series:
        yield series_page(library, number)
    yield from edition_pages(library, shown)
    yield from list_pages(library)
    yield from search_files(library)
    yield not_found(library)
    yield from machine_files(library, edition_lines(library, shown))
    yield front_page(library, edition_lines(library, shown))
