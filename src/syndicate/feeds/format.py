"""What a feed format is."""

from collections.abc import Callable
from dataclasses import dataclass

from syndicate.model import Feed


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """One format: its name, the ending of its files (no dot), its media type, and its writer.

    `write` gives the same bytes for the same feed, whatever the day, the zone or the locale.
    """

    name: str
    ending: str
    media_type: str
    write: Callable[[Feed], bytes]
