"""Letters over SMTP, one session for many of them.

smtplib speaks; the phases are gone through by hand, since what an error means depends on whether
the first byte of the letter has left (RFC 1047): before it nothing was sent, after it only the
server's reply can tell.
"""

import smtplib
import ssl
from typing import NamedTuple

from syndicate.delivery import ConnectError
from syndicate.delivery.replies import failure, kept
from syndicate.delivery.session import SmtpSettings, end_session, open_session
from syndicate.mailbox import wire
from syndicate.model import Accepted, Deferred, Letter, Outcome, Refused, Unknown
from syndicate.outbox.blame import Phase

_CLOSING = 421  # RFC 5321 section 3.8: it may come at any time, and the server hangs up
_GO_AHEAD = 354
_PHASES: tuple[Phase, ...] = ("mail", "rcpt", "data")


class SmtpTransport:
    """Opens SMTP sessions to one server, all with the same TLS context."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._context = settings.trust() if settings.starttls else None

    def connect(self) -> "SmtpConnection":
        """Open a session, or raise ConnectError."""
        return SmtpConnection(self._settings, self._context)


class _Reply(NamedTuple):
    code: int
    text: str

    @property
    def line(self) -> str:
        return f"{self.code} {self.text}".rstrip()


class _Stale(Exception):
    """A session that was used before ended before it answered MAIL: nothing has been said in it."""


class SmtpConnection:
    """One SMTP session, opened anew when the server has closed it. See `delivery.Connection`."""

    def __init__(self, settings: SmtpSettings, context: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._context = context
        self._smtp: smtplib.SMTP | None = open_session(settings, context)
        self._used = False

    def send(self, letter: Letter) -> Outcome:
        """Hand one letter over. Errors before its first byte defer or refuse it; later ones are Unknown."""
        try:
            smtp, outcome = self._offer_somewhere(letter)
        except ConnectError as error:
            return error.outcome
        return outcome or self._hand_over(smtp, letter)

    def close(self) -> None:
        """Say QUIT and hang up."""
        self._drop(politely=True)

    def _offer_somewhere(self, letter: Letter) -> tuple[smtplib.SMTP, Outcome | None]:
        """Offer the letter in the session that is open; when that has ended meanwhile, in a new one."""
        smtp = self._opened()
        try:
            return smtp, self._offer(smtp, letter)
        except _Stale:
            self._drop()
            smtp = self._opened()
            return smtp, self._offer(smtp, letter)

    def _opened(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp, self._used = open_session(self._settings, self._context), False
        return self._smtp

    def _offer(self, smtp: smtplib.SMTP, letter: Letter) -> Outcome | None:
        """Go from MAIL to the server's go-ahead; None is the go-ahead, and nothing is sent as yet."""
        unfit = _unfit(smtp, letter)
        if unfit:
            return unfit
        reused, self._used = self._used, True
        replies, lost = self._envelope(smtp, letter)
        if reused and (not replies or replies[0].code == _CLOSING):
            raise _Stale
        for phase, reply in zip(_PHASES, replies, strict=False):
            if not _is_success(phase, reply.code):
                if not _reset(smtp, replies):
                    self._drop()
                return failure(*reply, phase) or Deferred(f"{phase}: unreadable: {reply.line}")
        if lost is not None:
            self._drop()
            return Deferred(f"{_PHASES[len(replies)]}: {lost}")
        return None

    def _envelope(self, smtp: smtplib.SMTP, letter: Letter) -> tuple[list[_Reply], str | None]:
        """Say MAIL, RCPT and DATA, at once where the server allows it (RFC 2920).

        Returns the replies, up to the first that is no success, and the error that ended them.
        """
        commands = _commands(letter)
        replies: list[_Reply] = []
        together = smtp.has_extn("pipelining")
        try:
            if together:
                smtp.send(b"".join(commands))
            for phase, command in zip(_PHASES, commands, strict=True):
                if not together:
                    smtp.send(command)
                replies.append(_reply(smtp, letter))
                code = replies[-1].code
                if code == _CLOSING or not (together or _is_success(phase, code)):
                    break
        except (smtplib.SMTPException, OSError) as error:
            return replies, kept(str(error))
        return replies, None

    def _hand_over(self, smtp: smtplib.SMTP, letter: Letter) -> Outcome:
        """Send the bytes, once: from here on only the server's reply can tell what became of them."""
        assert smtp.sock is not None
        smtp.sock.settimeout(self._settings.final_timeout)
        try:
            smtp.send(_stuffed(letter.data))
            reply = _reply(smtp, letter)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Unknown(f"data: {kept(str(error))}")
        smtp.sock.settimeout(self._settings.timeout)
        if 200 <= reply.code <= 299:
            return Accepted(reply.line)
        outcome = failure(*reply, "data") or Unknown(f"data: unreadable: {reply.line}")
        if reply.code == _CLOSING or isinstance(outcome, Unknown):
            self._drop()
        return outcome

    def _drop(self, *, politely: bool = False) -> None:
        if self._smtp is not None:
            end_session(self._smtp, politely=politely)
            self._smtp = None


