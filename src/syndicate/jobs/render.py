"""Render letters: once for each variant, outside any transaction (DELIVERY.md, "Speed and pace")."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment

from syndicate.digests import Sender, render, stencil
from syndicate.jobs.compose import compose
from syndicate.model import Event, Newsletter, Publication, Tell
from syndicate.store import editions, variants
from syndicate.store.database import Store


@dataclass(frozen=True, slots=True)
class Rendered:
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
    """Render every variant of a started edition that has no letter yet."""
    by_name = {one.name: one for one in newsletters}
    done: list[tuple[str, str, int]] = []
    with store.read() as tx:
        waiting = variants.unrendered(tx, list(by_name))
    for variant in waiting:
        with store.read() as tx:
            edition = editions.get(tx, variant.edition_id)
            newsletter = by_name[edition.newsletter]
            digest = compose(tx, edition, variant, newsletter, about)
        rendered = render(digest, about, environment, newsletter.template)
        letter = stencil(rendered, digest, senders[newsletter.name])
        with store.write() as tx:
            variants.save_stencil(tx, variant.id, letter.to_bytes(), len(rendered.html.encode()))
        done.append((edition.name, variant.language, len(rendered.html.encode())))
        tell(Event("variant.rendered", {"edition": edition.name, "language": variant.language}))
    return Rendered(tuple(done))
