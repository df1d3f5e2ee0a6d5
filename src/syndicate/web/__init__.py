"""The web server: published files, and what readers and operators ask of the program itself."""

from syndicate.web.app import application
from syndicate.web.health import Vitals
from syndicate.web.metrics import Metrics

__all__ = ["Metrics", "Vitals", "application"]
