"""Rehearse a newsletter's letter before anything is frozen: what cannot be written is told in time."""

from datetime import datetime

from jinja2 import Environment

from syndicate.digests import (
    Recipient,
    Sender,
    check_legal,
    fill,
    group,
    message_id,
    preheader,
    render,
    stencil,
    subject,
)
from syndicate.model import (
    Article,
    Citation,
    Digest,
    DigestItem,
    Entry,
    Newsletter,
    Part,
    Publication,
    Section,
)
from syndicate.model import Series as SeriesRecord

_TITLES = ("A sample", "Its second part", "What comes next")
_ARTICLE = Article(
    _TITLES[0],
    "A sample summary.",
    ("A highlight",),
    sections=(
        Section(
            "A heading", key_points=("A point",), sources=(Citation("A", "https://a.example"),)
        ),
    ),
)


def rehearse(
    newsletter: Newsletter,
    about: Publication,
    sender: Sender,
    environment: Environment,
    now: datetime,
) -> int:
    """Write a sample letter of a newsletter, for nobody; its bytes. Raises DigestError.

    Also for a letter that does not say what the law of `legal.profile` asks for.
    """
    groups = group([DigestItem(entry) for entry in _entries(now)])
    digest = Digest(
        newsletter_title=newsletter.title,
        number=1,
        language=newsletter.language,
        date=now,
        groups=groups,
        subject=subject(groups, newsletter.title, newsletter.language),
        preheader=preheader(groups),
        address=about.base_url,
    )
    rendered = render(digest, about, environment, newsletter.template)
    check_legal(about.legal, rendered.html, rendered.text)
    made = stencil(rendered, digest, sender)
    recipient = Recipient(
        address="reader@example.com",
        message_id=message_id("sample", sender.domain),
        date=now,
        unsubscribe_url=f"{sender.links}sample",
    )
    return len(fill(made, recipient))


def _entries(now: datetime) -> tuple[Entry, ...]:
    parts = tuple(
        Part(n, title, n, f"sample-{n}", f"tag:{n}") for n, title in enumerate(_TITLES[:2], 1)
    )
    series = SeriesRecord("sample", "A sample series", (*parts, Part(3, _TITLES[2])))
    return (
        Entry(1, "tag:1", "sample-1", 1, now, now, _ARTICLE, series, 1),
        Entry(2, "tag:2", "sample-2", 2, now, now, Article(_TITLES[1]), series, 2),
        Entry(4, "tag:4", "sample-4", 1, now, now, Article("Alone")),
    )
