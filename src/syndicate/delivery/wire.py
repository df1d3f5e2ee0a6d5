"""One SMTP session on a socket that never blocks: what a dialogue says goes out, replies come in.

smtplib opens a session (`session.py`); from then on one thread serves many of them, each when its
socket is ready. Deadlines are for a whole reply, so that a server that dribbles gains no time.
"""

import re
import smtplib
import socket
import ssl
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector
from time import monotonic

from syndicate.delivery.dialogue import Dialogue, End, LostError, OutOfTurnError, Reply, Say
from syndicate.delivery.session import SmtpSettings, end_session

_CHUNK = 4096  # bytes: replies are short, and room for more is made anew each time
_LONGEST_REPLY = 65536  # bytes: RFC 5321 section 4.5.3.1.5 allows 512 a line
_PIECES = 64  # given to the kernel at once, which takes up to 1024
# A line of a reply; one that is none has no code.
_LINE = re.compile(rb"(?:([2-5][0-9]{2})(-| |(?=\r*\n)))?([^\n]*)\n")
_WAIT = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Session:
    """A session that carries one letter at a time; `ticket` is the letter's, None while it is idle."""

    def __init__(self, smtp: smtplib.SMTP, settings: SmtpSettings, selector: BaseSelector) -> None:
        """Take over a session that is ready for MAIL."""
        assert smtp.sock is not None
        self.features = smtp.esmtp_features
        self.carried = 0
        self.ticket: int | None = None
        self.deadline = float("inf")  # on the monotonic clock
        self._smtp, self._settings, self._selector = smtp, settings, selector
        self._socket: socket.socket = smtp.sock
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._dialogue: Dialogue | None = None
        self._out: list[bytes | memoryview] = []
        self._in = b""
        self._patience = 0.0  # seconds
        self._events = EVENT_READ
        selector.register(self._socket, EVENT_READ, self)

    def begin(self, ticket: int, dialogue: Dialogue) -> End | None:
        """Begin a letter's dialogue; see `ready`."""
        self.ticket, self._dialogue = ticket, dialogue
        self.carried += 1
        self._in = b""
        try:
            say = next(dialogue)
        except StopIteration as stop:  # it was not fit to be sent
            return self._ended(stop.value)
        return self._say(say)

    def ready(self) -> End | None:
        """Go on as far as the socket allows; returns how the letter's dialogue ended, once it has."""
        if self._dialogue is None:  # an idle server says nothing but that it goes
            return End(None, usable=False)
        end = self._listen()  # first: what is there already is no answer to what is left to send
        return self._flush() if self._out else end

    def late(self) -> End | None:
        """Give up on a server that let its deadline pass."""
        return self._lost(LostError("timed out"))

    def close(self, *, politely: bool = False) -> None:
        """End the session; `politely` says QUIT first."""
        self._selector.unregister(self._socket)
        if politely:
            self._socket.settimeout(self._settings.patience("mail"))
        end_session(self._smtp, politely=politely)

    def _say(self, say: Say) -> End | None:
        if self._in or self._out:
            return self._lost(OutOfTurnError("the server spoke out of turn"))
        self._be_patient(say)
        self.deadline = monotonic() + self._patience
        # TLS copies what it is given, one piece at a time; else the kernel gathers them.
        gathered = not isinstance(self._socket, ssl.SSLSocket)
        self._out = list(say.pieces) if gathered else [b"".join(say.pieces)]
        return self._flush()

    def _be_patient(self, say: Say) -> None:
        settings = self._settings
        self._patience = settings.final_timeout if say.final else settings.patience(say.phase)

    def _flush(self) -> End | None:
        """Send what the socket takes; the deadline moves while it takes something.

        What a server said before it hung up is heard still, though no more can be sent.
        """
        try:
            while self._out:
                self._out = _left(self._out, self._send())
                self.deadline = monotonic() + self._patience
        except _WAIT:
            self._await(EVENT_READ | EVENT_WRITE)
        except OSError as error:
            end = self._listen()
            return end._replace(usable=False) if end else self._lost(LostError(str(error)))
        else:
            self._await(EVENT_READ)
        return None

    def _send(self) -> int:
        if isinstance(self._socket, ssl.SSLSocket):
            return self._socket.send(self._out[0])
        return self._socket.sendmsg(self._out[:_PIECES])

    def _await(self, events: int) -> None:
        if events != self._events:
            self._selector.modify(self._socket, events, self)
            self._events = events

    def _listen(self) -> End | None:
        try:
            more = self._socket.recv(_CHUNK)
            while isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
                more += self._socket.recv(_CHUNK)  # decrypted already: no event tells of it
        except _WAIT:
            return None
        except OSError as error:
            return self._lost(LostError(str(error)))
        self._in += more
        if not more:
            return self._lost(LostError("the server closed the connection"))
        if len(self._in) > _LONGEST_REPLY:
            return self._lost(LostError("endless reply"))
        return self._heard()

    def _heard(self) -> End | None:
        """Hand the dialogue each reply that is there."""
        while (reply := self._next_reply()) is not None:
            assert self._dialogue is not None
            try:
                say = self._dialogue.send(reply)
            except StopIteration as stop:
                return self._ended(stop.value)
            if say.pieces:
                return self._say(say)
            self._be_patient(say)
            self.deadline = monotonic() + self._patience
        return None

    def _next_reply(self) -> Reply | None:
        """Take the next whole reply (RFC 5321 section 4.2.1), None while there is none."""
        texts, start = [], 0
        # Matched where it begins: a search tries each byte of a long line.
        while line := _LINE.match(self._in, start):
            (code, mark, text), start = line.groups(), line.end()
            texts.append(text.rstrip(b"\r").decode("utf-8", "replace"))
            if mark != b"-":
                self._in = self._in[start:]
                if code is None:
                    return Reply(-1, texts[-1])
                return Reply(int(code), "\n".join(texts), early=bool(self._out))
        return None

    def _lost(self, why: LostError) -> End:
        """Tell the dialogue that the connection is gone; what it would still say is not sent."""
        assert self._dialogue is not None
        while True:
            try:
                self._dialogue.throw(why)
            except StopIteration as stop:
                end: End = stop.value
                return self._ended(end._replace(usable=False))

    def _ended(self, end: End) -> End:
        self._dialogue, self._out, self.deadline = None, [], float("inf")
        return end


def _left(pieces: list[bytes | memoryview], sent: int) -> list[bytes | memoryview]:
    """Return what is left of pieces once so many bytes of them are sent."""
    for number, piece in enumerate(pieces):
        if sent < len(piece):
            return [memoryview(piece)[sent:], *pieces[number + 1 :]]
        sent -= len(piece)
    return []
