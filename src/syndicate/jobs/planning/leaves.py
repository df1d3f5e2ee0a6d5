"""Long lists cut into pages that stay as they are.

Pages are numbered from the oldest: what is new is put on the first page alone, until that is long
enough to give its older part away. So a list of 10,000 costs one page when one thing comes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

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
    parted = [
        lines[place : place + LEAF] for place in range(start, len(lines), LEAF)
    ]  # the newest of them first, which has the greatest number
    known = tuple(
        Leaf(f"{listing.folder}page-{full - place}/", some[-1].date, some[0].date)
        for place, some in enumerate(parted)
    )
    yield _page(library, replace(listing, lines=tuple(lines[:start]), leaves=known), rows)
    for place, (leaf, some) in enumerate(zip(known, parted, strict=True)):
        older = known[place + 1 : place + 2]
        newer = known[place - 1].path if place else listing.folder
        one = replace(listing, count=len(some), lines=tuple(some), leaves=older)
        yield _page(library, replace(one, here=leaf, newer=newer))


def _page(library: Library, listing: Listing, rows: Sequence[Row] = ()) -> Planned:
    def draw() -> str:
        shown = replace(listing, entries=library.load(rows))
        return site.list_page(library.about, shown, library.environment)

    inputs = library.inputs("list", listing, [library.mark(row) for row in rows])
    return library.page(f"{listing.path}index.html", inputs, draw)
