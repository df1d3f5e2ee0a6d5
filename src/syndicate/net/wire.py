"""One connection to a checked address, cut off when its time is over."""

import socket
import ssl
import time
from collections.abc import Sequence
from threading import Lock, Timer
from types import TracebackType
from typing import Self

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from syndicate.net.errors import Unreachable


class Deadline:
    """The whole time of one request: a read that gets a byte now and then is cut off all the same.

    `seconds` count from its beginning, name resolution apart.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self._end = time.monotonic() + seconds
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._timer = Timer(seconds, self.cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for one in self._sockets:
                one.close()
            self._sockets.clear()

    def left(self) -> float:
        """Return the seconds that are left."""
        return self._end - time.monotonic()

    def watch(self, connected: socket.socket) -> None:
        """Have a socket cut off; its double stays ours when TLS takes the socket over."""
        with self._lock:
            self._sockets.append(connected.dup())
        if self.over:
            self.cut()

    def cut(self) -> None:
        """End every connection at once."""
        self.over = True
        with self._lock:
            for one in self._sockets:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it has ended by itself


def open_pool(
    host: str, port: int, addresses: Sequence[str], deadline: Deadline, tls: ssl.SSLContext | None
) -> HTTPConnectionPool:
    """Return a pool of one connection, which goes to one of `addresses` whatever the name says by then.

    Host header and certificate are those of `host`; without `tls` it is plain HTTP.
    """

    def connect() -> socket.socket:
        return _connected(host, port, addresses, deadline)

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect()

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect()

    name, patience = f"[{host}]" if ":" in host else host, deadline.seconds
    if tls is None:
        pool = HTTPConnectionPool(name, port, timeout=patience)
        pool.ConnectionCls = Plain
    else:
        pool = HTTPSConnectionPool(name, port, timeout=patience, ssl_context=tls)
        pool.ConnectionCls = Secure
    return pool


def _connected(host: str, port: int, addresses: Sequence[str], deadline: Deadline) -> socket.socket:
    """Connect to the first address that answers, all of them together within the deadline."""
    reason = "it has no address"
    for one in addresses:
        try:
            connected = socket.create_connection((one, port), max(deadline.left(), 0.001))
        except OSError as error:
            reason = error.strerror or str(error)
        else:
            deadline.watch(connected)
            connected.settimeout(deadline.seconds)
            return connected
    raise Unreachable(f"{host}: does not answer ({reason}).")
