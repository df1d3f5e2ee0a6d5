"""Where pages come from."""

from syndicate.content.directory import Folder, Found, Skipped, read, scan, strays

__all__ = ["Folder", "Found", "Skipped", "read", "scan", "strays"]
