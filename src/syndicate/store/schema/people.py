"""Who reads newsletters, and what they agreed to."""

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint

from syndicate.store.schema.base import col, key, ref, table
from syndicate.store.types import Blob, Instant, Int, Str

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
