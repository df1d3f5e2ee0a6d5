"""What web servers, hubs and readers of feeds need, the main feed's history, and what is known of readers."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint

from syndicate.store.schema.base import col, ref, table
from syndicate.store.types import Instant, Int, Str

# Addresses of another publication that moved here. `old` is what followed its host, decoded ("/2019/花/",
# "/?p=12"); `new` is a published path ("articles/花/").
redirect = table("redirect", Column("old", Str, primary_key=True), col("new", Str))

# Entries of another publication that moved here: `uid` is the id under which readers know it, and `article`
# the one that took it over (null: it has not come yet). `place` is `address` without its scheme.
inherited = table(
    "inherited",
    Column("uid", Str, primary_key=True),
    col("address", Str),
    col("place", Str),
    col("title_key", Str),
    col("published", Instant, null=True),
    ref("article", "article", nullable=True),
    Index(None, "article"),
)

# Links of published pages into the publication: those that authors wrote, and others that lead nowhere.
# `page` and `target` are published paths, `target` without `index.html`; `state` is of `store.links`.
link = table(
    "link",
    col("page", Str),
    col("address", Str),
    col("target", Str),
    col("state", Int),
    PrimaryKeyConstraint("page", "address"),
    Index(None, "target"),
    Index(None, "state"),
)

# A row while a hub is yet to hear that a feed (its published path) changed. `digest` is of the bytes that
# it is to hear of; without `not_before` it is due at once.
ping = table(
    "ping",
    col("hub", Str),
    col("topic", Str),
    col("digest", Str),
    col("tries", Int),
    col("not_before", Instant, null=True),
    PrimaryKeyConstraint("hub", "topic"),
)

# How often a family of programs asked for a feed on a day, how many of the answers were 304, and how many
# subscribers such a program said to have.
poll = table(
    "poll",
    col("day", Str),
    col("feed", Str),
    col("family", Str),
    col("polls", Int),
    col("unchanged", Int),
    col("subscribers", Int),
    PrimaryKeyConstraint("day", "feed", "family"),
)

# The closed documents of the main feed (RFC 5005): what their heads said when they were closed.
archive = table(
    "archive",
    Column("number", Int, primary_key=True, autoincrement=False),
    col("title", Str),
    col("description", Str),
    col("author", Str),
    col("language", Str),
)

# What was published first (`first` 1) or edited significantly (0), by the document that it belongs to: the
# open one has the number after the last closed. When it is closed, what each entry says is fixed: its
# revision, its dates, its part, and the parts around it (`series`, JSON).
archive_entry = table(
    "archive_entry",
    col("document", Int),
    ref("article", "article"),
    col("first", Int),
    col("revision", Int),
    col("published", Instant),
    col("updated", Instant),
    col("part", Int, null=True),
    col("series", Str, null=True),
    PrimaryKeyConstraint("document", "article"),
    Index(None, "article"),
)
