"""Files for machines: sitemap.xml, robots.txt, and the web app manifest."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain, islice

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
    """One sitemap, or one for each so many pages and a list of them."""

    def places(start: int) -> Iterator[tuple[str, datetime | None]]:
        updates = articles.updates(library.tx)  # of very many: no Place is made of each
        pages = ((addresses.article_path(slug), changed) for slug, changed in updates)
        return islice(chain(pages, others), start, start + site.LARGEST)

    def draw(start: int) -> bytes:
        return site.sitemap(library.about, places(start)).encode()

    inputs = library.inputs("sitemap", library.said().places, others)
    starts = range(0, len(library.rows) + len(others), site.LARGEST)
    if len(starts) == 1:
        yield Planned("sitemap.xml", inputs, partial(draw, 0))
        return
    paths = [f"sitemap-{number}.xml" for number in range(1, len(starts) + 1)]
    for path, start in zip(paths, starts, strict=True):
        yield Planned(path, inputs, partial(draw, start))
    listed = partial(site.sitemap_index, library.about, paths)
    yield Planned("sitemap.xml", library.inputs("sitemaps", paths), lambda: listed().encode())
