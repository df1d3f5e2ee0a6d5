"""Where pages come from."""

from syndicate.content.directory import Folder, Found, Skipped, read, scan, strays
from syndicate.content.watching import watch

__all__ = ["Folder", "Found", "Skipped", "read", "scan", "strays", "watch"]
