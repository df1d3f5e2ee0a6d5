"""The web server: published files, and what readers ask of the program itself."""

from syndicate.web.app import application

__all__ = ["application"]
