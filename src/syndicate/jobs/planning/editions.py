"""The pages of editions: letters link to them."""

from collections.abc import Iterator

from syndicate import addresses, site
from syndicate.jobs.compose import compose
from syndicate.jobs.planning.library import Library, Planned
from syndicate.model import Edition, Newsletter
from syndicate.store import editions, variants
from syndicate.store.variants import VariantRow


def edition_pages(library: Library) -> Iterator[Planned]:
    """The page of each edition that has one."""
    for edition in editions.with_pages(library.tx):
        yield from _edition(library, edition)


def _edition(library: Library, edition: Edition) -> Iterator[Planned]:
    """The page of an edition: its reference variant, under the newsletter's present title.

    Letters link to it, so that it outlives its newsletter in the settings; the title is then known
    no more, and one that is lost is made again under the name.
    """
    assert edition.number is not None
    name = edition.newsletter
    newsletter = library.newsletters.get(name, Newsletter(name, name, "", library.about.zone))
    variant = variants.reference(library.tx, edition.id)
    if variant is None:
        return

    def make() -> bytes:
        digest = compose(library.tx, edition, variant, newsletter, library.about)
        return site.edition_page(library.about, digest, library.environment).encode()

    path = addresses.edition_path(name, edition.number)
    inputs = library.inputs(
        "edition",
        newsletter.title,
        edition.number,
        variant.hash,
        library.all_series,
        _taken_down(library, variant),
    )
    lasting = name not in library.newsletters and not variant.withdrawn
    yield Planned(f"{path}index.html", inputs, make, lasting=lasting)


def _taken_down(library: Library, variant: VariantRow) -> list[int]:
    """Name the articles of an edition's page that were taken down."""
    if not variant.withdrawn:
        return []
    items = variants.items(library.tx, variant.id)
    return [item.article_id for item in items if item.article_id not in library.by_id]
