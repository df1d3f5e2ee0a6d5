"""The fingerprint of the hash key, so that a database is not used with the secrets of another.

It is fixed by the first command that opens the database after this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "secret",
        sa.Column("id", INT, autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_secret"),
        sqlite_strict=True,
    )
