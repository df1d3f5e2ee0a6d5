"""Old addresses, and where they lead to: written by an import, read by every publish."""

from collections.abc import Mapping

from sqlalchemy import select

from syndicate.store import publication
from syndicate.store.database import Transaction
from syndicate.store.schema.serving import redirect
from syndicate.store.upsert import upsert_many


def add(tx: Transaction, moved: Mapping[str, str]) -> None:
    """Lead old addresses to published paths; one that led elsewhere leads here from now on.

    An old address is what follows the host, decoded and with its query ("/2019/花/", "/?p=12"); a
    published path is as in `addresses` ("articles/花/", "feed.rss").
    """
    upsert_many(tx, redirect, [{"old": old, "new": new} for old, new in moved.items()], ("old",))
    publication.touch(tx)


def load(tx: Transaction) -> dict[str, str]:
    """Return where every old address leads to, in the order of the addresses."""
    rows = tx.execute(select(redirect.c.old, redirect.c.new).order_by(redirect.c.old))
    return {row.old: row.new for row in rows}
