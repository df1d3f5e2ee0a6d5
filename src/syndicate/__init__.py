"""Publish article series as feeds, a small site and mailed digests."""

__version__ = "0.1.0"
