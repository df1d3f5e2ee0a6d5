"""Where pages come from."""

from syndicate.content.directory import (
    MAX_BYTES,
    Folder,
    Found,
    Skipped,
    StillWrittenError,
    Stray,
    VanishedError,
    read,
    scan,
    stamp_of,
)
from syndicate.content.pictures import Picture, PictureLost, bytes_of, find_picture, look
from syndicate.content.watching import watch

__all__ = [
    "MAX_BYTES",
    "Folder",
    "Found",
    "Picture",
    "PictureLost",
    "Skipped",
    "StillWrittenError",
    "Stray",
    "VanishedError",
    "bytes_of",
    "find_picture",
    "look",
    "read",
    "scan",
    "stamp_of",
    "watch",
]
