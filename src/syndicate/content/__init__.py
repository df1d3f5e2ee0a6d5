"""Where pages come from."""

from syndicate.content.directory import Folder, Found, Skipped, read, scan

__all__ = ["Folder", "Found", "Skipped", "read", "scan"]
