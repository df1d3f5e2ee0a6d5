"""What web servers, hubs and readers of feeds need: where old addresses lead to."""

from sqlalchemy import Column, Index

from syndicate.store.schema.base import col, ref, table
from syndicate.store.types import Instant, Str

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
