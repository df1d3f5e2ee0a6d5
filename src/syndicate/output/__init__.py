"""Where published files go."""

from syndicate.output.directory import is_there, remove, write

__all__ = ["is_there", "remove", "write"]
