"""Plan the published files: what each is made from, and how it is made.

A file whose inputs did not change is not made again, so that a publish costs what changed. One
module plans one kind of file.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from syndicate.jobs.planning.archives import archive_files
from syndicate.jobs.planning.editions import Shown, edition_lines, edition_pages, shown_editions
from syndicate.jobs.planning.feeds import feed_files
from syndicate.jobs.planning.library import Bundle, Library, Made, Planned, loose, open_library
from syndicate.jobs.planning.lists import front_page, list_pages
from syndicate.jobs.planning.machines import machine_files
from syndicate.jobs.planning.pages import (
    article_pages,
    assets,
    gone_pages,
    logo,
    not_found,
    series_page,
)
from syndicate.jobs.planning.pictures import picture_files
from syndicate.jobs.planning.search import search_files

__all__ = ["Bundle", "Library", "Made", "Planned", "open_library", "stages"]


def stages(library: Library) -> Iterator[Iterator[Bundle]]:
    """Yield the files in stages: those of one link to nothing that comes in a later one."""
    yield iter([loose(picture_files(library))])
    if library.about.site == "on":
        shown = shown_editions(library)
        yield _pages(library, shown)
        yield _lists(library, shown)
    else:
        yield iter([loose(logo(library))])
    if library.about.archives:
        yield iter([archive_files(library)])
    yield iter([loose(feed_files(library))])


def _pages(library: Library, shown: Sequence[Shown]) -> Iterator[Bundle]:
    yield loose(assets(library))
    yield from article_pages(library)
    series = (series_page(library, number) for number in library.series)
    yield loose(chain(gone_pages(library), series, edition_pages(library, shown)))


def _lists(library: Library, shown: Sequence[Shown]) -> Iterator[Bundle]:
    yield from list_pages(library)
    yield from search_files(library)
    lines = edition_lines(library, shown)
    last = iter([not_found(library), front_page(library, lines)])
    yield loose(chain(machine_files(library, lines), last))
