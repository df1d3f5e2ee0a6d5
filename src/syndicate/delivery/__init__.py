"""How letters leave: what a transport is, and what every one of them promises.

One `send` call hands a letter over at most once. What comes of it is a value; only opening a
connection raises.
"""

from typing import Protocol

from syndicate.errors import SyndicateError
from syndicate.model import Deferred, Letter, Outcome, Refused

_NO_SERVICE = 554  # RFC 5321 section 3.1: what a server says that takes no mail from us at all


class Connection(Protocol):
    """A way out that is open. It belongs to one thread at a time."""

    def send(self, letter: Letter) -> Outcome:
        """Hand one letter over, once; opens the way again where it has closed meanwhile."""
        ...

    def close(self) -> None:
        """End it; never raises."""
        ...


class Transport(Protocol):
    """Where connections come from. Any thread may ask for one."""

    def connect(self) -> Connection:
        """Open a way out, or raise ConnectError."""
        ...


class ConnectError(SyndicateError):
    """No letter can leave just now. The message names place and phase, and no recipient.

    `blames_us` when trying again will not help: an operator has to act. `code` is the server's.
    """

    def __init__(self, message: str, *, blames_us: bool, code: int | None = None) -> None:
        super().__init__(message)
        self.blames_us = blames_us
        self.code = code

    @property
    def outcome(self) -> Deferred | Refused:
        """What it means for a letter that was to leave: it has not been sent."""
        if self.blames_us:
            return Refused(str(self), self.code or _NO_SERVICE, "us")
        return Deferred(str(self), self.code)
