"""What readers ask for on the web, until it is answered by a letter and confirmed."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint

from syndicate.store.schema.base import col, key, ref, table
from syndicate.store.types import Blob, Instant, Int, Str

# `id` is a random number, so that a token out of another copy of the database names no other request.
# `due` is when its turn comes; `delivery` the letter that answers it; `subscription` whose it is, or
# became. Rows are purged with their address 7 days after `at`.
signup = table(
    "signup",
    Column("id", Int, primary_key=True, autoincrement=False),
    col("kind", Str),
    col("state", Str),
    col("newsletter", Str, null=True),
    col("address", Str),
    col("name", Str),
    col("language", Str),
    col("series", Str, null=True),
    col("source", Str),
    col("evidence", Str),
    col("network", Blob, null=True),
    col("form", Str, null=True),
    col("version", Str, null=True),
    col("text", Str, null=True),
    col("at", Instant),
    col("due", Instant),
    ref("delivery", "delivery", nullable=True),
    ref("subscription", "subscription", nullable=True),
    UniqueConstraint("delivery"),
    Index(None, "state", "due"),
    Index(None, "at"),
)

# One row a network that asked of late, by its keyed hash: until when its turns are taken.
turn = table("turn", Column("name", Str, primary_key=True), col("taken", Instant))

# One row an import; `before` is what a reader was called and spoke before it (JSON), null for who is new.
intake = table(
    "intake",
    key(),
    Column("newsletter", Str, ForeignKey("newsletter.name"), nullable=False),
    col("source", Str),
    col("at", Instant),
    col("undone", Instant, null=True),
)
intake_row = table(
    "intake_row",
    ref("intake", "intake"),
    ref("subscription", "subscription"),
    col("before", Str, null=True),
    PrimaryKeyConstraint("intake", "subscription"),
    Index(None, "subscription"),
)

# The address of a feed for one reader alone; `id` is random, and revoking it deletes the row.
private_feed = table(
    "private_feed",
    Column("id", Int, primary_key=True, autoincrement=False),
    ref("subscription", "subscription"),
    col("at", Instant),
    UniqueConstraint("subscription"),
)
