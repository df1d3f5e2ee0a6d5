"""A site on this machine that answers as a test says, and remembers what it was asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event as Signal
from threading import Thread
from typing import Any

from msgspec import Struct, field

from syndicate.net import Client, Limits, networks
from tests.conftest import NOW

LOOPBACK = ("127.0.0.0/8", "::1/128")


class Said(Struct, frozen=True):
    """One answer."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: bool = False  # a byte now and then, for ever


Answering = Callable[["Asked"], Said]


class Asked(Struct, frozen=True):
    """One question."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class Site(Struct):
    """What is at each path; a function may answer instead."""

    port: int = 0
    host: str = "127.0.0.1"
    at: dict[str, Said | Answering] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    ended: Signal = field(default_factory=Signal)

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    def text(self, path: str, body: str | bytes, media: str = "text/plain", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.at[path] = Said(body, headers={"Content-Type": media, **named})

    def paths(self) -> list[str]:
        """What was asked, robots.txt apart."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def answer(self, asked: Asked) -> Said:
        self.asked.append(asked)
        found = self.at.get(asked.path) or self.at.get(asked.path.partition("?")[0])
        if callable(found):
            return found(asked)
        return found or Said("nothing here", 404)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): text for name, text in self.headers.items()}
            sent = self.rfile.read(int(headers.get("content-length", "0")))
            said = site.answer(Asked(self.command, self.path, headers, sent))
            body = said.body.encode() if isinstance(said.body, str) else said.body
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if said.drip:
                self.end_headers()
                while not site.ended.wait(0.02):
                    self.wfile.write(b"x")
                return
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_POST = do_GET  # noqa: N815 - the library's names

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asks may hang up."""


@contextmanager
def running(host: str = "127.0.0.1", tls: Any = None) -> Iterator[Site]:
    """Run a site."""
    site = Site(host=host)
    server = _Server((host, 0), _handler(site))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        site.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def client(
    *,
    allowed: Sequence[str] = LOOPBACK,
    seconds: float = 10,
    size: int = 1_000_000,
    now: Callable[[], datetime] = lambda: NOW,
    **more: Any,
) -> Client:
    """A client that may ask this machine, without pauses."""
    limits = Limits(seconds, size, 0)
    return Client(
        "syndicate/0 (+https://example.com)",
        now,
        allowed=networks(allowed),
        limits=limits,
        **more,
    )
