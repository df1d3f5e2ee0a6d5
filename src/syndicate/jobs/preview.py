"""A letter as its readers get it, or would get it if a draft were approved now; nothing is stored."""

from datetime import datetime

from jinja2 import Environment
from msgspec import Struct

from syndicate import addresses, tokens
from syndicate.digests.pattern import Field
from syndicate.digests.render import Rendered, render
from syndicate.errors import SyndicateError
from syndicate.jobs.compose import compose_items
from syndicate.jobs.editions import proof
from syndicate.model import Edition, EditionState, Item, Newsletter, Publication
from syndicate.store import variants
from syndicate.store.database import Store, Transaction

_PURPOSES = {Field.UNSUBSCRIBE_URL: tokens.UNSUBSCRIBE, Field.PREFERENCES_URL: tokens.PREFERENCES}


class NoRenderingError(SyndicateError):
    """An edition has no letter in the language asked for."""


class Preview(Struct, frozen=True):
    """A letter without anybody's links; `languages` are those that its edition is written in."""

    subject: str
    preheader: str
    html: str
    text: str
    language: str
    languages: tuple[str, ...]


def preview(
    store: Store,
    newsletter: Newsletter,
    edition: Edition,
    about: Publication,
    environment: Environment,
    now: datetime,
    language: str = "",
) -> Preview:
    """Render a letter of an edition in `language`, the first there is if it is empty.

    Raises NoRenderingError or DigestError.
    """
    with store.read() as tx:
        letters = _letters(tx, newsletter, edition, now)
        chosen = language or next(iter(letters), "")
        if chosen not in letters:
            raise NoRenderingError(_missing(edition, language, letters))
        digest = compose_items(tx, edition, letters[chosen], chosen, newsletter, about)
    rendered = render(digest, about, environment, newsletter.template)
    html, text = bare(rendered, about)
    return Preview(digest.subject, digest.preheader, html, text, chosen, tuple(letters))


def bare(rendered: Rendered, about: Publication) -> tuple[str, str]:
    """Return HTML and text with links that lead nowhere where a recipient's own would stand."""
    html, text = rendered.html, rendered.text
    for mark, field in rendered.sentinels.items():
        if purpose := _PURPOSES.get(field):
            start = addresses.absolute(about.base_url, addresses.token_path(purpose, ""))
            html, text = html.replace(mark, "#"), text.replace(mark, f"{start}…")
    return html, text


def _letters(
    tx: Transaction, newsletter: Newsletter, edition: Edition, now: datetime
) -> dict[str, tuple[Item, ...]]:
    """Return what an edition's letters hold, by language: of several variants the first."""
    if edition.state is EditionState.DRAFT:
        return proof(tx, newsletter, edition, now)
    found: dict[str, tuple[Item, ...]] = {}
    for one in variants.of_edition(tx, edition.id):
        found.setdefault(one.language, tuple(variants.items(tx, one.id)))
    return found


def _missing(edition: Edition, language: str, letters: dict[str, tuple[Item, ...]]) -> str:
    if edition.started is None and edition.state is not EditionState.DRAFT:
        return f"{edition.name} was never started: it is {edition.state}."
    if not letters:
        return f"{edition.name} is for nobody now: no active reader is due what it holds."
    return f"{edition.name} has no rendering {language!r}; there are: {', '.join(letters)}."
