"""Letters, the ledger's rows, and what became of an attempt (DELIVERY.md)."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from msgspec import Struct


class DeliveryState(StrEnum):
    """The states of a ledger row, in the order in which they are reported.

    No row stands as `claimed`: that lasts within a sender's transaction alone (decision 0035).
    """

    PENDING = "pending"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


OPEN_STATES = (DeliveryState.PENDING, DeliveryState.SENDING)


class Letter(NamedTuple):
    """One message as it goes over the wire.

    `pieces` joined are the whole message, CRLF line ends, not dot-stuffed; most of them are shared
    by all letters of a variant, and are copied nowhere. `key` names it, and no other letter in the
    world.
    `clean`: whoever made it knows that it is 7-bit, has no bare CR or LF, and no line that begins
    with a dot; else the way out looks itself, which takes longer than sending.
    """

    key: str
    sender: str
    recipient: str
    pieces: tuple[bytes, ...]
    clean: bool = False

    @property
    def data(self) -> bytes:
        """The whole message."""
        return b"".join(self.pieces)


class Accepted(Struct, frozen=True):
    """The server took the letter over."""

    reply: str


class Deferred(Struct, frozen=True):
    """Not now: a 4xx reply, or an error before the first body byte. `code` is None without a reply.

    `unheard`: no server has heard of this letter, so that it is no attempt of the letter's.
    """

    reply: str
    code: int | None = None
    unheard: bool = False


class Refused(Struct, frozen=True):
    """Never: a 5xx reply, with what it blames."""

    reply: str
    code: int
    blames: Literal["address", "message", "us"]


class Unknown(Struct, frozen=True):
    """The connection ended between the first body byte and the reply: neither side can tell (RFC 1047)."""

    reply: str


class GivenBack(Struct, frozen=True):
    """Sending stopped before anything was said of it; it is due again at once."""

    reply: str = "given back: sending stopped before anything was said of it"


Outcome = Accepted | Deferred | GivenBack | Refused | Unknown


class Delivery(NamedTuple):
    """A ledger row that its sender has committed to: it stands as `sending` (DELIVERY.md).

    A letter of an edition has `edition_id`, `variant_id` and `subscription_id`; a transactional one
    has the `signup_id` of the request that it answers instead. `upto_seq` is the last news that it
    holds, `lane` the group of the address' domain. `attempts` counts those before this one. `dated`
    is the time that the letter bears; it and the variant fix the letter's bytes on every attempt.
    `fence` is what the row may be finished under.
    """

    id: int
    key: str
    fence: int
    edition_id: int | None
    variant_id: int | None
    subscription_id: int | None
    upto_seq: int | None
    lane: str
    address: str
    address_key: bytes
    attempts: int
    first_try: datetime
    dated: datetime
    was_unknown: bool = False
    signup_id: int | None = None

    def __repr__(self) -> str:
        """Name the row, and nobody."""
        return f"Delivery({self.id}, {self.key!r})"


class Done(Struct, frozen=True):
    """The row ends in `state`; `blames` says what a refusal held against it."""

    state: DeliveryState
    reply: str
    blames: Literal["address", "message"] | None = None


class Retry(Struct, frozen=True):
    """The row goes back to pending, not before `at`; `counts` as an attempt, unless nobody heard of it."""

    at: datetime
    reply: str
    counts: bool = True


Decision = Done | Retry
