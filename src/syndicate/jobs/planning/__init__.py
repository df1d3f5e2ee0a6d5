"""Plan the published files: what each is made from, and how it is made.

A file whose inputs did not change is not made again, so that a publish costs what changed. One
module plans one kind of file.
"""

from collections.abc import Iterator

from syndicate.jobs.planning.editions import edition_pages
from syndicate.jobs.planning.feeds import feed_files
from syndicate.jobs.planning.library import Library, Planned, open_library
from syndicate.jobs.planning.lists import index_page
from syndicate.jobs.planning.pages import article_page, assets, gone_pages, not_found, series_page
from syndicate.jobs.planning.pictures import picture_files

__all__ = ["Library", "Planned", "open_library", "plan"]


def plan(library: Library) -> Iterator[Planned]:
    """Yield every file of the publication: what is linked to before what links to it."""
    yield from assets(library)
    yield from picture_files(library)
    for row in library.rows:
        yield article_page(library, row)
    yield from gone_pages(library)
    for number in library.series:
        yield series_page(library, number)
    yield from edition_pages(library)
    yield not_found(library)
    yield index_page(library)
    yield from feed_files(library)
