"""What is due, and what happened."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from msgspec import Struct, field


class Work(Struct, frozen=True):
    """One piece of due work. Arguments are ids; `key` is the same for the same work."""

    verb: Literal[
        "withdraw",
        "release",
        "announce",
        "cut",
        "render",
        "publish",
        "answer",
        "deliver",
        "finish",
        "ping",
    ]
    key: str
    arguments: Mapping[str, int | str] = field(default_factory=dict)


class Event(NamedTuple):
    """Something that happened, told by a job while it works. `log.py` alone turns it into text.

    `name` is dotted (`page.refused`, `delivery.sent`); values hold ids and handles, never addresses.
    """

    name: str
    values: Mapping[str, object] = MappingProxyType({})
    level: Literal["debug", "info", "warning", "error"] = "info"


Tell = Callable[[Event], None]


def silent(_event: Event) -> None:
    """Tell nobody."""
