"""In which order rows are taken where several processes write, so that no two wait for each other.

A sender's round first, or that there is none (`in_a_round`, `between_rounds`), and its limited lanes;
newsletters (`news.lock`), then letters, the requests that they answer, subscriptions and their readers,
each by number; last of all how far sending has come (`senders.count_departures`, `reserve_fences`).
SQLite has one writer at a time, and takes nothing. What is taken is not deleted, so that rows that refer
to it may still be made.
"""

from collections.abc import Sequence

from syndicate.store.database import Transaction
from syndicate.store.statement import Statement

_ROUNDS = 0x726F756E  # the lock of rounds; the number only has to be ours alone
_SHARE = Statement("SELECT pg_advisory_xact_lock_shared(:rounds)")
_EXCLUDE = Statement("SELECT pg_advisory_xact_lock(:rounds)")
_LETTERS = Statement("SELECT subscription FROM delivery WHERE id IN :rows ORDER BY id FOR UPDATE")
_REQUESTS = Statement(
    "SELECT subscription FROM signup WHERE delivery IN :rows ORDER BY id FOR SHARE"
)
_SUBSCRIPTIONS = Statement(
    "SELECT id FROM subscription WHERE id IN :numbers ORDER BY id FOR NO KEY UPDATE"
)
_READERS = Statement("""
    SELECT id FROM subscriber
    WHERE id IN (SELECT s.subscriber FROM subscription s WHERE s.id = ANY(:people))
    ORDER BY id FOR NO KEY UPDATE
""")
# A stranger who asked has no subscriber yet.
_ANSWERS = Statement("""
    SELECT id FROM delivery WHERE edition IS NULL AND state = 'pending'
    AND address_key IN :keys ORDER BY id FOR UPDATE
""")
_CONFIRMED = Statement("SELECT id FROM signup WHERE id IN :requests ORDER BY id FOR UPDATE")
_THEIRS = Statement("""
    SELECT s.id FROM subscription s JOIN subscriber p ON p.id = s.subscriber WHERE p.address_key IN :keys
""")
_OF_ADDRESSES = Statement(
    "SELECT id FROM subscriber WHERE address_key IN :keys ORDER BY id FOR NO KEY UPDATE"
)


def in_a_round(tx: Transaction) -> None:
    """Begin a round of sending: who stops letters waits for it, and it for him."""
    if tx.dialect.name != "sqlite":
        _SHARE(tx, {"rounds": _ROUNDS}).fetchall()


def between_rounds(tx: Transaction) -> None:
    """Let no sender's round be open until this transaction ends, which stops letters.

    What rounds committed to before is under way; no later one has looked before this is seen.
    """
    if tx.dialect.name != "sqlite":
        _EXCLUDE(tx, {"rounds": _ROUNDS}).fetchall()


def letters(tx: Transaction, rows: Sequence[int], subscriptions: Sequence[int] = ()) -> None:
    """Take letters and whose they are, and other subscriptions with them."""
    if tx.dialect.name != "sqlite":
        values = {"rows": list(rows)}
        found = [*_LETTERS(tx, values), *_REQUESTS(tx, values)] if rows else []
        people(tx, [*subscriptions, *(row[0] for row in found if row[0] is not None)])


def people(tx: Transaction, subscriptions: Sequence[int]) -> None:
    """Take subscriptions and their readers."""
    numbers = list(subscriptions)
    if numbers and tx.dialect.name != "sqlite":
        _SUBSCRIPTIONS(tx, {"numbers": numbers}).fetchall()
        _READERS(tx, {"people": numbers}).fetchall()


def addresses(tx: Transaction, keys: Sequence[bytes], requests: Sequence[int] = ()) -> None:
    """Take all that could be written to addresses: answers to requests, subscriptions, readers.

    Of `requests` none is confirmed meanwhile.
    """
    if tx.dialect.name != "sqlite":
        values = {"keys": list(keys)}
        _ANSWERS(tx, values).fetchall()
        _CONFIRMED(tx, {"requests": list(requests)}).fetchall()
        theirs = [row[0] for row in _THEIRS(tx, values)]
        _SUBSCRIPTIONS(tx, {"numbers": theirs}).fetchall()
        _OF_ADDRESSES(tx, values).fetchall()
