"""Editions, their variants, and the delivery ledger (DELIVERY.md)."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)

from syndicate.store.schema.base import col, key, partial_index, ref, table
from syndicate.store.types import Blob, Instant, Int, Str

_DRAFT = text("state = 'draft'")
_OPEN = text("state IN ('pending', 'sending') AND kind = 'bulk'")
_PENDING = text("state = 'pending'")
_HELD = text("state = 'sending'")
_REPLACED = text("superseded_by IS NOT NULL")

# `blocked` counts members who were left out of its freeze, since an earlier letter of theirs was on
# its way: they are frozen later. `frozen` counts the rows that its freezes made: an audit compares.
# `recipients` is the edition whose readers alone it goes to. `note` are an editor's words (JSON).
# `asked` names the content that editors were asked about, at `asked_at`; `answer_by` is until when one may
# approve by link, `answered` who approved or held it, and how.
edition = table(
    "edition",
    key(),
    Column("newsletter", Str, ForeignKey("newsletter.name"), nullable=False),
    col("slot", Str),
    col("number", Int, null=True),
    col("state", Str),
    col("cut", Int),
    col("held", Str, null=True),
    col("blocked", Int),
    Column("frozen", Int, nullable=False, server_default="0"),
    ref("recipients", "edition", nullable=True),
    col("note", Str, null=True),
    col("answer_by", Instant, null=True),
    col("answered", Str, null=True),
    col("asked", Str, null=True),
    col("asked_at", Instant, null=True),
    col("created", Instant),
    col("started", Instant, null=True),
    col("finished", Instant, null=True),
    UniqueConstraint("newsletter", "slot"),
    UniqueConstraint("newsletter", "number"),
    partial_index(
        "ix_edition_one_draft",
        "newsletter",
        unique=True,
        where=_DRAFT,
    ),
    Index(None, "state"),
)

# What was done for a slot, an empty cut included: nobody does it again.
run = table(
    "run",
    col("task", Str),
    col("slot", Str),
    col("at", Instant),
    col("result", Str),
    PrimaryKeyConstraint("task", "slot"),
)

# `reference` is 1 for the variant that the edition's web page shows; `stencil` is its serialised
# letter with holes for the recipient's fields, and rows are claimable only once it is there.
# `withdrawn` counts the articles in it that were taken down: such a letter does not leave any more.
# That of a test letter belongs to no edition.
variant = table(
    "variant",
    key(),
    ref("edition", "edition", nullable=True),
    col("hash", Str),
    col("language", Str),
    col("depth", Str),
    col("reference", Int),
    col("stencil", Blob, null=True),
    col("html_size", Int, null=True),
    col("withdrawn", Int),
    UniqueConstraint("edition", "hash"),
)

# What a letter held, in the order shown.
variant_item = table(
    "variant_item",
    ref("variant", "variant"),
    col("position", Int),
    ref("article", "article"),
    col("revision", Int),
    col("part", Int, null=True),
    col("kind", Str),
    PrimaryKeyConstraint("variant", "position"),
    Index(None, "article"),
)

# One row a letter. No address: `address_key` is the keyed hash of the one really used, `lane` the
# group of its domain at the freeze.
delivery = table(
    "delivery",
    key(),
    col("key", Str),
    col("kind", Str),
    ref("edition", "edition", nullable=True),
    ref("subscription", "subscription", nullable=True),
    ref("variant", "variant", nullable=True),
    col("address_key", Blob, null=True),
    col("state", Str),
    col("reason", Str, null=True),
    col("after_seq", Int, null=True),
    col("upto_seq", Int, null=True),
    col("day", Str, null=True),
    col("not_before", Instant),
    col("attempts", Int),
    col("first_try", Instant, null=True),
    col("dated", Instant, null=True),
    col("was_unknown", Int),
    col("fence", Int, null=True),
    ref("sender", "sender", nullable=True),
    col("lease_until", Instant, null=True),
    col("superseded_by", Int, null=True),
    Column("lane", Str, nullable=False, server_default="other"),
    UniqueConstraint("key"),
    UniqueConstraint("edition", "address_key"),
    partial_index(
        "ix_delivery_one_open",
        "subscription",
        unique=True,
        where=_OPEN,
    ),
    partial_index(
        "ix_delivery_due",
        "edition",
        "not_before",
        "id",
        where=_PENDING,
    ),
    partial_index("ix_delivery_held", "sender", where=_HELD),
    Index(None, "edition", "state"),
    Index(None, "subscription", "day"),
    partial_index(
        "ix_delivery_superseded",
        "superseded_by",
        "subscription",
        where=_REPLACED,
    ),
)

# Append-only: each attempt, its reply, and the evidence by which a row was settled.
delivery_event = table(
    "delivery_event",
    key(),
    ref("delivery", "delivery"),
    col("at", Instant),
    col("attempt", Int),
    col("kind", Str),
    col("detail", Str),
    Index(None, "delivery"),
)
