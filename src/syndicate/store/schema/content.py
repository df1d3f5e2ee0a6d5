"""Pages as found, articles as known, and what was published from them."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, UniqueConstraint, text

from syndicate.store.schema.base import col, key, partial_index, ref, table
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

# One row a file, so that a pass costs a stat for a file that did not change. `double` is the file that
# says the same, `notices` what an editor should look at (JSON).
page = table(
    "page",
    Column("path", Str, primary_key=True),
    col("size", Int),
    col("modified_ns", Int),
    col("digest", Str),
    ref("article", "article", nullable=True),
    col("refused", Str, null=True),
    col("double", Str, null=True),
    col("notices", Str, null=True),
    col("seen", Instant),
    col("gone", Instant, null=True),
    partial_index("ix_page_refused", "path", where=text("refused IS NOT NULL")),
)

# `announced` are the parts that have not come: their numbers and titles (JSON).
series = table(
    "series", key(), col("slug", Str), col("title", Str), col("announced", Str, null=True)
)

# The identity ledger: `uid`, `slug` and `published` are given once and outlive every move of the page.
# `canonical`, `own_series` and `own_part` are what the page says of itself. `lost` is since when no page
# holds the article; `guarded` 1 when so many went at once that it stays, 2 when an operator lets it go
# all the same; `withdrawn` and `reason` are when and why it was taken down. `digest` names all of its text,
# `gist` what is shown where the text is not.
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
    col("gist", Str),
    col("first_seen", Instant),
    col("published", Instant),
    col("updated", Instant),
    ref("series", "series", nullable=True),
    col("part", Int, null=True),
    col("canonical", Str, null=True),
    col("own_series", Str, null=True),
    col("own_part", Int, null=True),
    col("lost", Instant, null=True),
    col("guarded", Int),
    col("withdrawn", Instant, null=True),
    col("reason", Str, null=True),
    UniqueConstraint("uid"),
    Index(None, "title_key"),
    Index(None, "digest"),
    Index(None, "canonical"),
    Index(None, "series", "part"),
    # All that says its place.
    Index(None, "state", "published", "part", "id", "language", "series"),
    partial_index("ix_article_lost", "lost", where=text("lost IS NOT NULL")),
)

# The tags of an article's newest revision: `key` is what a tag is compared by, `name` how its page
# spells it, `place` its place among them.
article_tag = table(
    "article_tag",
    ref("article", "article"),
    col("key", Str),
    col("place", Int),
    col("name", Str),
    PrimaryKeyConstraint("article", "key"),
    Index(None, "key", "article"),
)

# The pictures that an article's newest revision shows: their published paths.
article_picture = table(
    "article_picture",
    ref("article", "article"),
    col("media", Str),
    PrimaryKeyConstraint("article", "media"),
)

# The pictures beside a page, so that a pass costs a stat for one that did not change. `media` is the
# published path; size and time are -1 where no file was.
page_picture = table(
    "page_picture",
    col("page", Str),
    col("path", Str),
    col("size", Int),
    col("modified_ns", Int),
    col("media", Str, null=True),
    PrimaryKeyConstraint("page", "path"),
    Index(None, "media"),
)

# Every revision is kept: letters name the one they held, parts are found by titles they once had, and a page
# that comes back whole by what it said before it was half-written.
revision = table(
    "revision",
    ref("article", "article"),
    col("number", Int),
    col("digest", Str),
    col("title_key", Str),
    col("change", Str),
    col("record", Str),
    col("at", Instant),
    PrimaryKeyConstraint("article", "number"),
    Index(None, "title_key"),
    Index(None, "digest"),
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

# The manifest of published files: `inputs` names all that a file was made from; `br` and `gz` are the
# sizes of its compressed forms; `pieces` are the entries of a feed by what each was made from (JSON).
output = table(
    "output",
    Column("path", Str, primary_key=True),
    col("inputs", Str),
    col("digest", Str),
    col("size", Int),
    col("br", Int, null=True),
    col("gz", Int, null=True),
    col("pieces", Str, null=True),
)

# Files that stood as they were planned together: `inputs` names all that their plans were made from,
# `files` are their paths and sizes, as `outputs.sizes` gives them (JSON).
bundle = table(
    "bundle",
    Column("name", Str, primary_key=True),
    col("inputs", Str),
    col("files", Str),
)
