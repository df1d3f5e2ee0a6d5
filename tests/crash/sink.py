"""An SMTP server that writes down what it took over, and may kill its client at any point.

A script is asked at each `Moment` of the dialogue and answers with a reply line in place of the
usual one, with a deed below, or with None.
"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from threading import Thread
from types import TracebackType
from typing import Any, NamedTuple, Self

from tests.ledger_invariants import Arrival

DROP = "drop"  # hang up; at "dot": without having taken the letter over
KILL = "kill"  # kill the client before anything is said; at "dot": the letter is not taken over
TAKE_AND_DROP = "take and drop"  # only at "dot": take it over, and hang up before saying so
TAKE_AND_KILL = "take and kill"  # only at "dot": take it over, and kill the client before saying so

_END = b"\r\n.\r\n"


class Moment(NamedTuple):
    """A point of the dialogue: "mail", "rcpt", "data", "body" (some of it came) or "dot".

    `nth` counts how often this mailbox came to this phase, from 1; `total` all moments so far.
    """

    phase: str
    mailbox: str
    nth: int
    total: int


Script = Callable[[Moment], str | None]


def obey(_moment: Moment) -> str | None:
    """Take everything."""
    return None


class Sink:
    """Listens on a free port of 127.0.0.1 while the context lasts.

    `victim` is the process that KILL kills; `arrivals` are the letters whose last dot came,
    `ambiguous` counts those whose client got no reply though it lived on.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        script: Script = obey,
        *,
        pipelining: bool = True,
        delay: float = 0.0,
        log: Callable[[Arrival], None] | None = None,
    ) -> None:
        self.script, self.pipelining, self.delay = script, pipelining, delay
        self.victim = 0
        self.arrivals: list[Arrival] = []
        self.ambiguous = self.killed = self.accepted = 0
        self.port = 0
        self._log = log or self.arrivals.append
        self._asked: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="sink")
        self._sessions: set[asyncio.Transport] = set()
        self._errors: list[str] = []

    def __enter__(self) -> Self:
        self._loop.set_exception_handler(lambda _, about: self._errors.append(repr(about)))
        self._thread.start()
        self._server = self._run(self.listen())
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
        assert error or not self._errors, self._errors

    async def listen(self) -> asyncio.Server:
        """Begin to listen in the running event loop."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Session(self), self.host, self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def ask(self, phase: str, mailbox: str) -> str | None:
        """Ask the script what to do at a moment."""
        self._asked[phase, mailbox] += 1
        self._asked["", ""] += 1
        return self.script(Moment(phase, mailbox, self._asked[phase, mailbox], self._asked["", ""]))

    def arrived(self, mailbox: str, body: bytes, *, accepted: bool) -> None:
        """Write a letter down."""
        head, _, _ = body.partition(b"\r\n\r\n")
        letter = head.lower().partition(b"message-id:")[2].split()[0].decode()
        digest = sha256(body).hexdigest()
        self.accepted += accepted
        self._log(Arrival(letter, mailbox, digest, accepted))

    def kill(self) -> None:
        """Kill the client, once."""
        assert self.victim, "nobody to kill"
        os.kill(self.victim, signal.SIGKILL)
        self.victim = 0
        self.killed += 1

    def joined(self, session: asyncio.Transport) -> None:
        """Know a session."""
        self._sessions.add(session)

    def left(self, session: asyncio.Transport) -> None:
        """Forget a session."""
        self._sessions.discard(session)

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _end(self) -> None:
        self._server.close()
        for session in list(self._sessions):
            session.abort()
        await asyncio.sleep(0)


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._transport: asyncio.Transport | None = None
        self._in = bytearray()
        self._mailbox = ""
        self._body: bool | None = None  # None outside of a letter; whether some of it has come

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._sink.joined(transport)
        self._say("220 mx.example ESMTP")

    def connection_lost(self, _error: Exception | None) -> None:
        assert self._transport is not None
        self._sink.left(self._transport)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._in += data
        while self._alive and (self._next_of_body() if self._body is not None else self._line()):
            pass

    @property
    def _alive(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def _line(self) -> bool:
        end = self._in.find(b"\r\n")
        if end < 0:
            return False
        line = self._in[:end].decode("utf-8", "replace")
        del self._in[: end + 2]
        verb = line[:4].upper()
        if verb == "EHLO":
            more = "250-PIPELINING\r\n" if self._sink.pipelining else ""
            self._say(f"250-mx.example\r\n{more}250-SIZE 33554432\r\n250 8BITMIME")
        elif verb == "MAIL":
            self._answer("mail", "250 2.1.0 OK")
        elif verb == "RCPT":
            self._mailbox = line.partition("<")[2].partition(">")[0]
            if not self._answer("rcpt", "250 2.1.5 OK"):
                self._mailbox = ""
        elif verb == "DATA" and not self._mailbox:
            self._say("503 5.5.1 no recipient")
        elif verb == "DATA":
            if self._answer("data", "354 go ahead"):
                self._body = False
        elif verb == "QUIT":
            self._say("221 2.0.0 bye")
            self._hang_up()
        else:
            self._mailbox = ""
            self._say("250 2.0.0 OK")
        return True

    def _next_of_body(self) -> bool:
        if not self._in:
            return False
        if not self._body:
            self._body = True
            if not self._do(self._sink.ask("body", self._mailbox)):
                return False
        end = self._in.find(_END)
        if end < 0:
            return False
        body = bytes(self._in[: end + 2])
        del self._in[: end + len(_END)]
        self._body = None
        self._dot(body)
        return True

    def _dot(self, body: bytes) -> None:
        mailbox, told = self._mailbox, self._sink.ask("dot", self._mailbox)
        self._mailbox = ""
        accepted = told in {None, TAKE_AND_DROP, TAKE_AND_KILL}
        self._sink.arrived(mailbox, body, accepted=accepted)
        if told in {DROP, TAKE_AND_DROP}:
            self._sink.ambiguous += 1
        if self._do(told):
            self._reply(told or "250 2.0.0 taken")

    def _reply(self, line: str) -> None:
        if self._sink.delay:
            asyncio.get_running_loop().call_later(self._sink.delay, self._say, line)
        else:
            self._say(line)

    def _answer(self, phase: str, usual: str) -> bool:
        """Say what the script wants; whether it is the usual."""
        told = self._sink.ask(phase, self._mailbox if phase != "mail" else "")
        if self._do(told):
            self._say(told or usual)
        return told is None

    def _do(self, deed: str | None) -> bool:
        """Do what is no reply; whether the dialogue goes on."""
        if deed in {KILL, TAKE_AND_KILL}:
            self._sink.kill()
        if deed in {DROP, KILL, TAKE_AND_DROP, TAKE_AND_KILL}:
            self._hang_up()
            return False
        return True

    def _hang_up(self) -> None:
        assert self._transport is not None
        self._transport.close()

    def _say(self, text: str) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(text.encode() + b"\r\n")
