"""Where published files go."""

from syndicate.output.compress import FORMS, compressed, expanded, is_text
from syndicate.output.directory import (
    OutputRefused,
    Sizes,
    are_there,
    is_there,
    prepare,
    publish,
    read,
    remove,
    stands,
    sweep,
    write,
)
from syndicate.output.maps import folded, write_maps

__all__ = [
    "FORMS",
    "OutputRefused",
    "Sizes",
    "are_there",
    "compressed",
    "expanded",
    "folded",
    "is_text",
    "is_there",
    "prepare",
    "publish",
    "read",
    "remove",
    "stands",
    "sweep",
    "write",
    "write_maps",
]
