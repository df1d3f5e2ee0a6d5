"""Who gets a newsletter."""

from dataclasses import dataclass
from enum import StrEnum


class SubscriptionState(StrEnum):
    """Only `active` subscriptions are frozen into an edition."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person; `address` is None once erased (the id stays, so that audits add up)."""

    id: int
    address: str | None
    name: str
    language: str
