"""What a validator finds, and where."""

from typing import Literal

from msgspec import Struct

Level = Literal["error", "warning"]


class Fault(Struct, frozen=True):
    """A rule that a feed breaks. `entry` is the id of the entry it stands in, where it has one.

    `where` names the place for a person ("feed", "entry 3"), `reference` the document that states the
    rule. An error breaks a MUST, or makes some reader lose something; a warning breaks a SHOULD.
    """

    rule: str
    where: str
    message: str
    reference: str
    level: Level = "error"
    entry: str | None = None


class Place(Struct, frozen=True):
    """Where a validator looks: it makes the faults that it finds there."""

    where: str
    entry: str | None = None

    def error(self, rule: str, message: str, reference: str) -> Fault:
        """Return an error found here."""
        return Fault(rule, self.where, message, reference, "error", self.entry)

    def warning(self, rule: str, message: str, reference: str) -> Fault:
        """Return a warning found here."""
        return Fault(rule, self.where, message, reference, "warning", self.entry)


def shortened(text: str) -> str:
    """Quote a value in a message: its first 60 characters, on one line."""
    line = " ".join(text.split())
    return f"“{line[:60]}…”" if len(line) > 60 else f"“{line}”"
