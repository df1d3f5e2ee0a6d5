"""Marks: numbers beyond the rows, so that a copy that sends again gives none of them twice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mark",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", INT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_mark"),
        sqlite_strict=True,
    )
