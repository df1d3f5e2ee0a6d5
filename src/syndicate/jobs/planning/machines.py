"""Files for machines: sitemap.xml, robots.txt, and the web app manifest."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from syndicate import addresses, site
from syndicate.jobs.planning.library import Library, Planned
from syndicate.site import Line, Place


def machine_files(library: Library, editions: Sequence[Line]) -> Iterator[Planned]:
    """What search engines and browsers ask for."""
    yield from _sitemaps(library, _places(library, editions))
    yield _about(library, "robots.txt", site.robots)
    yield _about(library, "manifest.webmanifest", site.manifest)


def _about(library: Library, path: str, write: Callable[..., str]) -> Planned:
    return Planned(path, library.inputs(path), lambda: write(library.about).encode())


def _places(library: Library, editions: Sequence[Line]) -> list[Place]:
    """The pages that search engines should know, those that stand longest first."""
    articles = [Place(addresses.article_path(one.slug), one.updated) for one in library.rows]
    series = [Place(addresses.series_path(one.slug)) for one in library.series.values()]
    shelves = [Place(one.path, one.rows[0].published) for one in library.shelves]
    issues = [Place(one.path, one.date) for one in editions]
    return [
        *reversed(articles),
        *series,
        *reversed(issues),
        *shelves,
        Place(site.ARCHIVE),
        Place(""),
    ]


def _sitemaps(library: Library, places: Sequence[Place]) -> Iterator[Planned]:
    """One sitemap, or one for each so many pages and a list of them."""
    largest = site.LARGEST
    parts = [places[start : start + largest] for start in range(0, len(places), largest)]
    if len(parts) == 1:
        yield _sitemap(library, "sitemap.xml", places)
        return
    paths = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for path, some in zip(paths, parts, strict=True):
        yield _sitemap(library, path, some)
    listed = partial(site.sitemap_index, library.about, paths)
    yield Planned("sitemap.xml", library.inputs("sitemaps", paths), lambda: listed().encode())


def _sitemap(library: Library, path: str, places: Sequence[Place]) -> Planned:
    inputs = library.inputs("sitemap", places)
    return Planned(path, inputs, lambda: site.sitemap(library.about, places).encode())
