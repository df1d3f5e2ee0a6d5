"""Lanes: the domain group of each reader and letter, and the buckets of limited lanes.

The large providers are known by their domains. The groups of other domains are keyed hashes, and
the key is not here: readers who joined before this stay together in the group `other`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REAL: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
PROVIDERS = {
    "gmail": ("gmail.com", "googlemail.com"),
    "outlook": (
        *("outlook.com", "outlook.jp", "hotmail.com", "hotmail.co.jp", "hotmail.co.uk"),
        *("hotmail.de", "hotmail.fr", "hotmail.it", "live.com", "live.jp", "msn.com"),
    ),
    "yahoo": ("yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "ymail.com", "aol.com"),
    "yahoo-jp": ("yahoo.co.jp",),
    "icloud": ("icloud.com", "me.com", "mac.com"),
    "docomo": ("docomo.ne.jp",),
    "au": ("au.com", "ezweb.ne.jp"),
    "softbank": (
        *("softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp", "disney.ne.jp"),
        *(f"{letter}.vodafone.ne.jp" for letter in "dhtckrnsq"),
    ),
}


def upgrade() -> None:
    for table in ("subscriber", "delivery"):
        op.add_column(table, sa.Column("lane", sa.Text, server_default="other", nullable=False))
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
    _sort()


def _sort() -> None:
    """Give the readers whom the store holds, and the letters that wait for them, their groups."""
    for group, domains in PROVIDERS.items():
        for domain in domains:
            op.get_bind().execute(
                sa.text("UPDATE subscriber SET lane = :group WHERE address LIKE :pattern"),
                {"group": group, "pattern": f"%@{domain}"},
            )
    op.execute(
        """UPDATE delivery SET lane = (
            SELECT p.lane FROM subscription s JOIN subscriber p ON p.id = s.subscriber
            WHERE s.id = delivery.subscription)
        WHERE state IN ('pending', 'claimed', 'sending') AND subscription IS NOT NULL"""
    )
