"""The pages that are published as files (ARCHITECTURE.md, "Published files")."""

from collections.abc import Iterable, Sequence

from jinja2 import Environment
from msgspec import Struct

from syndicate.addresses import absolute, article_path, series_path, sign_up, tag_key, tag_path
from syndicate.language import own_name
from syndicate.markup import web_address
from syndicate.model import Digest, Entry, Publication, Series
from syndicate.site.card import Card, article_card, series_card
from syndicate.site.links import links_anywhere, links_from, series_feeds, whole_feeds
from syndicate.site.render import render


class Version(Struct, frozen=True):
    """An article in one of the languages that it exists in: where its page is."""

    language: str
    path: str

    @property
    def name(self) -> str:
        """What its language calls itself."""
        return own_name(self.language)


def article_page(
    publication: Publication,
    entry: Entry,
    environment: Environment,
    versions: Sequence[Version] = (),
) -> str:
    """Write `articles/SLUG/index.html`, in the article's language.

    `versions` are all its versions in several languages, itself among them.
    """
    path = article_path(entry.slug)
    links = links_from(path)
    feeds = whole_feeds(links, publication)
    canonical = _source(publication, entry) or absolute(publication.base_url, path)
    return render(
        environment,
        "article.html",
        publication,
        language=entry.article.language,
        links=links,
        feeds=feeds + series_feeds(links, entry.series) if entry.series else feeds,
        canonical=canonical,
        card=article_card(publication, entry, canonical),
        entry=entry,
        versions=versions,
        tags=[
            (name, tag_path(tag_key(name))) for name in entry.article.metadata.tags if tag_key(name)
        ],
    )


def series_page(
    publication: Publication,
    series: Series,
    entries: Iterable[Entry],
    environment: Environment,
) -> str:
    """Write `series/SLUG/index.html`: every part, with date and summary where `entries` has it."""
    path = series_path(series.slug)
    links, found = links_from(path), {entry.article_id: entry for entry in entries}
    languages = [entry.article.language for entry in found.values()]
    first = found.get(series.parts[0].article_id or 0)
    description = (first.article.summary if first else None) or ""
    return render(
        environment,
        "series.html",
        publication,
        language=languages[0] if languages else publication.language,
        links=links,
        feeds=series_feeds(links, series),
        canonical=absolute(publication.base_url, path),
        card=series_card(publication, series, description),
        sign_up=sign_up(publication.base_url, path) if publication.letters else None,
        series=series,
        found=found,
    )


def edition_page(publication: Publication, digest: Digest, environment: Environment) -> str:
    """Write `editions/NEWSLETTER/NUMBER/index.html`, the web version of what was mailed."""
    links = links_from("editions/NEWSLETTER/NUMBER/")
    return render(
        environment,
        "edition.html",
        publication,
        language=digest.language,
        links=links,
        feeds=whole_feeds(links, publication),
        canonical=digest.address,
        card=Card(digest.newsletter_title, digest.preheader),
        digest=digest,
    )


def not_found_page(publication: Publication, environment: Environment) -> str:
    """Write `404.html`, which is answered at any path."""
    links = links_anywhere(publication.base_url)
    return render(
        environment,
        "not_found.html",
        publication,
        language=publication.language,
        links=links,
        feeds=whole_feeds(links, publication),
    )


def gone_page(publication: Publication, environment: Environment, language: str) -> str:
    """Write what stands where an article was taken down, in the article's language."""
    links = links_anywhere(publication.base_url)
    return render(
        environment,
        "gone.html",
        publication,
        language=language,
        links=links,
        feeds=whole_feeds(links, publication),
    )


def _source(publication: Publication, entry: Entry) -> str | None:
    """The original address, where the publication's links go there (FEEDS.md, "links")."""
    original = entry.article.metadata.canonical
    return web_address(original) if publication.links == "source" and original else None
