"""Who gets a newsletter."""

from enum import StrEnum

from msgspec import Struct


class SubscriptionState(StrEnum):
    """Only `active` subscriptions are frozen into an edition."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"
    HELD = "held"


class Subscriber(Struct, frozen=True):
    """A person; `address` is None once erased (the id stays, so that audits add up)."""

    id: int
    address: str | None
    name: str
    language: str
