"""Alembic's entry: the connection is given by `store/migrate.py`, never configured in a file."""

from alembic import context

from syndicate.store.schema.every import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
