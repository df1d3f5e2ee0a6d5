"""What time it is. Nothing else reads the clock; tests shift it."""

import os
from datetime import UTC, datetime, timedelta

from syndicate.errors import ConfigError

SHIFT = "SYNDICATE_CLOCK_SHIFT"


def now() -> datetime:
    """Return the present, zone-aware in UTC, moved by SYNDICATE_CLOCK_SHIFT seconds where that is set."""
    at, shift = datetime.now(UTC), os.environ.get(SHIFT)
    try:
        return at + timedelta(seconds=float(shift)) if shift else at
    except (ValueError, OverflowError):
        raise ConfigError(
            f"environment variable {SHIFT}: expected a number of seconds (found {shift!r})."
        ) from None
