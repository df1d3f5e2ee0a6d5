"""The pages that the program answers itself; they are never files (MAIL.md, "Consent")."""

from typing import Any

from jinja2 import Environment

from syndicate.addresses import unsubscribe_path
from syndicate.language import catalogue
from syndicate.model import Publication
from syndicate.site.links import links_anywhere, whole_feeds
from syndicate.site.render import render


def unsubscribe_page(
    publication: Publication,
    newsletter_title: str,
    token: str,
    environment: Environment,
    language: str,
) -> str:
    """Ask before unsubscribing: a button that posts, since GET changes nothing."""
    return _answer(
        environment,
        "unsubscribe.html",
        publication,
        language,
        newsletter_title=newsletter_title,
        action=links_anywhere(publication.base_url).to(unsubscribe_path(token)),
    )


def unsubscribed_page(
    publication: Publication, newsletter_title: str, environment: Environment, language: str
) -> str:
    """Say that no more letters will come: the same for every address, known or not."""
    return _answer(
        environment, "unsubscribed.html", publication, language, newsletter_title=newsletter_title
    )


def problem_page(
    publication: Publication, message: str, environment: Environment, language: str
) -> str:
    """Say what went wrong; `message` is an error's English text, translated where we can."""
    text = catalogue(language).gettext(message) if message else ""  # "" is the catalogue's header
    return _answer(environment, "problem.html", publication, language, message=text)


def _answer(
    environment: Environment,
    template: str,
    publication: Publication,
    language: str,
    **context: Any,
) -> str:
    links = links_anywhere(publication.base_url)
    feeds = whole_feeds(links, publication)
    return render(
        environment,
        template,
        publication,
        language=language,
        links=links,
        feeds=feeds,
        **context,
    )
