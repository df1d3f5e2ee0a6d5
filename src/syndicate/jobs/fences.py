"""Fences in time: reserved within a round, and told to the witness beside the loop (DELIVERY.md, rule 8)."""

from concurrent.futures import Executor, Future

from syndicate.jobs.recover import Seat, take
from syndicate.store import senders, witness
from syndicate.store.database import Store, Transaction

_FEW = 4  # in as many rounds the witness has been told of more


class Fences:
    """The fences of a seat. None is used before the witness knows of it."""

    def __init__(self, store: Store, seat: Seat, books: Executor) -> None:
        self._store, self._seat, self._books = store, seat, books
        self._reserved: int | None = None  # the number before them, while a round is written
        self._coming: Future[int] | None = None  # the same, while the witness is told

    def ready(self) -> None:
        """See that there is one to use, or raise SendingHeldError."""
        if self._seat.fence == self._seat.last_fence:
            assert self._coming is not None
            take(self._seat, self._coming.result())
            self._coming = None

    def reserve(self, tx: Transaction) -> None:
        """Reserve more where few are left, at the end of a round (`store/precedence.py`)."""
        if self._coming is None and self._seat.last_fence - self._seat.fence <= _FEW:
            self._reserved = senders.reserve_fences(tx)

    def tell(self, committed: Future[None]) -> None:
        """Tell the witness of what the round reserved, once it is on the disk."""
        if self._reserved is not None:
            self._coming = self._books.submit(self._told, committed, self._reserved)
            self._reserved = None

    def _told(self, committed: Future[None], reserved: int) -> int:
        committed.result()
        witness.attest(self._store, self._seat.folder)
        return reserved
