"""What is said to an SMTP server for one letter, and what its replies mean.

A dialogue is a generator: it yields what to say, and gets the next reply. What a lost connection
means depends on whether the first byte of the letter has left (RFC 1047): before it nothing was
sent, after it only the server's reply can tell.
"""

from collections.abc import Generator, Mapping
from typing import NamedTuple

from syndicate.delivery.replies import failure, kept
from syndicate.mailbox import wire
from syndicate.model import Accepted, Deferred, Letter, Outcome, Refused, Unknown
from syndicate.outbox.blame import Phase

_CLOSING = 421  # RFC 5321 section 3.8: it may come at any time, and the server hangs up
_GO_AHEAD = 354
_PHASES: tuple[Phase, ...] = ("mail", "rcpt", "data")


class Say(NamedTuple):
    """Bytes to send, in pieces, before the next reply is read.

    `phase` says how long that may take; the reply to a whole letter is `final`, and takes longest.
    """

    pieces: tuple[bytes, ...]
    phase: Phase
    final: bool = False


_LISTEN = (Say((), "rcpt"), Say((), "data"))  # where all was said at once


class Reply(NamedTuple):
    """A server's reply; -1 stands for a line that is none. `early`: before all was said to it."""

    code: int
    text: str
    early: bool = False


class LostError(Exception):
    """The connection ended, or the server was silent for too long."""


class OutOfTurnError(LostError):
    """The server spoke before it was asked: nothing that was to be said next has left."""


class End(NamedTuple):
    """How a dialogue ends. `usable`: the session may carry another letter.

    `outcome` is None when a session that was used before had ended before it answered MAIL: then
    nothing has been said in it, and the letter may go by another.
    """

    outcome: Outcome | None
    usable: bool = True


Dialogue = Generator[Say, Reply, End]


def transaction(letter: Letter, features: Mapping[str, str], *, used: bool) -> Dialogue:
    """Hand one letter over. Errors before its first byte defer or refuse it; later ones are Unknown.

    `features` are the server's extensions in lower case; `used` when the session carried a letter
    before.
    """
    unfit = _unfit(letter, features)
    if unfit:
        return End(unfit)
    replies, lost = yield from _envelope(letter, features)
    if used and (not replies or replies[0].code == _CLOSING):
        return End(None, usable=False)
    for phase, reply in zip(_PHASES, replies, strict=False):
        if not _is_success(phase, reply.code):
            outcome = _failure(reply, phase, letter) or Deferred(
                f"{phase}: unreadable: {_line(reply, letter)}"
            )
            return End(outcome, usable=(yield from _reset(replies)))
    if lost is not None:
        return End(Deferred(f"{_PHASES[len(replies)]}: {lost}"), usable=False)
    return (yield from _body(letter))


def _envelope(
    letter: Letter, features: Mapping[str, str]
) -> Generator[Say, Reply, tuple[list[Reply], str | None]]:
    """Say MAIL, RCPT and DATA, at once where the server allows it (RFC 2920).

    Returns the replies, up to the first that is no success, and the error that ended them.
    """
    commands, together = _commands(letter), "pipelining" in features
    said = (
        (Say((b"".join(commands),), "mail"), *_LISTEN)
        if together
        else (Say((one,), phase) for one, phase in zip(commands, _PHASES, strict=True))
    )
    replies: list[Reply] = []
    try:
        for say in said:
            replies.append((yield say))
            code = replies[-1].code
            if code == _CLOSING or not (together or _is_success(say.phase, code)):
                break
    except LostError as error:
        return replies, kept(str(error))
    return replies, None


def _body(letter: Letter) -> Dialogue:
    """Send the bytes, once: from here on only the server's reply can tell what became of them.

    A server answers at their end (RFC 5321 section 4.1.1.4): who takes a letter over before has not
    got it. That it is refused may be said within; but it goes on reading, up to a lone dot.
    """
    try:
        reply = yield Say(_ended(letter), "data", final=True)
    except OutOfTurnError as error:
        return End(Deferred(f"data: {kept(str(error))}"), usable=False)
    except LostError as error:
        return End(Unknown(f"data: {kept(str(error))}"), usable=False)
    if 200 <= reply.code <= 299 and not reply.early:
        return End(Accepted(_line(reply, letter)))
    outcome = _failure(reply, "data", letter)
    if outcome is None:
        why = "before its end" if reply.early else "unreadable"
        return End(Unknown(f"data: {why}: {_line(reply, letter)}"), usable=False)
    return End(outcome, usable=reply.code != _CLOSING and not reply.early)


