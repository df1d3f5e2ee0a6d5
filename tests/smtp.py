"""A real SMTP server that records what it took over, and misbehaves as told.

with Recorder() as server:
    ...send to server.host, server.port...
assert server.letters == [Received(sender, recipient, data)]
"""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable
from threading import Thread
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiosmtpd.smtp import SMTP, AuthResult

DROP = "drop"  # hang up without having taken the letter over
TAKE_AND_DROP = "take and drop"  # take it over, and hang up before saying so
SILENT = "silent"  # never answer (at "rcpt" alone)

# Asked at "mail", "rcpt" and "data" (the whole body is there) with the address, for the n-th time
# (from 1): a reply line to give instead of the usual one, DROP, TAKE_AND_DROP, SILENT, or None.
Script = Callable[[str, str, int], str | None]


class Received(NamedTuple):
    """A letter that the server took over: envelope and bytes, dots unstuffed."""

    sender: str
    recipient: str
    data: bytes


def obey(_phase: str, _address: str, _nth: int) -> str | None:
    """Take everything."""
    return None


class Recorder:
    """Listens on a free port while the context lasts; `sessions` counts connections.

    Those beyond `room` at a time are `turned_away`; it may be changed at any time.
    """

    def __init__(
        self,
        script: Script = obey,
        *,
        tls: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
        idle: float = 300.0,
        smtputf8: bool = True,
        size: int = 33_554_432,
        host: str = "127.0.0.1",
    ) -> None:
        self.host = host
        self.letters: list[Received] = []
        self.sessions = 0
        self.open_at_most = 0
        self.room = 1000
        self.turned_away = 0
        self.port = 0
        self._script = script
        self._asked: Counter[tuple[str, str]] = Counter()
        self._login = login
        self._options: dict[str, Any] = {
            "hostname": "mx.example",
            "tls_context": tls,
            "timeout": idle,
            "enable_SMTPUTF8": smtputf8,
            "data_size_limit": size,
            "auth_require_tls": tls is not None,
            "authenticator": self._authenticate,
        }
        self._transports: set[asyncio.BaseTransport] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="recorder")

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(self._loop.create_server(self._session, self.host, 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def hang_up(self) -> None:
        """Close every connection, as a server does with idle ones."""
        self._run(self._hang_up())

    def times(self) -> Counter[tuple[str, bytes]]:
        """How often each letter was taken over, by recipient and bytes."""
        return Counter((letter.recipient, letter.data) for letter in self.letters)

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _end(self) -> None:
        self._server.close()
        await self._hang_up()

    async def _hang_up(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for transport in self._transports:
            transport.close()
        self._transports.clear()
        await asyncio.gather(*others, return_exceptions=True)

    def _session(self) -> SMTP:
        self.sessions += 1
        self.open_at_most = max(self.open_at_most, len(self._transports) + 1)
        return _Session(self, self._transports, loop=self._loop, **self._options)

    def _authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        wanted = self._login and tuple(text.encode() for text in self._login)
        return AuthResult(success=(data.login, data.password) == wanted, handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._answer(server, "mail", address)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        reply = self._answer(server, "rcpt", address)
        if reply == SILENT:
            await asyncio.Event().wait()
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        letter = Received(envelope.mail_from, recipient, envelope.content)
        return self._answer(server, "data", recipient, letter)

    def _answer(
        self, server: SMTP, phase: str, address: str, letter: Received | None = None
    ) -> str:
        self._asked[phase, address] += 1
        told = self._script(phase, address, self._asked[phase, address])
        if letter and told in {None, TAKE_AND_DROP}:
            self.letters.append(letter)
        assert server.transport is not None
        if told in {DROP, TAKE_AND_DROP}:
            server.transport.close()
            raise asyncio.CancelledError  # as when the client hangs up: aiosmtpd ends the session
        if told and told.startswith("421"):
            self._loop.call_soon(server.transport.close)
        return told or "250 2.0.0 OK"


class _Session(SMTP):
    """Remembers its transport, so that nothing stays open."""

    def __init__(
        self, recorder: Recorder, transports: set[asyncio.BaseTransport], **options: Any
    ) -> None:
        super().__init__(recorder, **options)
        self._recorder, self._all = recorder, transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if len(self._all) >= self._recorder.room:
            self._recorder.turned_away += 1
            transport.write(b"421 4.7.0 too many connections\r\n")  # type: ignore[attr-defined]
            transport.close()
            return
        self._all.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:  # it was not turned away
            self._all.discard(self.transport)
            super().connection_lost(error)
