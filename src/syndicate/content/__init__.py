"""Where pages come from."""

from syndicate.content.directory import (
    MAX_BYTES,
    Folder,
    Found,
    Skipped,
    StillWrittenError,
    read,
    scan,
    strays,
)
from syndicate.content.watching import watch

__all__ = [
    "MAX_BYTES",
    "Folder",
    "Found",
    "Skipped",
    "StillWrittenError",
    "read",
    "scan",
    "strays",
    "watch",
]
