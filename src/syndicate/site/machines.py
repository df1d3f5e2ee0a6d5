"""Files for machines: where the pages are, who may look at them, and how the site is called."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from syndicate.addresses import absolute, encoded
from syndicate.markup import html_text
from syndicate.model import Publication
from syndicate.site.links import links_anywhere

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Nothing for search engines, and tokens of readers: what is answered, not published.
_PRIVATE = ("u/", "confirm/", "preferences/", "account/", "approve/", "f/", "search/")


class Place(NamedTuple):
    """A page that search engines should know: its published path, and when it last changed."""

    path: str
    changed: datetime | None = None


def sitemap(publication: Publication, places: Iterable[tuple[str, datetime | None]]) -> str:
    """Write a sitemap of at most 50,000 pages (sitemaps.org, 0.9): each a Place, or a tuple of the same."""
    return _document("urlset", _listed("url", publication, places))


def sitemap_index(publication: Publication, paths: Sequence[str]) -> str:
    """Write the list of several sitemaps."""
    return _document("sitemapindex", _listed("sitemap", publication, map(Place, paths)))


def _document(name: str, lines: Iterable[str]) -> str:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{_SPACE}">\n'
    return f"{head}{''.join(lines)}</{name}>\n"


def _listed(
    name: str, publication: Publication, places: Iterable[tuple[str, datetime | None]]
) -> Iterator[str]:
    root = html_text(absolute(publication.base_url, ""))
    for changed, some in groupby(places, itemgetter(1)):  # to write a time costs more than the rest
        moment = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        for path, _ in some:
            yield f"<{name}><loc>{root}{encoded(path)}</loc>{moment}</{name}>\n"


def robots(publication: Publication) -> str:
    """Write robots.txt (RFC 9309): pages are open, readers' own are not."""
    root = links_anywhere(publication.base_url).root
    closed = "".join(f"Disallow: {root}{path}\n" for path in _PRIVATE)
    return f"User-agent: *\n{closed}\nSitemap: {absolute(publication.base_url, 'sitemap.xml')}\n"


def manifest(publication: Publication) -> str:
    """Write the web app manifest: how the site is called on a reader's screen."""
    theme, root = publication.theme, links_anywhere(publication.base_url).root
    said = {
        "name": publication.title,
        "short_name": publication.title,
        "description": publication.description,
        "lang": publication.language,
        "start_url": root,
        "scope": root,
        "display": "browser",
        "background_color": theme.light.paper,
        "theme_color": theme.light.paper,
        "icons": [{"src": f"{root}assets/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"
