"""Fences in time: a round reserves more, and the witness is told beside the loop (DELIVERY.md, rule 8)."""

from concurrent.futures import Executor, Future

from syndicate.jobs.recover import Seat, take
from syndicate.store import witness
from syndicate.store.database import Store, Transaction

_FEW = 4  # in as many rounds the witness knows of more


class Fences:
    """The fences of a seat. None is used before the witness knows of it."""

    def __init__(self, store: Store, seat: Seat, books: Executor) -> None:
        self._store, self._seat, self._books = store, seat, books
        self._coming: tuple[int, Future[None]] | None = None

    @property
    def _left(self) -> int:
        return self._seat.last_fence - self._seat.fence

    def reserve(self, tx: Transaction) -> int | None:
        """Reserve more while a few are left, and return the number before the first.

        In a round's own transaction: another connection that writes costs SQLite all that it has read.
        """
        few = self._left <= _FEW and self._coming is None
        return witness.reserve_fences(tx, self._seat.folder) if few else None

    def reserved(self, first: int) -> None:
        """Let the witness know of those after `first`, once their reservation is committed."""
        known = self._books.submit(witness.attest, self._store, self._seat.folder)
        self._coming = first, known

    def ready(self) -> None:
        """See that there is one to use, or raise what the witness came to."""
        if self._coming is not None and (self._left == 0 or self._coming[1].done()):
            first, known = self._coming
            known.result()
            if self._left == 0:
                take(self._seat, first)
                self._coming = None
