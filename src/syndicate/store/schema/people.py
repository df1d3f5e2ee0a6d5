"""Newsletters, their news, and who reads them."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint

from syndicate.store.schema.base import col, key, ref, table
from syndicate.store.types import Blob, Instant, Int, Str

# `last_seq` numbers the news: a database sequence may become visible out of order (DELIVERY.md).
# `served` is the last of them that was cut for those who want a letter with each article;
# `noted` tells which file the last editor's note was, so that none is used twice.
newsletter = table(
    "newsletter",
    Column("name", Str, primary_key=True),
    col("last_seq", Int),
    Column("served", Int, nullable=False, server_default="0"),
    col("noted", Str, null=True),
    col("created", Instant),
)

news = table(
    "news",
    Column("newsletter", Str, ForeignKey("newsletter.name"), nullable=False),
    col("seq", Int),
    ref("article", "article"),
    col("revision", Int),
    col("kind", Str),
    col("at", Instant),
    PrimaryKeyConstraint("newsletter", "seq"),
    Index(None, "article"),
)

# What is to become news when it has settled, or the rest of its series is there: `since` when it waits.
news_wait = table(
    "news_wait",
    Column("newsletter", Str, ForeignKey("newsletter.name"), nullable=False),
    ref("article", "article"),
    col("kind", Str),
    col("since", Instant),
    PrimaryKeyConstraint("newsletter", "article"),
)

# What an editor left out of a newsletter, until it is put back.
left_out = table(
    "left_out",
    Column("newsletter", Str, ForeignKey("newsletter.name"), nullable=False),
    ref("article", "article"),
    col("at", Instant),
    PrimaryKeyConstraint("newsletter", "article"),
)

# What a subscription filters and how it wants its letter, interned: a freeze works a group at a time.
profile = table(
    "profile",
    key(),
    col("filters", Str),
    col("language", Str),
    col("depth", Str),
    UniqueConstraint("filters", "language", "depth"),
)

# Erasing a person empties `address`, `address_key` and `name`; the id stays, so that audits add up.
# `lane` is the group of the address' domain (outbox/domains.py); it may stay, as it names nobody.
subscriber = table(
    "subscriber",
    key(),
    col("address", Str, null=True),
    col("address_key", Blob, null=True),
    col("name", Str),
    col("language", Str),
    col("created", Instant),
    Column("lane", Str, nullable=False, server_default="other"),
    UniqueConstraint("address_key"),
)

subscription = table(
    "subscription",
    key(),
    Column("newsletter", Str, ForeignKey("newsletter.name"), nullable=False),
    ref("subscriber", "subscriber"),
    col("state", Str),
    col("start", Int),
    col("cursor", Int),
    ref("profile", "profile"),
    col("cadence", Str),
    col("hour", Int, null=True),
    col("zone", Str, null=True),
    col("paused_until", Instant, null=True),
    Column("failures", Int, nullable=False, server_default="0"),
    col("created", Instant),
    UniqueConstraint("newsletter", "subscriber"),
    Index(None, "subscriber"),
)

# Append-only: when, how and on what evidence somebody joined or left. `network` is the keyed hash of the
# address that it came from; `form`, `version`, `language` and `text` are what was agreed to.
consent = table(
    "consent",
    key(),
    ref("subscription", "subscription"),
    col("at", Instant),
    col("kind", Str),
    col("source", Str),
    col("evidence", Str),
    col("network", Blob, null=True),
    col("form", Str, null=True),
    col("version", Str, null=True),
    col("language", Str, null=True),
    col("text", Str, null=True),
    Index(None, "subscription"),
)
