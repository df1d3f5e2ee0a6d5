"""Newsletters, and what is news to them."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint

from syndicate.store.schema.base import col, ref, table
from syndicate.store.types import Instant, Int, Str

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
