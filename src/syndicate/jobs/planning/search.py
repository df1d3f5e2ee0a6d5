"""The search page and its index: an article that changes costs the block that it is in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import groupby

from syndicate import site
from syndicate.jobs.planning.library import Bundle, Library, Planned, loose
from syndicate.site import Block
from syndicate.store.articles import Row


def search_files(library: Library) -> Iterator[Bundle]:
    """The index, then the page that asks it."""
    blocks = [
        (number, library.rows.of(some))
        for number, some in groupby(library.standing.rising, lambda one: one // site.BLOCK)
    ]
    known = []
    for number, rows in reversed(blocks):
        known.append(site.block_of(number, len(rows)))
        yield _bundle(library, known[-1], rows)

    draw = partial(site.search_page, library.about, known, library.environment)
    page = library.page(f"{site.SEARCH}index.html", library.inputs("search", known), draw)
    yield loose(iter([page]))


def _bundle(library: Library, block: Block, rows: Sequence[Row]) -> Bundle:
    def inputs() -> str:
        return library.inputs(block, library.said().blocks[block.number])

    def files() -> Iterator[Planned]:
        return _block(library, block, rows, inputs())

    return Bundle(f"{site.SEARCH}{block.number}", inputs, files)


def _block(library: Library, block: Block, rows: Sequence[Row], inputs: str) -> Iterator[Planned]:
    """The files of a block, all made at once when the first of them is asked for."""
    made = cache(lambda: site.block_files(block, library.load(rows)))
    for path in site.block_paths(block, len(rows)):
        yield Planned(path, inputs, partial(_file, made, path))


def _file(made: Callable[[], Mapping[str, bytes]], path: str) -> bytes:
    return made()[path]