def _reset(replies: list[Reply]) -> Generator[Say, Reply, bool]:
    """Make a session ready for the next letter after a refusal; False when it is of no more use."""
    if any(reply.code in (_CLOSING, -1) for reply in replies):
        return False  # -1 is a reply that is none: what follows may be out of step
    try:
        if len(replies) == len(_PHASES) and replies[-1].code == _GO_AHEAD:
            # RFC 2920 section 3.1: a server may ask for a letter that nobody is to get.
            yield Say((b".\r\n",), "data")
        return (yield Say((b"RSET\r\n",), "mail")).code == 250
    except LostError:
        return False


def _is_success(phase: Phase, code: int) -> bool:
    return code == _GO_AHEAD if phase == "data" else 200 <= code <= 299


def _failure(reply: Reply, phase: Phase, letter: Letter) -> Deferred | Refused | None:
    return failure(reply.code, _clean(reply.text, letter), phase)


def _line(reply: Reply, letter: Letter) -> str:
    return f"{reply.code} {_clean(reply.text, letter)}".rstrip()


def _clean(text: str, letter: Letter) -> str:
    return kept(text, letter.recipient, letter.sender)


def _commands(letter: Letter) -> tuple[bytes, bytes, bytes]:
    sender, recipient = wire(letter.sender), wire(letter.recipient)
    body = "" if _is_7bit(letter) else " BODY=8BITMIME"
    option = "" if (sender + recipient).isascii() else " SMTPUTF8"
    mail, rcpt = f"MAIL FROM:<{sender}>{body}{option}\r\n", f"RCPT TO:<{recipient}>\r\n"
    return mail.encode(), rcpt.encode(), b"DATA\r\n"


def _ended(letter: Letter) -> tuple[bytes, ...]:
    """Double the dot that begins a line, and end with a lone one (RFC 5321 section 4.5.2)."""
    pieces = letter.pieces
    if not letter.clean:
        pieces = ((b"\r\n" + letter.data).replace(b"\r\n.", b"\r\n..")[2:],)
    return (*pieces, b".\r\n" if pieces[-1].endswith(b"\r\n") else b"\r\n.\r\n")


def _is_7bit(letter: Letter) -> bool:
    return letter.clean or all(piece.isascii() for piece in letter.pieces)


def _unfit(letter: Letter, features: Mapping[str, str]) -> Refused | None:
    """Refuse what must not go over this wire, with the codes that a server would use."""
    addresses = letter.sender + letter.recipient
    if not addresses.isprintable():  # a line break would be a second command
        return Refused("553 5.1.3 not sent: control character in an address", 553, "message")
    if not addresses.isascii() and "smtputf8" not in features:  # another server may offer it
        return Refused("553 5.6.7 not sent: the server has no SMTPUTF8 (RFC 6531)", 553, "message")
    if not _is_7bit(letter) and "8bitmime" not in features:  # RFC 6152 section 3
        return Refused("554 5.6.3 not sent: the server has no 8BITMIME", 554, "message")
    if not letter.clean and _has_bare_ends(letter.data):
        # RFC 5321 section 2.3.8; some servers would take it for the end of the letter.
        return Refused("554 5.6.0 not sent: bare CR or LF in the letter", 554, "message")
    size = features.get("size", "")
    if size.isdecimal() and 0 < int(size) < sum(map(len, letter.pieces)):  # RFC 1870: 0 is no limit
        return Refused(f"552 5.3.4 not sent: the server takes {size} bytes", 552, "message")
    return None


def _has_bare_ends(data: bytes) -> bool:
    breaks = data.count(b"\r\n")
    return data.count(b"\r") != breaks or data.count(b"\n") != breaks
