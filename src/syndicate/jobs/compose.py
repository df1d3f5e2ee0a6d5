"""Compose what the readers of one variant get, from what the store holds."""

from collections.abc import Sequence

from syndicate import addresses
from syndicate.digests.selection import bounded, group, preheader, subject
from syndicate.model import (
    Depth,
    Digest,
    DigestItem,
    Edition,
    Item,
    Newsletter,
    Opening,
    Publication,
)
from syndicate.store import articles, series, variants
from syndicate.store.database import Transaction
from syndicate.store.variants import VariantRow


def compose(
    tx: Transaction,
    edition: Edition,
    variant: VariantRow,
    newsletter: Newsletter,
    about: Publication,
) -> Digest:
    """Return the digest of a variant, with its articles at the revisions that it froze."""
    items = variants.items(tx, variant.id)
    depth = Depth(variant.depth)
    return compose_items(tx, edition, items, variant.language, newsletter, about, depth)


def compose_items(
    tx: Transaction,
    edition: Edition,
    items: Sequence[Item],
    language: str,
    newsletter: Newsletter,
    about: Publication,
    depth: Depth = Depth.SUMMARIES,
) -> Digest:
    """Return the digest of some articles, in the order given, without what was taken down since."""
    standing = articles.published_among(tx, [item.article_id for item in items])
    kinds = {item.article_id: item.kind for item in items}
    wanted = [(item.article_id, item.revision) for item in items if item.article_id in standing]
    entries = articles.entries(tx, wanted, series.load(tx))
    note = edition.note or Opening()
    groups = group([DigestItem(entry, kinds[entry.article_id]) for entry in entries], note.order)
    groups = bounded(groups, newsletter.full_rows)
    return Digest(
        newsletter_title=newsletter.title,
        number=edition.number,
        language=language,
        date=edition.started or edition.created,
        groups=groups,
        subject=note.subject or subject(groups, newsletter.title, language),
        preheader=note.preheader or preheader(groups),
        address=page_address(edition, about),
        depth=depth,
        opening=note.opening,
        lead_image=newsletter.lead_image,
    )


def page_address(edition: Edition, about: Publication) -> str | None:
    """The absolute address of an edition's page; one of leftovers has no number and no page."""
    if edition.number is None:
        return None
    return addresses.absolute(
        about.base_url, addresses.edition_path(edition.newsletter, edition.number)
    )
