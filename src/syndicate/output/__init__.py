"""Where published files go."""

from syndicate.output.directory import OutputRefused, is_there, prepare, remove, write

__all__ = ["OutputRefused", "is_there", "prepare", "remove", "write"]
