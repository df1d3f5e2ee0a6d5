"""Letters into a local maildir: nothing leaves the machine."""

import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from syndicate.delivery import ConnectError
from syndicate.model import Accepted, Deferred, Letter, Outcome

_ENDING = ".syndicate"


class MaildirTransport:
    """Delivers into one maildir, which is made when it is missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carrier(self, connections: int) -> "MaildirCarrier":  # noqa: ARG002 - disks have none
        """Return a carrier, which writes at once."""
        return MaildirCarrier(self)

    def check(self) -> None:
        """Make the maildir's folders, or raise ConnectError."""
        try:
            for name in ("tmp", "new", "cur"):
                (self._folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            text = f"maildir {self._folder}: {error.strerror}; make it writable, or choose another"
            raise ConnectError(text, blames_us=True) from error

    def write(self, letter: Letter) -> Outcome:
        """Write one letter under a name made of its key, unless it is there already.

        It never ends in Unknown: to write a letter again changes nothing. The file has LF line
        ends, as mail readers expect of a maildir; with CRLF for each LF it has the letter's bytes
        again.
        """
        name = sha256(letter.key.encode()).hexdigest()[:32] + _ENDING
        try:
            self.check()
            if self._holds(name):
                return Accepted(f"already in {self._folder}: {name}")
            self._write(name, letter.data.replace(b"\r\n", b"\n"))
        except ConnectError as error:
            return error.outcome
        except OSError as error:
            return Deferred(f"maildir {self._folder}: {error.strerror}")
        return Accepted(f"written to {self._folder}: {name}")

    def _holds(self, name: str) -> bool:
        if (self._folder / "new" / name).exists():
            return True
        with os.scandir(self._folder / "cur") as entries:  # a reader has added flags: `NAME:2,S`
            return any(entry.name.partition(":")[0] == name for entry in entries)

    def _write(self, name: str, data: bytes) -> None:
        """Write and rename: a reader sees the whole letter or none, a power cut leaves the same."""
        descriptor, draft = tempfile.mkstemp(prefix=f"{name}.", dir=self._folder / "tmp")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).rename(self._folder / "new" / name)
        except BaseException:
            with suppress(OSError):
                Path(draft).unlink()
            raise
        _sync(self._folder / "new")


class MaildirCarrier:
    """See `delivery.Carrier`: a letter has landed when it was taken."""

    def __init__(self, transport: MaildirTransport) -> None:
        self._transport = transport
        self._landed: list[tuple[int, Outcome]] = []

    def take(self, ticket: int, letter: Letter) -> None:
        """Write a letter."""
        self._landed.append((ticket, self._transport.write(letter)))

    def landed(self, timeout: float, enough: int) -> list[tuple[int, Outcome]]:  # noqa: ARG002
        """Return what came of the letters taken since."""
        landed, self._landed = self._landed, []
        return landed

    def ring(self) -> None:
        """Nobody ever waits."""

    def give_back(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held open."""


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
