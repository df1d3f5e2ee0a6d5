"""Rehearse a newsletter's letter before anything is frozen: what cannot be written is told in time."""

from datetime import datetime

from jinja2 import Environment

from syndicate.digests.legal import check_legal
from syndicate.digests.letter import Recipient, Sender, fill, message_id, stencil
from syndicate.digests.render import render
from syndicate.digests.selection import group, preheader, subject
from syndicate.jobs.sample import sample_entries
from syndicate.model import Depth, Digest, DigestItem, ItemKind, Newsletter, Publication

_KINDS = (ItemKind.CATCH_UP, ItemKind.CORRECTED, ItemKind.NEW)  # of the samples, in their order


def rehearse(
    newsletter: Newsletter,
    about: Publication,
    sender: Sender,
    environment: Environment,
    now: datetime,
) -> int:
    """Write a sample letter of a newsletter at each depth, for nobody; their bytes. Raises DigestError.

    Also for a letter that does not say what the law of `legal.profile` asks for.
    """
    return sum(_write(newsletter, about, sender, environment, now, depth) for depth in Depth)


def _write(
    newsletter: Newsletter,
    about: Publication,
    sender: Sender,
    environment: Environment,
    now: datetime,
    depth: Depth,
) -> int:
    groups = group([*map(DigestItem, sample_entries(now), _KINDS)])
    digest = Digest(
        newsletter_title=newsletter.title,
        number=1,
        language=newsletter.language,
        date=now,
        groups=groups,
        subject=subject(groups, newsletter.title, newsletter.language),
        preheader=preheader(groups),
        address=about.base_url,
        depth=depth,
        opening=("A sample of an editor's words.",),
    )
    rendered = render(digest, about, environment, newsletter.template)
    check_legal(about.legal, rendered.html, rendered.text)
    made = stencil(rendered, digest, sender)
    recipient = Recipient(
        address="reader@example.com",
        message_id=message_id("sample", sender.domain),
        date=now,
        unsubscribe_url=f"{sender.links}sample",
        preferences_url=f"{sender.preferences}sample",
    )
    return len(fill(made, recipient))
