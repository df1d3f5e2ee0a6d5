"""The one outgoing HTTP client, with its egress guard. Nothing else here asks the web for anything."""

from syndicate.net.client import Answer, Client, Limits
from syndicate.net.errors import FetchRefused, Forbidden, Unreachable
from syndicate.net.guard import Allowed, networks

__all__ = [
    "Allowed",
    "Answer",
    "Client",
    "FetchRefused",
    "Forbidden",
    "Limits",
    "Unreachable",
    "networks",
]
