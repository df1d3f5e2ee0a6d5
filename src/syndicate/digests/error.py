from syndicate.errors import SyndicateError


class DigestError(SyndicateError):
    """A digest cannot be written as a letter; the message names the template or value to correct."""
