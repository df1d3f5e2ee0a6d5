"""What time it is. Nothing else reads the clock; tests shift it."""

import os
from datetime import UTC, datetime, timedelta

SHIFT = "SYNDICATE_CLOCK_SHIFT"


def now() -> datetime:
    """Return the present, zone-aware in UTC, moved by SYNDICATE_CLOCK_SHIFT seconds where that is set."""
    return datetime.now(UTC) + timedelta(seconds=float(os.environ.get(SHIFT, "0")))
