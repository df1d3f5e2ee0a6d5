"""What can come of asking the web, other than an answer. No message holds more than host and path."""

from syndicate.errors import SyndicateError


class Unreachable(SyndicateError):
    """There was no answer that can be used; it may be otherwise the next time."""


class FetchRefused(Unreachable):
    """The guard does not let this address be asked: it is of another scheme, or leads inside."""


class Forbidden(SyndicateError):
    """The site's robots.txt keeps us from this address (RFC 9309)."""
