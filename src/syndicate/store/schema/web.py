"""Sites that pages are fetched from, and what is known of each page there."""

from sqlalchemy import Column, PrimaryKeyConstraint

from syndicate.store.schema.base import col, table
from syndicate.store.types import Instant, Int, Str

# One row a source. `place` is what it reads: with another place it begins anew. While a process
# fetches it, `next_try` lies ahead, so that no other does.
web_source = table(
    "web_source",
    Column("name", Str, primary_key=True),
    col("place", Str),
    col("etag", Str, null=True),
    col("modified", Str, null=True),
    col("succeeded", Instant, null=True),
    col("failed", Instant, null=True),
    col("error", Str, null=True),
    col("failures", Int),
    col("next_try", Instant),
)

# One row a page, whether or not it was ever fetched. `via` is the page that led to it; `files` are the
# names of its files, one a line; `changed` is when its text last changed.
web_page = table(
    "web_page",
    col("source", Str),
    col("key", Str),
    col("address", Str),
    col("moved", Str, null=True),
    col("via", Str, null=True),
    col("version", Str, null=True),
    col("published", Instant, null=True),
    col("state", Str),
    col("files", Str),
    col("etag", Str, null=True),
    col("modified", Str, null=True),
    col("changed", Instant, null=True),
    col("failures", Int),
    col("error", Str, null=True),
    col("instead", Str, null=True),
    col("instead_since", Instant, null=True),
    col("next_try", Instant, null=True),
    PrimaryKeyConstraint("source", "key"),
)
