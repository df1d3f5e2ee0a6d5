"""Politeness: one request at a time to a host, and a pause between two."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

LONGEST_S = 30.0  # a robots.txt may ask for more; a site that does would never be read


class Pace:
    """Who may ask a host now. `sleep` and `monotonic` are the machine's, unless a test says otherwise."""

    def __init__(
        self,
        pause: float,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pause, self._sleep, self._monotonic = pause, sleep, monotonic
        self._turns: defaultdict[str, Lock] = defaultdict(Lock)
        self._ended: dict[str, float] = {}
        self._lock = Lock()

    @contextmanager
    def turn(self, host: str, asked: float = 0.0) -> Iterator[None]:
        """Wait for the turn at a host; `asked` is the pause that the host itself wants, in seconds."""
        with self._lock:
            mine = self._turns[host]
        with mine:
            if host in self._ended:
                pause = max(self._pause, min(asked, LONGEST_S))
                wait = self._ended[host] + pause - self._monotonic()
                if wait > 0:
                    self._sleep(wait)
            try:
                yield
            finally:
                self._ended[host] = self._monotonic()
