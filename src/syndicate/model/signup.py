"""What a reader asks for on the web, and on what terms."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class SignupKind(StrEnum):
    """What a request is answered with: a letter to confirm it, or one that greets or helps a reader."""

    JOIN = "join"
    KNOWN = "known"  # somebody asked for whom reads the newsletter already
    WELCOME = "welcome"
    ACCOUNT = "account"
    MOVE = "move"
    PROOF = "proof"  # an editor is asked whether an edition may start
    TEST = "test"  # an operator's: the letter of a coming edition


class SignupState(StrEnum):
    """`asked` until its turn comes, `sent` once a letter answers it, `done` once it was confirmed."""

    ASKED = "asked"
    SENT = "sent"
    DONE = "done"


class Terms(Struct, frozen=True):
    """What was agreed to, and where: the consent record keeps it.

    `network` is the keyed hash of the network address. `version` names the form's wording, `text` is it.
    """

    form: str
    version: str
    language: str
    text: str
    network: bytes | None = None


@dataclass(frozen=True, slots=True)
class Signup:
    """A request. `address` is "" once it was confirmed; `series` is the slug of the only one wanted."""

    id: int
    kind: SignupKind
    state: SignupState
    newsletter: str | None
    address: str = field(repr=False)
    name: str = field(repr=False)
    language: str
    series: str | None
    source: str
    evidence: str
    terms: Terms | None
    at: datetime
    subscription_id: int | None
