"""Where published files go."""

from syndicate.output.directory import (
    OutputRefused,
    Sizes,
    is_there,
    prepare,
    publish,
    remove,
    write,
)

__all__ = ["OutputRefused", "Sizes", "is_there", "prepare", "publish", "remove", "write"]
