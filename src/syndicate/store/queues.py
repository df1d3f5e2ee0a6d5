"""What letters may be claimed from: requests that somebody waits for, and the editions that send."""

from collections.abc import Iterator

from syndicate.store.database import Transaction
from syndicate.store.statement import Statement

_SENDABLE = Statement(
    "SELECT id FROM edition WHERE state = 'sending' AND NOT EXISTS (SELECT 1 FROM halt) ORDER BY id"
)
_ORDER = "ORDER BY d.not_before, d.id LIMIT :limit"
# Pending rows of one edition, by the index that holds nothing else.
_DUE = f"""
    FROM delivery d WHERE d.edition = :edition AND d.state = 'pending' AND d.not_before <= :now
    AND EXISTS (SELECT 1 FROM variant v WHERE v.id = d.variant AND v.html_size IS NOT NULL)
    {_ORDER}
"""
# Rows that belong to no edition, by the same index: somebody waits for them.
_ASKED = f"""
    FROM delivery d WHERE d.edition IS NULL AND d.kind IN ({{kinds}}) AND d.state = 'pending'
    AND d.not_before <= :now AND NOT EXISTS (SELECT 1 FROM halt)
    {_ORDER}
"""
# Where others claim too, what is due is locked, and what they have locked is passed over.
_AMONG = "FOR UPDATE OF d SKIP LOCKED"


class Queue:
    """Statements on one kind of due rows: when the next is, and the first of them with their lanes."""

    def __init__(self, due: str) -> None:
        self.next = Statement(f"SELECT d.not_before {due}")
        self._looks = [Statement(f"SELECT d.id, d.lane {due} {lock}") for lock in ("", _AMONG)]

    def look(self, tx: Transaction) -> Statement:
        """Look at what is due."""
        return self._looks[tx.dialect.name != "sqlite"]


_OF_EDITION, _OF_TESTS = Queue(_DUE), Queue(_ASKED.format(kinds="'test'"))
_OF_REQUESTS = Queue(_ASKED.format(kinds="'transactional', 'test'"))


def queues(tx: Transaction, *, tests: bool = False) -> Iterator[tuple[Queue, int | None]]:
    """Yield what may be claimed from, in order: requests first, since somebody waits.

    With `tests` test letters alone.
    """
    if tests:
        yield _OF_TESTS, None
        return
    yield _OF_REQUESTS, None
    for row in _SENDABLE(tx, {}).fetchall():
        yield _OF_EDITION, row[0]
