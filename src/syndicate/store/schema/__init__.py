"""The tables, by what they are about. The migrations make them; a test proves that both agree."""

from syndicate.store.schema.base import metadata
from syndicate.store.schema.content import (
    article,
    article_picture,
    article_tag,
    output,
    page,
    page_picture,
    publication,
    revision,
    secret,
    series,
    slug,
)
from syndicate.store.schema.copies import mark
from syndicate.store.schema.letters import (
    delivery,
    delivery_event,
    edition,
    freeze_group,
    halt,
    lane,
    run,
    sender,
    sending,
    suppression,
    variant,
    variant_item,
)
from syndicate.store.schema.people import (
    consent,
    news,
    newsletter,
    profile,
    subscriber,
    subscription,
)
from syndicate.store.schema.serving import inherited, redirect
from syndicate.store.schema.web import web_page, web_source

__all__ = [
    "article",
    "article_picture",
    "article_tag",
    "consent",
    "delivery",
    "delivery_event",
    "edition",
    "freeze_group",
    "halt",
    "inherited",
    "lane",
    "mark",
    "metadata",
    "news",
    "newsletter",
    "output",
    "page",
    "page_picture",
    "profile",
    "publication",
    "redirect",
    "revision",
    "run",
    "secret",
    "sender",
    "sending",
    "series",
    "slug",
    "subscriber",
    "subscription",
    "suppression",
    "variant",
    "variant_item",
    "web_page",
    "web_source",
]
