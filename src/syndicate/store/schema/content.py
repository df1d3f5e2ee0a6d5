"""Pages as found, articles as known, and what was published from them."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, UniqueConstraint

from syndicate.store.schema.base import col, key, ref, table
from syndicate.store.types import Instant, Int, Str

# One row. `changed` counts what readers could see change; `published` is the count last published.
publication = table(
    "publication",
    Column("id", Int, primary_key=True, autoincrement=False),
    col("tag_authority", Str),
    col("tag_date", Str),
    col("changed", Int),
    col("published", Int),
)

# One row: by what the database knows the hash key again.
secret = table(
    "secret", Column("id", Int, primary_key=True, autoincrement=False), col("fingerprint", Str)
)

# One row a file, so that a pass costs a stat for a file that did not change.
page = table(
    "page",
    Column("path", Str, primary_key=True),
    col("size", Int),
    col("modified_ns", Int),
    col("digest", Str),
    ref("article", "article", nullable=True),
    col("refused", Str, null=True),
    col("seen", Instant),
    col("gone", Instant, null=True),
)

series = table(
    "series", key(), col("slug", Str), col("title", Str), col("announced", Str, null=True)
)

# The identity ledger: `uid`, `slug` and `published` are given once and outlive every move of the page.
article = table(
    "article",
    key(),
    col("uid", Str),
    col("slug", Str),
    col("title", Str),
    col("title_key", Str),
    col("next_title", Str, null=True),
    col("language", Str),
    col("state", Str),
    col("backlog", Int),
    col("revision", Int),
    col("digest", Str),
    col("first_seen", Instant),
    col("published", Instant),
    col("updated", Instant),
    ref("series", "series", nullable=True),
    col("part", Int, null=True),
    col("own_series", Str, null=True),
    col("own_part", Int, null=True),
    UniqueConstraint("uid"),
    Index(None, "title_key"),
    Index(None, "digest"),
    Index(None, "series", "part"),
    Index(None, "state", "published", "id"),
)

# Every revision is kept: letters name the one they held.
revision = table(
    "revision",
    ref("article", "article"),
    col("number", Int),
    col("digest", Str),
    col("change", Str),
    col("record", Str),
    col("at", Instant),
    PrimaryKeyConstraint("article", "number"),
)

# Every slug ever given, under its folded form: never given again to another.
slug = table(
    "slug",
    col("kind", Str),
    col("folded", Str),
    col("slug", Str),
    col("target", Int),
    PrimaryKeyConstraint("kind", "folded"),
)

# The manifest of published files: `inputs` names all that a file was made from.
output = table(
    "output",
    Column("path", Str, primary_key=True),
    col("inputs", Str),
    col("digest", Str),
    col("size", Int),
)
