"""The fingerprint of the hash key: with another key, people who left or are suppressed are strangers."""

from sqlalchemy import select

from syndicate.store.database import Store, StoreError
from syndicate.store.schema.content import secret
from syndicate.store.upsert import insert_new


class KeysDifferError(StoreError):
    """The secrets are not those of this database."""


def attest(store: Store, fingerprint: str) -> None:
    """Make sure that the hash key is the database's own, noting it the first time. Raises KeysDifferError."""
    if not examine(store, fingerprint):
        with store.write() as tx:
            insert_new(tx, secret, {"id": 1, "fingerprint": fingerprint})
        examine(store, fingerprint)  # another process may have been first


def examine(store: Store, fingerprint: str) -> bool:
    """Whether the database knows this key, False while it knows none. Raises KeysDifferError for another."""
    with store.read() as tx:
        known = tx.scalar(select(secret.c.fingerprint))
    if known not in (None, fingerprint):
        raise KeysDifferError(
            "The hash_key in secrets.toml is not the one of this database: whoever left would be taken "
            "for a stranger, and mailed again. Put back your secrets.toml."
        )
    return known is not None
