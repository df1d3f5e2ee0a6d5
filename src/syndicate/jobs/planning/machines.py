"""Files for machines: sitemap.xml, robots.txt, and the web app manifest."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

from syndicate import addresses, site
from syndicate.jobs.planning.library import Library, Planned
from syndicate.jobs.planning.numbered import Numbered
from syndicate.site import Line, Place
from syndicate.store import articles


def machine_files(library: Library, editions: Sequence[Line]) -> Iterator[Planned]:
    """What search engines and browsers ask for."""
    yield from _sitemaps(library, *_places(library, editions))
    yield _about(library, "robots.txt", site.robots)
    yield _about(library, "manifest.webmanifest", site.manifest)


def _about(library: Library, path: str, write: Callable[..., str]) -> Planned:
    return Planned(path, library.inputs(path), lambda: write(library.about).encode())


def _places(library: Library, editions: Sequence[Line]) -> tuple[Numbered[Place], Sequence[Place]]:
    """The pages that search engines should know, those that stand longest first: articles, and the others."""

    def read(some: Sequence[int]) -> Sequence[Place]:
        found = articles.updates(library.tx, some)
        return [Place(addresses.article_path(slug), changed) for slug, changed in found]

    standing = Numbered(library.rows.numbers[::-1], read)
    series = [Place(addresses.series_path(one.slug)) for one in library.series.values()]
    shelves = [Place(one.path, one.rows[0].published) for one in library.shelves]
    issues = [Place(one.path, one.date) for one in editions]
    return standing, [*series, *reversed(issues), *shelves, Place(site.ARCHIVE), Place("")]


def _sitemaps(
    library: Library, standing: Numbered[Place], others: Sequence[Place]
) -> Iterator[Planned]:
    """One sitemap, or one for each so many pages and a list of them."""
    largest = site.LARGEST

    def part(start: int) -> Iterator[Place]:
        after = others[max(0, start - len(standing)) :]
        return islice(chain(standing[start : start + largest], after), largest)

    inputs = library.inputs("sitemap", library.said().places, others)
    parts = [partial(part, at) for at in range(0, len(standing) + len(others), largest)]
    if len(parts) == 1:
        yield _sitemap(library, "sitemap.xml", inputs, parts[0])
        return
    paths = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for path, places in zip(paths, parts, strict=True):
        yield _sitemap(library, path, inputs, places)
    listed = partial(site.sitemap_index, library.about, paths)
    yield Planned("sitemap.xml", library.inputs("sitemaps", paths), lambda: listed().encode())


def _sitemap(
    library: Library, path: str, inputs: str, places: Callable[[], Iterator[Place]]
) -> Planned:
    return Planned(path, inputs, lambda: site.sitemap(library.about, places()).encode())
