"""A publication's own templates, tried on sample articles before readers see what is wrong with them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

from syndicate import site
from syndicate.errors import TemplateRefused
from syndicate.jobs.check import Finding
from syndicate.jobs.sample import sample_entries
from syndicate.model import Digest, DigestGroup, DigestItem, Publication
from syndicate.site import Front, Leaf, Line, Listing, Sign

_TRIED = (".html", ".txt", ".css", ".svg", ".js")


def broken_templates(
    about: Publication, environment: Environment, own: Path, now: datetime
) -> Iterator[Finding]:
    """Name each file of `own`, the publication's templates, that cannot be read, and each page that fails.

    Where nothing is overridden nothing is tried.
    """
    files = sorted(one for one in own.rglob("*") if one.suffix in _TRIED)
    names = [one.relative_to(own).as_posix() for one in files]
    found = [_finding(own, *one) for one in _unreadable(environment, names)]
    if not found and any(name.startswith("web/") for name in names):
        found = [_finding(own, *one) for one in _failing(about, environment, now)]
    yield from dict.fromkeys(found)


def _finding(own: Path, name: str, reason: str) -> Finding:
    return Finding(
        f"{own.name}/{name}",
        "template",
        f"{reason.rstrip('.')}. Mend the file, or remove it.",
        "error",
    )


def _unreadable(environment: Environment, names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        try:
            environment.get_template(name)
        except TemplateSyntaxError as error:
            yield name, f"line {error.lineno}: {error.message}"
        except UnicodeDecodeError:
            yield name, "this is not UTF-8 text"


def _failing(
    about: Publication, environment: Environment, now: datetime
) -> Iterator[tuple[str, str]]:
    """Make a page of each kind from samples."""
    for name, make in _pages(about, environment, now).items():
        try:
            site.examine(make().encode(), name, about.base_url)
        except TemplateRefused as error:
            yield f"web/{name}", str(error).rstrip(".")


def _pages(
    about: Publication, environment: Environment, now: datetime
) -> dict[str, Callable[[], str]]:
    entries = sample_entries(now)
    first = entries[0]
    assert first.series is not None
    line = Line("A sample", "articles/sample-1/", "en", now, 1, 3)
    front = Front(entries, (line,), (Sign("a", "tags/a/", 1),), (), (line,), more=True)
    listing = Listing("tag", "a", "tags/a/", "en", 3, entries, (line,), (Leaf("a/", now, now),))
    items = tuple(DigestItem(one) for one in entries[:2])
    digest = Digest("Sample", 1, "en", now, (DigestGroup(first.series, items),), "Sample", "Sample")
    return {
        "index.html": partial(site.index_page, about, front, environment),
        "article.html": partial(site.article_page, about, first, environment),
        "series.html": partial(site.series_page, about, first.series, entries, environment),
        "edition.html": partial(site.edition_page, about, digest, environment),
        "list.html": partial(site.list_page, about, listing, environment),
        "tags.html": partial(site.tags_page, about, front.tags, environment),
        "search.html": partial(site.search_page, about, [site.block_of(0, 3)], environment),
        "not_found.html": partial(site.not_found_page, about, environment),
        "gone.html": partial(site.gone_page, about, environment, about.language),
    }
