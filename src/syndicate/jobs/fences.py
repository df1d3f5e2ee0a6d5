"""Fences in time: more are reserved, and the witness told of them, beside the loop (DELIVERY.md, rule 8)."""

from concurrent.futures import Executor, Future

from syndicate.jobs.recover import Seat, reserved, take
from syndicate.store.database import Store

_FEW = 4  # in as many rounds there are more


class Fences:
    """The fences of a seat. None is used before the witness knows of it."""

    def __init__(self, store: Store, seat: Seat, books: Executor) -> None:
        self._store, self._seat, self._books = store, seat, books
        self._coming: Future[int] | None = None

    def ready(self) -> None:
        """See that there is one to use, and that more are coming, or raise what that came to."""
        left = self._seat.last_fence - self._seat.fence
        if self._coming is None and left <= _FEW:
            self._coming = self._books.submit(reserved, self._store, self._seat.folder)
        if self._coming is not None and (left == 0 or self._coming.done()):
            first = self._coming.result()
            if left == 0:
                take(self._seat, first)
                self._coming = None
