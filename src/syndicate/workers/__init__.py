"""Who runs due work."""

from syndicate.workers.local import Runner

__all__ = ["Runner"]
