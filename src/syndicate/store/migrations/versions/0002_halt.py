"""The note that all sending is paused. (Its number was given before those of 0004 and 0005.)"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0005"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "halt",
        sa.Column("id", INT, autoincrement=False, nullable=False),
        sa.Column("at", INT, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_halt_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_halt"),
        sqlite_strict=True,
    )
