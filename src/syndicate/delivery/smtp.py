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


class _Stale(Exception):  # noqa: N818 - no error: the server hung up between two letters
    """A session that was used before ended before it answered MAIL: nothing has been said in it."""


class SmtpConnection:
    """One SMTP session, opened anew when the server has closed it. See `delivery.Connection`."""

    def __init__(self, settings: SmtpSettings, context: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._context = context
        self._smtp: smtplib.SMTP | None = open_session(settings, context)
        self._used = False

    def send(self, letter: Letter) -> Outcome:
        """Hand one letter over. Errors before its first byte defer or refuse it; later ones leave it unknown."""
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
                self._recover(smtp, replies)
                return failure(*reply, phase) or _unreadable(reply)
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

    def _recover(self, smtp: smtplib.SMTP, replies: list[_Reply]) -> None:
        """Make the session ready for the next letter after a refusal, or end it."""
        try:
            if len(replies) == len(_PHASES) and replies[-1].code == _GO_AHEAD:
                # RFC 2920 section 3.1: a server may ask for the body though nobody is to get it.
                smtp.send(b".\r\n")
                smtp.getreply()
            usable = all(
                400 <= r.code <= 599 or _is_success(p, r.code)
                for p, r in zip(_PHASES, replies, strict=False)
            )
            if usable and replies[-1].code != _CLOSING and smtp.rset()[0] == 250:
                return
        except (smtplib.SMTPException, OSError):
            pass
        self._drop()

    def _hand_over(self, smtp: smtplib.SMTP, letter: Letter) -> Outcome:
        """Send the bytes, once: from here on only the server's reply can tell what became of them."""
        try:
            assert smtp.sock is not None
            smtp.sock.settimeout(self._settings.final_timeout)
            smtp.send(_stuffed(letter.data))
            reply = _reply(smtp, letter)
            smtp.sock.settimeout(self._settings.timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Unknown(f"data: {kept(str(error))}")
        if reply.code == _CLOSING:
            self._drop()
        if 200 <= reply.code <= 299:
            return Accepted(f"{reply.code} {reply.text}".rstrip())
        outcome = failure(*reply, "data")
        if outcome is None:
            self._drop()
            return Unknown(f"data: {_unreadable(reply).reply}")
        return outcome

    def _drop(self, *, politely: bool = False) -> None:
        if self._smtp is not None:
            end_session(self._smtp, politely=politely)
            self._smtp = None
