"""The pages of editions, to which letters link, and the list of them."""

from collections.abc import Iterator, Sequence

from syndicate import addresses, site
from syndicate.jobs.compose import compose
from syndicate.jobs.planning.leaves import leaves
from syndicate.jobs.planning.library import Library, Planned
from syndicate.model import Edition, Newsletter
from syndicate.site import Line, Listing
from syndicate.store import editions, variants
from syndicate.store.variants import VariantRow

Shown = tuple[Edition, VariantRow]


def shown_editions(library: Library) -> list[Shown]:
    """The editions that have a page, each with the variant that it shows; the newest first."""
    found = (
        (one, variants.reference(library.tx, one.id)) for one in editions.with_pages(library.tx)
    )
    return [(one, variant) for one, variant in found if variant is not None][::-1]


def edition_pages(library: Library, shown: Sequence[Shown]) -> Iterator[Planned]:
    """The page of each edition, and the list of them where there is one."""
    for edition, variant in shown:
        yield _edition(library, edition, variant)
    if shown:
        listing = Listing("editions", "", site.EDITIONS, library.about.language, len(shown))
        yield from leaves(library, listing, edition_lines(library, shown))


def edition_lines(library: Library, shown: Sequence[Shown]) -> list[Line]:
    """Editions as lines of a list."""
    return [_line(library, edition) for edition, _ in shown]


def _line(library: Library, edition: Edition) -> Line:
    assert edition.number is not None
    newsletter = _newsletter(library, edition)
    return Line(
        title=newsletter.title,
        path=addresses.edition_path(edition.newsletter, edition.number),
        language=newsletter.language,
        date=edition.started or edition.created,
        number=edition.number,
    )


def _newsletter(library: Library, edition: Edition) -> Newsletter:
    """An edition's newsletter. One that is in the settings no more is known by its name alone."""
    name, about = edition.newsletter, library.about
    gone = Newsletter(name, name, "", about.zone, about.language)
    return library.newsletters.get(name, gone)


def _edition(library: Library, edition: Edition, variant: VariantRow) -> Planned:
    """The page of an edition: its reference variant, under the newsletter's present title.

    Letters link to it, so that it outlives its newsletter in the settings; the title is then known
    no more, and one that is lost is made again under the name.
    """
    assert edition.number is not None
    name, newsletter = edition.newsletter, _newsletter(library, edition)

    def draw() -> str:
        digest = compose(library.tx, edition, variant, newsletter, library.about)
        return site.edition_page(library.about, digest, library.environment)

    path = addresses.edition_path(name, edition.number)
    inputs = library.inputs(
        "edition",
        newsletter.title,
        newsletter.full_rows,
        newsletter.lead_image,
        edition.number,
        variant.hash,
        library.all_series,
        _taken_down(library, variant),
    )
    lasting = name not in library.newsletters and not variant.withdrawn
    return library.page(f"{path}index.html", inputs, draw, lasting=lasting)


def _taken_down(library: Library, variant: VariantRow) -> list[int]:
    """Name the articles of an edition's page that were taken down."""
    if not variant.withdrawn:
        return []
    items = variants.items(library.tx, variant.id)
    return [item.article_id for item in items if item.article_id not in library.standing]
