"""The first schema: everything of release 0.1. One file however long: a migration is one step."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REAL: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bundle",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_bundle"),
        sqlite_strict=True,
    )
    op.create_table(
        "halt",
        sa.Column("id", INT, autoincrement=False, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_halt_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_halt"),
        sqlite_strict=True,
    )
    op.create_table(
        "lane",
        sa.Column("relay", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("tokens", REAL, nullable=False),
        sa.Column("updated", INT, nullable=False),
        sa.Column("rate", REAL, nullable=False),
        sa.Column("ceiling", REAL, nullable=False),
        sa.Column("burst", REAL, nullable=False),
        sa.Column("learned", INT, nullable=False),
        sa.Column("turn", INT, nullable=False),
        sa.Column("slowed", INT, nullable=True),
        sa.PrimaryKeyConstraint("relay", "name", name="pk_lane"),
        sqlite_strict=True,
    )
    op.create_table(
        "mark",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", INT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_mark"),
        sqlite_strict=True,
    )
    op.create_table(
        "newsletter",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("last_seq", INT, nullable=False),
        sa.Column("served", INT, server_default="0", nullable=False),
        sa.Column("noted", sa.Text, nullable=True),
        sa.Column("created", INT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_newsletter"),
        sqlite_strict=True,
    )
    op.create_table(
        "output",
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("size", INT, nullable=False),
        sa.Column("br", INT, nullable=True),
        sa.Column("gz", INT, nullable=True),
        sa.Column("pieces", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("path", name="pk_output"),
        sqlite_strict=True,
    )
    op.create_table(
        "profile",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("filters", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("depth", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_profile"),
        sa.UniqueConstraint(
            "filters", "language", "depth", name="uq_profile_filters_language_depth"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "publication",
        sa.Column("id", INT, autoincrement=False, nullable=False),
        sa.Column("tag_authority", sa.Text, nullable=False),
        sa.Column("tag_date", sa.Text, nullable=False),
        sa.Column("changed", INT, nullable=False),
        sa.Column("published", INT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sqlite_strict=True,
    )
    op.create_table(
        "run",
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("task", "slot", name="pk_run"),
        sqlite_strict=True,
    )
    op.create_table(
        "secret",
        sa.Column("id", INT, autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_secret"),
        sqlite_strict=True,
    )
    op.create_table(
        "sender",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("boot", sa.Text, nullable=False),
        sa.Column("pid", INT, nullable=False),
        sa.Column("began", sa.Text, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sender"),
        sqlite_strict=True,
    )
    op.create_table(
        "sending",
        sa.Column("id", INT, autoincrement=False, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("namespace", sa.Text, nullable=False),
        sa.Column("fence", INT, nullable=False),
        sa.Column("departures", INT, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_sending_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_sending"),
        sqlite_strict=True,
    )
    op.create_table(
        "series",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("announced", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
        sqlite_strict=True,
    )
    op.create_table(
        "slug",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("target", INT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "folded", name="pk_slug"),
        sqlite_strict=True,
    )
    op.create_table(
        "subscriber",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("address", sa.Text, nullable=True),
        sa.Column("address_key", sa.LargeBinary, nullable=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("created", INT, nullable=False),
        sa.Column("lane", sa.Text, server_default="other", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriber"),
        sa.UniqueConstraint("address_key", name="uq_subscriber_address_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "suppression",
        sa.Column("address_key", sa.LargeBinary, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("address_key", name="pk_suppression"),
        sqlite_strict=True,
    )
    op.create_table(
        "web_page",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("moved", sa.Text, nullable=True),
        sa.Column("via", sa.Text, nullable=True),
        sa.Column("version", sa.Text, nullable=True),
        sa.Column("published", INT, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=True),
        sa.Column("modified", sa.Text, nullable=True),
        sa.Column("changed", INT, nullable=True),
        sa.Column("failures", INT, nullable=False),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("instead", sa.Text, nullable=True),
        sa.Column("instead_since", INT, nullable=True),
        sa.Column("next_try", INT, nullable=True),
        sa.PrimaryKeyConstraint("source", "key", name="pk_web_page"),
        sqlite_strict=True,
    )
    op.create_table(
        "web_source",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=True),
        sa.Column("modified", sa.Text, nullable=True),
        sa.Column("succeeded", INT, nullable=True),
        sa.Column("failed", INT, nullable=True),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("failures", INT, nullable=False),
        sa.Column("next_try", INT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_web_source"),
        sqlite_strict=True,
    )
    op.create_table(
        "article",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_key", sa.Text, nullable=False),
        sa.Column("next_title", sa.Text, nullable=True),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("backlog", INT, nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("gist", sa.Text, nullable=False),
        sa.Column("first_seen", INT, nullable=False),
        sa.Column("published", INT, nullable=False),
        sa.Column("updated", INT, nullable=False),
        sa.Column("series", INT, nullable=True),
        sa.Column("part", INT, nullable=True),
        sa.Column("canonical", sa.Text, nullable=True),
        sa.Column("own_series", sa.Text, nullable=True),
        sa.Column("own_part", INT, nullable=True),
        sa.Column("lost", INT, nullable=True),
        sa.Column("guarded", INT, nullable=False),
        sa.Column("withdrawn", INT, nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(["series"], ["series.id"], name="fk_article_series"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("uid", name="uq_article_uid"),
        sqlite_strict=True,
    )
    op.create_index("ix_article_canonical", "article", ["canonical"], unique=False)
    op.create_index("ix_article_digest", "article", ["digest"], unique=False)
    op.create_index(
        "ix_article_lost",
        "article",
        ["lost"],
        unique=False,
        sqlite_where=sa.text("lost IS NOT NULL"),
        postgresql_where=sa.text("lost IS NOT NULL"),
    )
    op.create_index("ix_article_series_part", "article", ["series", "part"], unique=False)
    op.create_index(
        "ix_article_state_published_part_id_language_series",
        "article",
        ["state", "published", "part", "id", "language", "series"],
        unique=False,
    )
    op.create_index("ix_article_title_key", "article", ["title_key"], unique=False)
    op.create_table(
        "article_picture",
        sa.Column("article", INT, nullable=False),
        sa.Column("media", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_article_picture_article"),
        sa.PrimaryKeyConstraint("article", "media", name="pk_article_picture"),
        sqlite_strict=True,
    )
    op.create_table(
        "page_picture",
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("size", INT, nullable=False),
        sa.Column("modified_ns", INT, nullable=False),
        sa.Column("media", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("page", "path", name="pk_page_picture"),
        sqlite_strict=True,
    )
    op.create_index("ix_page_picture_media", "page_picture", ["media"], unique=False)
    op.create_table(
        "archive",
        sa.Column("number", INT, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_archive"),
        sqlite_strict=True,
    )
    op.create_table(
        "archive_entry",
        sa.Column("document", INT, nullable=False),
        sa.Column("article", INT, nullable=False),
        sa.Column("first", INT, nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("published", INT, nullable=False),
        sa.Column("updated", INT, nullable=False),
        sa.Column("part", INT, nullable=True),
        sa.Column("series", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_archive_entry_article"),
        sa.PrimaryKeyConstraint("document", "article", name="pk_archive_entry"),
        sqlite_strict=True,
    )
    op.create_index("ix_archive_entry_article", "archive_entry", ["article"], unique=False)
    op.create_table(
        "article_tag",
        sa.Column("article", INT, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("place", INT, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_article_tag_article"),
        sa.PrimaryKeyConstraint("article", "key", name="pk_article_tag"),
        sqlite_strict=True,
    )
    op.create_index("ix_article_tag_key_article", "article_tag", ["key", "article"], unique=False)
    op.create_table(
        "edition",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("newsletter", sa.Text, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("number", INT, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("cut", INT, nullable=False),
        sa.Column("held", sa.Text, nullable=True),
        sa.Column("blocked", INT, nullable=False),
        sa.Column("frozen", INT, server_default="0", nullable=False),
        sa.Column("recipients", INT, nullable=True),
        sa.Column("note", sa.Text, nullable=True),
        sa.Column("answer_by", INT, nullable=True),
        sa.Column("answered", sa.Text, nullable=True),
        sa.Column("asked", sa.Text, nullable=True),
        sa.Column("asked_at", INT, nullable=True),
        sa.Column("created", INT, nullable=False),
        sa.Column("started", INT, nullable=True),
        sa.Column("finished", INT, nullable=True),
        sa.ForeignKeyConstraint(["newsletter"], ["newsletter.name"], name="fk_edition_newsletter"),
        sa.ForeignKeyConstraint(["recipients"], ["edition.id"], name="fk_edition_recipients"),
        sa.PrimaryKeyConstraint("id", name="pk_edition"),
        sa.UniqueConstraint("newsletter", "number", name="uq_edition_newsletter_number"),
        sa.UniqueConstraint("newsletter", "slot", name="uq_edition_newsletter_slot"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_edition_one_draft",
        "edition",
        ["newsletter"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index("ix_edition_state", "edition", ["state"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("newsletter", sa.Text, nullable=False),
        sa.Column("subscriber", INT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("start", INT, nullable=False),
        sa.Column("cursor", INT, nullable=False),
        sa.Column("profile", INT, nullable=False),
        sa.Column("cadence", sa.Text, nullable=False),
        sa.Column("hour", INT, nullable=True),
        sa.Column("zone", sa.Text, nullable=True),
        sa.Column("paused_until", INT, nullable=True),
        sa.Column("failures", INT, server_default="0", nullable=False),
        sa.Column("created", INT, nullable=False),
        sa.ForeignKeyConstraint(
            ["newsletter"], ["newsletter.name"], name="fk_subscription_newsletter"
        ),
        sa.ForeignKeyConstraint(["profile"], ["profile.id"], name="fk_subscription_profile"),
        sa.ForeignKeyConstraint(
            ["subscriber"], ["subscriber.id"], name="fk_subscription_subscriber"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sa.UniqueConstraint(
            "newsletter", "subscriber", name="uq_subscription_newsletter_subscriber"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_subscription_subscriber", "subscription", ["subscriber"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("subscription", INT, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("network", sa.LargeBinary, nullable=True),
        sa.Column("form", sa.Text, nullable=True),
        sa.Column("version", sa.Text, nullable=True),
        sa.Column("language", sa.Text, nullable=True),
        sa.Column("text", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscription.id"], name="fk_consent_subscription"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sqlite_strict=True,
    )
    op.create_index("ix_consent_subscription", "consent", ["subscription"], unique=False)
    op.create_table(
        "freeze_group",
        sa.Column("edition", INT, nullable=False),
        sa.Column("cursor", INT, nullable=False),
        sa.Column("start", INT, nullable=False),
        sa.Column("profile", INT, nullable=False),
        sa.Column("held", sa.Text, nullable=False),
        sa.Column("variant", INT, nullable=True),
        sa.Column("waits", INT, nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name="fk_freeze_group_edition"),
        sa.PrimaryKeyConstraint(
            "edition", "cursor", "start", "profile", "held", name="pk_freeze_group"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "freeze_hour",
        sa.Column("edition", INT, nullable=False),
        sa.Column("hour", INT, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name="fk_freeze_hour_edition"),
        sa.PrimaryKeyConstraint("edition", "hour", "zone", name="pk_freeze_hour"),
        sqlite_strict=True,
    )
    op.create_table(
        "news",
        sa.Column("newsletter", sa.Text, nullable=False),
        sa.Column("seq", INT, nullable=False),
        sa.Column("article", INT, nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_news_article"),
        sa.ForeignKeyConstraint(["newsletter"], ["newsletter.name"], name="fk_news_newsletter"),
        sa.PrimaryKeyConstraint("newsletter", "seq", name="pk_news"),
        sqlite_strict=True,
    )
    op.create_index("ix_news_article", "news", ["article"], unique=False)
    op.create_table(
        "inherited",
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("title_key", sa.Text, nullable=False),
        sa.Column("published", INT, nullable=True),
        sa.Column("article", INT, nullable=True),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_inherited_article"),
        sa.PrimaryKeyConstraint("uid", name="pk_inherited"),
        sqlite_strict=True,
    )
    op.create_index("ix_inherited_article", "inherited", ["article"], unique=False)
    op.create_table(
        "news_wait",
        sa.Column("newsletter", sa.Text, nullable=False),
        sa.Column("article", INT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("since", INT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_news_wait_article"),
        sa.ForeignKeyConstraint(
            ["newsletter"], ["newsletter.name"], name="fk_news_wait_newsletter"
        ),
        sa.PrimaryKeyConstraint("newsletter", "article", name="pk_news_wait"),
        sqlite_strict=True,
    )
    op.create_table(
        "left_out",
        sa.Column("newsletter", sa.Text, nullable=False),
        sa.Column("article", INT, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_left_out_article"),
        sa.ForeignKeyConstraint(["newsletter"], ["newsletter.name"], name="fk_left_out_newsletter"),
        sa.PrimaryKeyConstraint("newsletter", "article", name="pk_left_out"),
        sqlite_strict=True,
    )
    op.create_table(
        "page",
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("size", INT, nullable=False),
        sa.Column("modified_ns", INT, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("article", INT, nullable=True),
        sa.Column("refused", sa.Text, nullable=True),
        sa.Column("double", sa.Text, nullable=True),
        sa.Column("notices", sa.Text, nullable=True),
        sa.Column("seen", INT, nullable=False),
        sa.Column("gone", INT, nullable=True),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_page_article"),
        sa.PrimaryKeyConstraint("path", name="pk_page"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_page_refused",
        "page",
        ["path"],
        unique=False,
        sqlite_where=sa.text("refused IS NOT NULL"),
        postgresql_where=sa.text("refused IS NOT NULL"),
    )
    op.create_table(
        "ping",
        sa.Column("hub", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("tries", INT, nullable=False),
        sa.Column("not_before", INT, nullable=True),
        sa.PrimaryKeyConstraint("hub", "topic", name="pk_ping"),
        sqlite_strict=True,
    )
    op.create_table(
        "link",
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("state", INT, nullable=False),
        sa.PrimaryKeyConstraint("page", "address", name="pk_link"),
        sqlite_strict=True,
    )
    op.create_index("ix_link_state", "link", ["state"], unique=False)
    op.create_index("ix_link_target", "link", ["target"], unique=False)
    op.create_table(
        "poll",
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("family", sa.Text, nullable=False),
        sa.Column("polls", INT, nullable=False),
        sa.Column("unchanged", INT, nullable=False),
        sa.Column("subscribers", INT, nullable=False),
        sa.PrimaryKeyConstraint("day", "feed", "family", name="pk_poll"),
        sqlite_strict=True,
    )
    op.create_table(
        "redirect",
        sa.Column("old", sa.Text, nullable=False),
        sa.Column("new", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("old", name="pk_redirect"),
        sqlite_strict=True,
    )
    op.create_table(
        "revision",
        sa.Column("article", INT, nullable=False),
        sa.Column("number", INT, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("title_key", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_revision_article"),
        sa.PrimaryKeyConstraint("article", "number", name="pk_revision"),
        sqlite_strict=True,
    )
    op.create_index("ix_revision_digest", "revision", ["digest"], unique=False)
    op.create_index("ix_revision_title_key", "revision", ["title_key"], unique=False)
    op.create_table(
        "variant",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("edition", INT, nullable=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("depth", sa.Text, nullable=False),
        sa.Column("reference", INT, nullable=False),
        sa.Column("stencil", sa.LargeBinary, nullable=True),
        sa.Column("html_size", INT, nullable=True),
        sa.Column("withdrawn", INT, nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name="fk_variant_edition"),
        sa.PrimaryKeyConstraint("id", name="pk_variant"),
        sa.UniqueConstraint("edition", "hash", name="uq_variant_edition_hash"),
        sqlite_strict=True,
    )
    op.create_table(
        "delivery",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("edition", INT, nullable=True),
        sa.Column("subscription", INT, nullable=True),
        sa.Column("variant", INT, nullable=True),
        sa.Column("address_key", sa.LargeBinary, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("after_seq", INT, nullable=True),
        sa.Column("upto_seq", INT, nullable=True),
        sa.Column("day", sa.Text, nullable=True),
        sa.Column("not_before", INT, nullable=False),
        sa.Column("attempts", INT, nullable=False),
        sa.Column("first_try", INT, nullable=True),
        sa.Column("dated", INT, nullable=True),
        sa.Column("was_unknown", INT, nullable=False),
        sa.Column("fence", INT, nullable=True),
        sa.Column("sender", INT, nullable=True),
        sa.Column("lease_until", INT, nullable=True),
        sa.Column("superseded_by", INT, nullable=True),
        sa.Column("lane", sa.Text, server_default="other", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name="fk_delivery_edition"),
        sa.ForeignKeyConstraint(["sender"], ["sender.id"], name="fk_delivery_sender"),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscription.id"], name="fk_delivery_subscription"
        ),
        sa.ForeignKeyConstraint(["variant"], ["variant.id"], name="fk_delivery_variant"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("edition", "address_key", name="uq_delivery_edition_address_key"),
        sa.UniqueConstraint("key", name="uq_delivery_key"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["edition", "not_before", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_delivery_edition_state", "delivery", ["edition", "state"], unique=False)
    op.create_index(
        "ix_delivery_held",
        "delivery",
        ["sender"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_delivery_one_open",
        "delivery",
        ["subscription"],
        unique=True,
        sqlite_where=sa.text("state IN ('pending', 'sending') AND kind = 'bulk'"),
        postgresql_where=sa.text("state IN ('pending', 'sending') AND kind = 'bulk'"),
    )
    op.create_index(
        "ix_delivery_subscription_day", "delivery", ["subscription", "day"], unique=False
    )
    op.create_index(
        "ix_delivery_superseded",
        "delivery",
        ["superseded_by", "subscription"],
        unique=False,
        sqlite_where=sa.text("superseded_by IS NOT NULL"),
        postgresql_where=sa.text("superseded_by IS NOT NULL"),
    )
    op.create_table(
        "variant_item",
        sa.Column("variant", INT, nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.Column("article", INT, nullable=False),
        sa.Column("revision", INT, nullable=False),
        sa.Column("part", INT, nullable=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_variant_item_article"),
        sa.ForeignKeyConstraint(["variant"], ["variant.id"], name="fk_variant_item_variant"),
        sa.PrimaryKeyConstraint("variant", "position", name="pk_variant_item"),
        sqlite_strict=True,
    )
    op.create_index("ix_variant_item_article", "variant_item", ["article"], unique=False)
    op.create_table(
        "delivery_event",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("delivery", INT, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.Column("attempt", INT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name="fk_delivery_event_delivery"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_event"),
        sqlite_strict=True,
    )
    op.create_index("ix_delivery_event_delivery", "delivery_event", ["delivery"], unique=False)
    _create_requests()


def _create_requests() -> None:
    op.create_table(
        "signup",
        sa.Column("id", INT, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("newsletter", sa.Text, nullable=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("series", sa.Text, nullable=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("network", sa.LargeBinary, nullable=True),
        sa.Column("form", sa.Text, nullable=True),
        sa.Column("version", sa.Text, nullable=True),
        sa.Column("text", sa.Text, nullable=True),
        sa.Column("at", INT, nullable=False),
        sa.Column("due", INT, nullable=False),
        sa.Column("delivery", INT, nullable=True),
        sa.Column("subscription", INT, nullable=True),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name="fk_signup_delivery"),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscription.id"], name="fk_signup_subscription"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signup"),
        sa.UniqueConstraint("delivery", name="uq_signup_delivery"),
        sqlite_strict=True,
    )
    op.create_index("ix_signup_at", "signup", ["at"], unique=False)
    op.create_index("ix_signup_state_due", "signup", ["state", "due"], unique=False)
    op.create_table(
        "turn",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("taken", INT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_turn"),
        sqlite_strict=True,
    )
    op.create_table(
        "intake",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("newsletter", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.Column("undone", INT, nullable=True),
        sa.ForeignKeyConstraint(["newsletter"], ["newsletter.name"], name="fk_intake_newsletter"),
        sa.PrimaryKeyConstraint("id", name="pk_intake"),
        sqlite_strict=True,
    )
    op.create_table(
        "intake_row",
        sa.Column("intake", INT, nullable=False),
        sa.Column("subscription", INT, nullable=False),
        sa.Column("before", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(["intake"], ["intake.id"], name="fk_intake_row_intake"),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscription.id"], name="fk_intake_row_subscription"
        ),
        sa.PrimaryKeyConstraint("intake", "subscription", name="pk_intake_row"),
        sqlite_strict=True,
    )
    op.create_index("ix_intake_row_subscription", "intake_row", ["subscription"], unique=False)
    op.create_table(
        "private_feed",
        sa.Column("id", INT, autoincrement=False, nullable=False),
        sa.Column("subscription", INT, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscription.id"], name="fk_private_feed_subscription"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_private_feed"),
        sa.UniqueConstraint("subscription", name="uq_private_feed_subscription"),
        sqlite_strict=True,
    )
    op.create_table(
        "suppression_event",
        sa.Column("id", INT, autoincrement=True, nullable=False),
        sa.Column("address_key", sa.LargeBinary, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_suppression_event"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_suppression_event_address_key", "suppression_event", ["address_key"], unique=False
    )
