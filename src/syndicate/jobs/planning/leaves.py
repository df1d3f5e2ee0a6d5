"""Long lists cut into pages that stay as they are.

Pages are numbered from the oldest: what is new is put on the first page alone, until that is long
enough to give its older part away. So a list of 10,000 costs one page when one thing comes.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from syndicate import site
from syndicate.jobs.planning.library import Library, Planned
from syndicate.site import Leaf, Line, Listing
from syndicate.store.articles import Row

LEAF = 100  # lines on a page: about 30 KB of HTML
_KEPT = 50  # lines that stay at least on the first page


def leaves(
    library: Library, listing: Listing, lines: Sequence[Line], rows: Sequence[Row] = ()
) -> Iterator[Planned]:
    """Plan all pages of a list, newest first: on the first one `rows` stand with their summaries."""
    full = max(0, len(lines) - _KEPT) // LEAF
    start = len(lines) - full * LEAF
    starts = range(start, len(lines), LEAF)  # the newest first, which has the greatest number
    known = tuple(
        Leaf(f"{listing.folder}page-{full - place}/", lines[at + LEAF - 1].date, lines[at].date)
        for place, at in enumerate(starts)
    )
    yield _page(library, replace(listing, leaves=known), lines[:start], rows)
    for place, (leaf, at) in enumerate(zip(known, starts, strict=True)):
        older = known[place + 1 : place + 2]
        newer = known[place - 1].path if place else listing.folder
        one = replace(listing, count=LEAF, leaves=older, here=leaf, newer=newer)
        yield _page(library, one, lines[at : at + LEAF])


def _page(
    library: Library, listing: Listing, lines: Sequence[Line], rows: Sequence[Row] = ()
) -> Planned:
    def draw() -> str:
        shown = replace(listing, entries=library.load(rows), lines=tuple(lines))
        return site.list_page(library.about, shown, library.environment)

    marks = [library.mark(row) for row in rows]
    inputs = library.inputs("list", listing, tuple(lines), marks)
    return library.page(f"{listing.path}index.html", inputs, draw)
