"""Opening an SMTP session: connect, greeting, EHLO, STARTTLS, AUTH."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address

from syndicate.delivery import ConnectError
from syndicate.delivery.replies import kept
from syndicate.outbox.blame import Phase

_COMMAND = 300.0  # seconds: greeting, MAIL, RCPT (RFC 5321 sections 4.5.3.2.1 to .3), and others
_DATA = 120.0  # seconds: section 4.5.3.2.4
PARTING = 5.0  # seconds: nothing depends on the answer to QUIT


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where letters are handed over. Times in seconds.

    `helo` None is this machine's own name. `timeout` is for every reply but the last; None is what
    RFC 5321 section 4.5.3.2 asks for in each phase. For the last it asks for ten minutes: who gives
    up earlier makes letters unknown.
    A session is ended after `letters_per_session`: some servers mistrust one that never ends.
    `trust` makes the TLS context that verifies the server.
    """

    host: str
    port: int = 25
    starttls: bool = True
    user: str | None = None
    password: str = field(default="", repr=False)
    helo: str | None = None
    timeout: float | None = None
    final_timeout: float = 600.0
    letters_per_session: int = 1000
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def patience(self, phase: Phase) -> float:
        """Return for how many seconds a reply of a phase is waited for."""
        if self.timeout is not None:
            return self.timeout
        return _DATA if phase == "data" else _COMMAND


def open_session(settings: SmtpSettings, context: ssl.SSLContext | None) -> smtplib.SMTP:
    """Open a session that is ready for MAIL, or raise ConnectError.

    Refusals (5xx), a certificate that does not verify and missing STARTTLS or AUTH blame us.
    """
    with _told(settings, "connect"):
        patience = settings.patience("connect")
        smtp = smtplib.SMTP(settings.host, settings.port, settings.helo, timeout=patience)
    try:
        _hello(smtp, settings)
        if context is not None:
            _encrypt(smtp, settings, context)
        if settings.user is not None:
            _log_in(smtp, settings, encrypted=context is not None)
    except BaseException:
        smtp.close()
        raise
    return smtp


def end_session(smtp: smtplib.SMTP, *, politely: bool) -> None:
    """Close a session; `politely` says QUIT first and waits shortly for the answer."""
    with suppress(smtplib.SMTPException, OSError):
        if politely and smtp.sock is not None:
            smtp.sock.settimeout(PARTING)
            smtp.docmd("QUIT")
    smtp.close()


def _hello(smtp: smtplib.SMTP, settings: SmtpSettings) -> None:
    with _told(settings, "hello"):
        code, reply = smtp.ehlo()
    _require(settings, "hello", code, reply, 250)


def _encrypt(smtp: smtplib.SMTP, settings: SmtpSettings, context: ssl.SSLContext) -> None:
    with _told(settings, "tls"):
        code, reply = smtp.starttls(context=context)
    _require(settings, "tls", code, reply, 220)
    _hello(smtp, settings)  # RFC 3207 section 4.2: what was said before is forgotten


def _log_in(smtp: smtplib.SMTP, settings: SmtpSettings, *, encrypted: bool) -> None:
    if not encrypted and not _is_loopback(smtp):
        raise _error(settings, "auth", "a password goes over TLS only; set starttls", ours=True)
    with _told(settings, "auth"):
        smtp.login(settings.user or "", settings.password)


def _is_loopback(smtp: smtplib.SMTP) -> bool:
    assert smtp.sock is not None
    peer: str = smtp.sock.getpeername()[0]
    return ip_address(peer.partition("%")[0]).is_loopback


def _require(settings: SmtpSettings, phase: Phase, code: int, reply: bytes, wanted: int) -> None:
    if code != wanted:
        raise _refused(settings, phase, code, reply)


@contextmanager
def _told(settings: SmtpSettings, phase: Phase) -> Iterator[None]:
    """Turn what smtplib and the socket raise in one phase into a ConnectError."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise _refused(settings, phase, error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPServerDisconnected as error:
        raise _error(settings, phase, str(error), ours=False) from error
    except (smtplib.SMTPException, ssl.SSLCertVerificationError, UnicodeError) as error:
        # What the server does not offer, a certificate that is not to be trusted, and a host or
        # password that cannot be written.
        raise _error(settings, phase, str(error), ours=True) from error
    except OSError as error:
        raise _error(settings, phase, str(error), ours=False) from error


def _refused(settings: SmtpSettings, phase: Phase, code: int, reply: bytes | str) -> ConnectError:
    text = f"{code} {kept(reply)}".rstrip()
    return _error(settings, phase, text, ours=500 <= code <= 599, code=code)


def _error(
    settings: SmtpSettings, phase: Phase, text: str, *, ours: bool, code: int | None = None
) -> ConnectError:
    place = f"{settings.host}:{settings.port}"
    return ConnectError(f"{place}, {phase}: {text}", blames_us=ours, code=code)
