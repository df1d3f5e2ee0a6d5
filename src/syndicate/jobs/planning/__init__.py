"""Plan the published files: what each is made from, and how it is made.

A file whose inputs did not change is not made again, so that a publish costs what changed. One
module plans one kind of file.
"""

from collections.abc import Iterator, Sequence

from syndicate.jobs.planning.archives import archive_files
from syndicate.jobs.planning.editions import Shown, edition_lines, edition_pages, shown_editions
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

__all__ = ["Library", "Made", "Planned", "open_library", "plan", "stages"]


def plan(library: Library) -> Iterator[Planned]:
    """Yield every file of the publication: what is linked to before what links to it."""
    for stage in stages(library):
        yield from stage


def stages(library: Library) -> Iterator[Iterator[Planned]]:
    """Yield the files in stages: those of one link to nothing that comes in a later one."""
    yield picture_files(library)
    if library.about.site == "on":
        shown = shown_editions(library)
        yield _pages(library, shown)
        yield _lists(library, shown)
    else:
        yield logo(library)
    yield archive_files(library)
    yield feed_files(library)


def _pages(library: Library, shown: Sequence[Shown]) -> Iterator[Planned]:
    yield from assets(library)
    for row in library.rows:
        yield article_page(library, row)
    yield from gone_pages(library)
    for number in library.series:
        yield series_page(library, number)
    yield from edition_pages(library, shown)


def _lists(library: Library, shown: Sequence[Shown]) -> Iterator[Planned]:
    yield from list_pages(library)
    yield from search_files(library)
    yield not_found(library)
    yield from machine_files(library, edition_lines(library, shown))
    yield front_page(library, edition_lines(library, shown))
