"""A template and its context -> a page."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from jinja2 import Environment
from markupsafe import Markup

from syndicate.addresses import SUBSCRIBE, absolute, article_path, series_path
from syndicate.language import Catalogue, catalogue
from syndicate.markup import article_body, draw, overview, parts, xml_text
from syndicate.model import Article, Publication
from syndicate.site.assets import marks
from syndicate.site.card import Card
from syndicate.site.links import Alternate, Links


def render(
    environment: Environment,
    template: str,
    publication: Publication,
    *,
    language: str,
    links: Links,
    feeds: tuple[Alternate, ...],
    canonical: str | None = None,
    card: Card | None = None,
    **context: object,
) -> str:
    """Render `web/TEMPLATE` in `language` (BCP 47), or in English where we have no such words.

    `card` is what the page tells machines of itself, None for a page that they are not to keep.

    What an HTML document cannot hold is dropped from all of it at once. Raises TemplateRefused.
    """
    sign_up = absolute(publication.base_url, SUBSCRIBE) if publication.letters else None
    page = {"feeds": feeds, "canonical": canonical, "card": card, "sign_up": sign_up, **context}
    alike = _alike(environment, publication, language, links, page["sign_up"])
    text = draw(environment, f"web/{template}", {**alike, **page})
    return xml_text(text).strip() + "\n"


@lru_cache(maxsize=64)
def _alike(
    environment: Environment, publication: Publication, language: str, links: Links, sign_up: object
) -> Mapping[str, object]:
    """What templates are told alike on all pages of one language at one depth; `parts` is drawn of it."""
    words = catalogue(language)
    means = {
        "publication": publication,
        "language": _tag(language, words),
        **_addresses(environment, publication, links),
        **_words(words, publication.zone, links),
    }
    drawn = parts(environment, "web/parts.html", {**means, "sign_up": sign_up})
    return {**means, "parts": drawn}


def _addresses(
    environment: Environment, publication: Publication, links: Links
) -> dict[str, object]:
    """How templates write addresses."""
    known = marks(environment, publication.theme)
    return {
        "link": links.to,
        "asset": lambda name: f"{links.to(f'assets/{name}')}?v={known[name]}",
        "article_path": article_path,
        "series_path": series_path,
        "absolute": partial(absolute, publication.base_url),
    }


def _words(words: Catalogue, zone: str, links: Links) -> dict[str, object]:
    """How templates write what is said, and texts."""
    return {
        "date": partial(words.date, zone=zone),
        "month": partial(words.month, zone=zone),
        "body": lambda article: _body(article, words, links.to),
        "overview": _overview,
        "_": words.gettext,
        "ngettext": words.ngettext,
    }


def _tag(language: str, words: Catalogue) -> str:
    """The tag of the page's own words: as precise as was asked for, if it is that language."""
    asked = language.replace("_", "-")
    return asked if asked.split("-")[0].lower() == words.language else words.language


def _body(article: Article, words: Catalogue, to: Callable[[str], str]) -> Markup:
    return Markup(article_body(article, words.gettext, words.date, to))  # noqa: S704 - escaped there


def _overview(article: Article) -> Markup:
    return Markup(overview(article))  # noqa: S704 - escaped there
