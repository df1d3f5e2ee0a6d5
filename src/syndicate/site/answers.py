"""The pages that the program answers itself; they are never files (MAIL.md, "Consent")."""

from typing import Any

from jinja2 import Environment

from syndicate.model import Publication
from syndicate.site.links import links_anywhere, whole_feeds
from syndicate.site.render import render


def answer(
    publication: Publication,
    template: str,
    environment: Environment,
    language: str,
    *,
    languages: tuple[tuple[str, str, str], ...] = (),
    **context: Any,
) -> str:
    """Render `web/TEMPLATE`, whose links work at any path.

    `languages` are those that the page can be read in otherwise: code, name and address of each.
    """
    links = links_anywhere(publication.base_url)
    return render(
        environment,
        template,
        publication,
        language=language,
        links=links,
        feeds=whole_feeds(links, publication),
        canonical=None,
        languages=languages,
        **context,
    )
