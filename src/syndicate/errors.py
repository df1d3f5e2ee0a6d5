"""The root of every error that a caller can act on.

Each room adds one class for each thing that can be acted on. A message says what went wrong, where
(file, key or address), and what to do next.
"""


class SyndicateError(Exception):
    """Something was refused; the message is fit to be shown to an operator as it is."""


class PageRefused(SyndicateError):
    """A file cannot be an article. The others are read all the same."""


class ConfigError(SyndicateError):
    """A setting is missing, unknown or wrong; the message names file and key."""


class AddressRefused(SyndicateError):
    """A mail address cannot be used."""


class AddressUnreachable(AddressRefused):
    """A mail address that our relay is not known to take: its part before the @ is not ASCII."""


class LanguageRefused(SyndicateError):
    """A language tag cannot be used."""


class TemplateRefused(SyndicateError):
    """A template does not work; the message names it."""


class TokenRefused(SyndicateError):
    """A link's token was not made by us, is of another purpose, or has expired."""
