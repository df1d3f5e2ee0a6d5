"""Render letters: once for each variant, outside any transaction (DELIVERY.md, "Speed and pace")."""

from collections.abc import Sequence

from jinja2 import Environment
from msgspec import Struct

from syndicate.digests.error import DigestError
from syndicate.digests.fit import CLIPPED
from syndicate.digests.letter import Sender, Stencil, stencil
from syndicate.digests.render import render
from syndicate.jobs.compose import compose
from syndicate.model import Edition, Event, Newsletter, Publication, Tell
from syndicate.store import editions, variants
from syndicate.store.database import Store
from syndicate.store.variants import VariantRow


class LettersRefused(DigestError):
    """Some variants cannot be written; all others are. Their readers' letters wait."""


class Rendered(Struct, frozen=True):
    """What was rendered: (edition, language, HTML bytes) a variant."""

    letters: tuple[tuple[str, str, int], ...] = ()


def render_letters(
    store: Store,
    about: Publication,
    newsletters: Sequence[Newsletter],
    senders: dict[str, Sender],
    environment: Environment,
    tell: Tell,
) -> Rendered:
    """Render every variant of a started edition that has no letter yet.

    Raises LettersRefused, once all others are rendered, for those that cannot be.
    """
    by_name = {one.name: one for one in newsletters}
    done: list[tuple[str, str, int]] = []
    refused: list[str] = []
    with store.read() as tx:
        waiting = variants.unrendered(tx, list(by_name))
    for variant in waiting:
        with store.read() as tx:
            edition = editions.get(tx, variant.edition_id)
        try:
            letter, size = _write(
                store, edition, variant, by_name[edition.newsletter], about, senders, environment
            )
        except DigestError as error:
            refused.append(f"{edition.name} ({variant.language}): {error}")
            continue
        with store.write() as tx:
            variants.save_stencil(tx, variant.id, letter.to_bytes(), size)
        done.append((edition.name, variant.language, size))
        which = {"edition": edition.name, "language": variant.language}
        tell(Event("variant.rendered", which))
        if size > CLIPPED:
            tell(Event("variant.clipped", {**which, "bytes": size}, "warning"))
    if refused:
        raise LettersRefused("\n".join(refused))
    return Rendered(tuple(done))


def _write(
    store: Store,
    edition: Edition,
    variant: VariantRow,
    newsletter: Newsletter,
    about: Publication,
    senders: dict[str, Sender],
    environment: Environment,
) -> tuple[Stencil, int]:
    """Return a variant's letter and the bytes of its HTML, or raise DigestError."""
    with store.read() as tx:
        digest = compose(tx, edition, variant, newsletter, about)
    rendered = render(digest, about, environment, newsletter.template)
    return stencil(rendered, digest, senders[newsletter.name]), rendered.html_size
