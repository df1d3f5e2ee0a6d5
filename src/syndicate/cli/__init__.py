"""The command line: one file a noun; every command imports what it needs when it runs."""

from syndicate.cli.app import main

__all__ = ["main"]
