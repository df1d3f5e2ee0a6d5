"""Files for machines: sitemaps, robots.txt, and the web app manifest."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from syndicate import addresses, site
from syndicate.jobs.planning.library import Library, Planned
from syndicate.site import Line, Place
from syndicate.store import articles


def machine_files(library: Library, editions: Sequence[Line]) -> Iterator[Planned]:
    """What search engines and browsers ask for."""
    yield from _sitemaps(library, _others(library, editions))
    yield _about(library, "robots.txt", site.robots)
    yield _about(library, "manifest.webmanifest", site.manifest)


def _about(library: Library, path: str, write: Callable[..., str]) -> Planned:
    return Planned(path, library.inputs(path), lambda: write(library.about).encode())


def _others(library: Library, editions: Sequence[Line]) -> Sequence[Place]:
    """The pages besides those of articles that search engines should know, those that stand longest first."""
    series = [Place(addresses.series_path(one.slug)) for one in library.series.values()]
    newest = library.rows.of(one.rows.numbers[0] for one in library.shelves)
    shelves = [
        Place(one.path, row.published) for one, row in zip(library.shelves, newest, strict=True)
    ]
    issues = [Place(one.path, one.date) for one in editions]
    return [*series, *reversed(issues), *shelves, Place(site.ARCHIVE), Place("")]


def _sitemaps(library: Library, others: Sequence[Place]) -> Iterator[Planned]:
    """One sitemap; where there are many pages one for each block of articles, and a list of them.

    What changed costs the block that it is in.
    """
    blocks = list(library.said().places)
    if len(library.rows) + len(others) <= site.BLOCK:
        yield _sitemap(library, "sitemap.xml", blocks, others)
        return
    parts = [_sitemap(library, f"sitemap-{block + 1}.xml", [block], ()) for block in blocks]
    for number, start in enumerate(range(0, len(others), site.BLOCK), 1):
        some = others[start : start + site.BLOCK]
        parts.append(_sitemap(library, f"sitemap-lists-{number}.xml", (), some))
    yield from parts
    paths = [one.path for one in parts]
    listed = library.inputs("sitemaps", paths)
    yield Planned("sitemap.xml", listed, lambda: site.sitemap_index(library.about, paths).encode())


def _sitemap(
    library: Library, path: str, blocks: Sequence[int], others: Sequence[Place]
) -> Planned:
    """A sitemap of the articles of some blocks, and of other pages."""

    def draw() -> bytes:
        updates = chain.from_iterable(
            articles.updates(library.tx, block * site.BLOCK, (block + 1) * site.BLOCK)
            for block in blocks
        )
        pages = ((addresses.article_path(slug), changed) for slug, changed in updates)
        return site.sitemap(library.about, chain(pages, others)).encode()

    said = [library.said().places[block] for block in blocks]
    return Planned(path, library.inputs("sitemap", said, others), draw)
