"""How letters leave: what a transport is, and what every one of them promises.

A letter is handed over at most once, and comes back with what became of it, as a value. Nothing is
raised for a letter's sake.
"""

from typing import Protocol

from syndicate.errors import SyndicateError
from syndicate.model import Deferred, Letter, Outcome, Refused

_NO_SERVICE = 554  # RFC 5321 section 3.1: what a server says that takes no mail from us at all


class Carrier(Protocol):
    """Carries letters, several at a time. It belongs to one thread."""

    def take(self, ticket: int, letter: Letter) -> None:
        """Begin to hand a letter over; `ticket` names it when it lands."""
        ...

    def landed(self, timeout: float, enough: int) -> list[tuple[int, Outcome]]:
        """Return the tickets of letters that are done, each once, and what became of them.

        Waits until there are `enough` of them, no more can come, or somebody rang; and at most
        `timeout` seconds for the first. It may return none.
        """
        ...

    def ring(self) -> None:
        """From any thread: whoever waits in `landed`, or will next, returns at once."""
        ...

    def give_back(self) -> None:
        """Let letters land of which nothing was said yet, and wait for no session any more.

        They are not said later; those taken from now on leave by what is open, or not at all.
        """
        ...

    def close(self) -> None:
        """End it; never raises. No letter may be on its way."""
        ...


class Transport(Protocol):
    """Where carriers come from."""

    def carrier(self, connections: int) -> Carrier:
        """Return a carrier for up to `connections` letters at a time; never raises."""
        ...

    def check(self) -> None:
        """Go the way without a letter, or raise ConnectError."""
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
        return Deferred(str(self), self.code, unheard=True)