def _reply(smtp: smtplib.SMTP, letter: Letter) -> _Reply:
    code, text = smtp.getreply()
    return _Reply(code, kept(text, letter.recipient, letter.sender))


def _reset(smtp: smtplib.SMTP, replies: list[_Reply]) -> bool:
    """Make a session ready for the next letter after a refusal; False when it is of no more use."""
    if any(reply.code in (_CLOSING, -1) for reply in replies):
        return False  # -1 is a reply that is none: what follows may be out of step
    try:
        if len(replies) == len(_PHASES) and replies[-1].code == _GO_AHEAD:
            # RFC 2920 section 3.1: a server may ask for a letter that nobody is to get.
            smtp.send(b".\r\n")
            smtp.getreply()
        return smtp.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _is_success(phase: Phase, code: int) -> bool:
    return code == _GO_AHEAD if phase == "data" else 200 <= code <= 299


def _commands(letter: Letter) -> tuple[bytes, bytes, bytes]:
    sender, recipient = wire(letter.sender), wire(letter.recipient)
    option = "" if (sender + recipient).isascii() else " SMTPUTF8"
    mail, rcpt = f"MAIL FROM:<{sender}>{option}\r\n", f"RCPT TO:<{recipient}>\r\n"
    return mail.encode(), rcpt.encode(), b"DATA\r\n"


def _stuffed(data: bytes) -> bytes:
    """Double the dot that begins a line, and end with a lone one (RFC 5321 section 4.5.2)."""
    stuffed = (b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:]
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _unfit(smtp: smtplib.SMTP, letter: Letter) -> Refused | None:
    """Refuse what must not go over this wire, with the codes that a server would use."""
    addresses = letter.sender + letter.recipient
    if not addresses.isprintable():  # a line break would be a second command
        return Refused("553 5.1.3 not sent: control character in an address", 553, "message")
    if not addresses.isascii() and not smtp.has_extn("smtputf8"):  # another server may offer it
        return Refused("553 5.6.7 not sent: the server has no SMTPUTF8 (RFC 6531)", 553, "message")
    breaks = letter.data.count(b"\r\n")
    if letter.data.count(b"\r") != breaks or letter.data.count(b"\n") != breaks:
        # RFC 5321 section 2.3.8; some servers would take it for the end of the letter.
        return Refused("554 5.6.0 not sent: bare CR or LF in the letter", 554, "message")
    size = smtp.esmtp_features.get("size", "")
    if size.isdecimal() and 0 < int(size) < len(letter.data):  # RFC 1870: 0 is no limit
        return Refused(f"552 5.3.4 not sent: the server takes {size} bytes", 552, "message")
    return None
