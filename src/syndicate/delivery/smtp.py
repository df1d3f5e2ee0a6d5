"""Letters over SMTP: some sessions to one server, each used for many letters, served by one thread."""

import smtplib
import socket
from collections import deque
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from selectors import EVENT_READ, DefaultSelector
from threading import Lock, Thread
from time import monotonic

from syndicate.delivery import ConnectError
from syndicate.delivery.dialogue import End, transaction
from syndicate.delivery.session import PARTING, SmtpSettings, end_session, open_session
from syndicate.delivery.wire import Session
from syndicate.model import GivenBack, Letter, Outcome

_LOOK = 30.0  # seconds: one who looks waits at a terminal, and no letter depends on it
_OPENED, _RING = b"o", b"r"  # what is said to the thread that serves
_GLANCE = 0.1  # seconds between looks for servers that let their deadline pass
_LINGER = 0.005  # seconds: letters that land together are recorded together
_FEWER_S = 60.0  # how long a server that refused a session is asked for no more than it gave


class SmtpTransport:
    """Opens SMTP sessions to one server, all with the same TLS context."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._context = settings.trust() if settings.starttls else None

    def carrier(self, connections: int) -> "SmtpCarrier":
        """Return a carrier that opens sessions as letters come."""
        return SmtpCarrier(self, self._settings, connections)

    def check(self) -> None:
        """Open a session and end it, or raise ConnectError. Somebody waits for it at a terminal."""
        soon = replace(self._settings, timeout=self._settings.timeout or _LOOK)
        end_session(open_session(soon, self._context), politely=True)

    def open(self) -> smtplib.SMTP:
        """Open a session that is ready for MAIL, or raise ConnectError. Any thread may ask."""
        return open_session(self._settings, self._context)


class SmtpCarrier:
    """See `delivery.Carrier`. Sessions are opened in threads, since smtplib waits for the server."""

    def __init__(self, transport: SmtpTransport, settings: SmtpSettings, connections: int) -> None:
        self._transport, self._settings = transport, settings
        self._connections = self._most = connections
        self._fewer_until = 0.0  # on the monotonic clock
        self._waiting: deque[tuple[int, Letter]] = deque()
        self._letters: dict[int, Letter] = {}
        self._landed: list[tuple[int, Outcome]] = []
        self._sessions: set[Session] = set()
        self._idle: list[Session] = []
        self._opening = 0
        self._opened: SimpleQueue[smtplib.SMTP | ConnectError] = SimpleQueue()
        self._stopping = self._closed = False
        self._closing = Lock()  # held while what was opened is handed in, or no more is taken
        self._bell, self._button = socket.socketpair()
        self._button.setblocking(False)
        self._rung = False
        self._glance = 0.0  # when to look for deadlines, on the monotonic clock
        self._selector = DefaultSelector()
        self._selector.register(self._bell, EVENT_READ, None)

    def take(self, ticket: int, letter: Letter) -> None:
        """Begin to hand a letter over."""
        self._waiting.append((ticket, letter))
        self._assign()

    def landed(self, timeout: float, enough: int) -> list[tuple[int, Outcome]]:
        """Return what has come of letters: once there are `enough`, or those that came together."""
        until = monotonic() + timeout
        while len(self._landed) < enough and (self._letters or self._waiting) and not self._rung:
            if self._landed:
                until = min(until, monotonic() + _LINGER)
            left = until - monotonic()
            if left <= 0:
                break
            self._serve(left)
        landed, self._landed, self._rung = self._landed, [], False
        return landed

    def ring(self) -> None:
        """From any thread: let `landed` return."""
        self._press(_RING)

    def give_back(self) -> None:
        """Land what no session has taken."""
        self._stopping = True
        self._assign()

    def close(self) -> None:
        """Say QUIT in each session and hang up; what opens slowly is left to its thread."""
        until = monotonic() + PARTING
        while self._opening and monotonic() < until:
            self._serve(_GLANCE)
        with self._closing:
            self._closed = True
        self._admit()
        for session in list(self._sessions):
            self._leave(session, politely=True)
        self._selector.close()
        self._bell.close()
        self._button.close()

    def _serve(self, timeout: float) -> None:
        """Wait until a socket is ready, and go on with what can; look for deadlines now and then."""
        for key, _ in self._selector.select(min(timeout, _GLANCE)):
            if key.data is None:
                self._rung |= _RING in self._bell.recv(4096)
                self._admit()
            else:
                self._go_on(key.data, key.data.ready())
        now = monotonic()
        if now >= self._glance:
            self._glance = now + _GLANCE
            if now >= self._fewer_until:
                self._connections = self._most
            for late in [one for one in self._sessions if one.deadline <= now]:
                self._go_on(late, late.late())
        self._assign()

    def _assign(self) -> None:
        """Give waiting letters to idle sessions, and open as many as are lacking, unless it ends."""
        while self._waiting and self._idle:
            session = self._idle.pop()
            ticket, letter = self._waiting.popleft()
            self._letters[ticket] = letter
            dialogue = transaction(letter, session.features, used=session.carried > 0)
            self._go_on(session, session.begin(ticket, dialogue))
        if self._stopping:
            self._landed += [(ticket, GivenBack()) for ticket, _ in self._waiting]
            self._waiting.clear()
        room = self._connections - len(self._sessions) - self._opening
        for _ in range(min(room, len(self._waiting) - self._opening)):
            self._opening += 1
            Thread(target=self._open, name="smtp", daemon=True).start()

    def _open(self) -> None:
        """In a thread: open a session, and ring; where nobody waits for it any more, hang up."""
        opened: smtplib.SMTP | ConnectError
        try:
            opened = self._transport.open()
        except ConnectError as error:
            opened = error
        except Exception as error:  # noqa: BLE001 - nothing was said to the server yet
            opened = ConnectError(repr(error), blames_us=False)
        with self._closing:
            if not self._closed:
                self._opened.put(opened)
                self._press(_OPENED)
            elif isinstance(opened, smtplib.SMTP):
                end_session(opened, politely=False)

    def _press(self, said: bytes) -> None:
        """From any thread: say it to the thread that serves. No wait: that may be nobody just now."""
        with suppress(BlockingIOError):  # what was pressed before rings still, and that is enough
            self._button.send(said)

    def _admit(self) -> None:
        """Take in the sessions that were opened. One that was not costs a letter only if there is none."""
        with suppress(Empty):
            while True:
                opened = self._opened.get_nowait()
                self._opening -= 1
                if isinstance(opened, smtplib.SMTP):
                    session = Session(opened, self._settings, self._selector)
                    self._sessions.add(session)
                    self._idle.append(session)
                elif self._sessions:  # a server that takes fewer than we open: others carry on
                    self._connections = len(self._sessions) + self._opening
                    self._fewer_until = monotonic() + _FEWER_S
                elif self._waiting:
                    ticket, _ = self._waiting.popleft()
                    self._landed.append((ticket, opened.outcome))

    def _go_on(self, session: Session, end: End | None) -> None:
        """Note how a session's letter ended, if it has, and keep the session or leave it."""
        if end is None:
            return
        if session.ticket is not None:
            ticket, letter = session.ticket, self._letters.pop(session.ticket)
            session.ticket = None
            if end.outcome is None:
                self._waiting.appendleft((ticket, letter))
            else:
                self._landed.append((ticket, end.outcome))
            if end.usable and session.carried < self._settings.letters_per_session:
                self._idle.append(session)
                return
        self._leave(session, politely=end.usable)

    def _leave(self, session: Session, *, politely: bool) -> None:
        self._sessions.discard(session)
        if session in self._idle:
            self._idle.remove(session)
        session.close(politely=politely)
