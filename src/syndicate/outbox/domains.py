"""Which mail domains are one provider: they judge a sender together, so that their letters share a pace."""

from collections.abc import Mapping

from syndicate import tokens
from syndicate.tokens import Keys

OTHER = "other"  # in metrics and summaries: every domain that is not in the table below

_PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "gmail": ("gmail.com", "googlemail.com"),
    "outlook": (
        *("outlook.com", "outlook.jp", "hotmail.com", "hotmail.co.jp", "hotmail.co.uk"),
        *("hotmail.de", "hotmail.fr", "hotmail.it", "live.com", "live.jp", "msn.com"),
    ),
    "yahoo": ("yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "ymail.com", "aol.com"),
    "yahoo-jp": ("yahoo.co.jp",),  # another company
    "icloud": ("icloud.com", "me.com", "mac.com"),
    "docomo": ("docomo.ne.jp",),
    "au": ("au.com", "ezweb.ne.jp"),
    "softbank": (
        *("softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp", "disney.ne.jp"),
        *(f"{letter}.vodafone.ne.jp" for letter in "dhtckrnsq"),
    ),
}
GROUPS = (*_PROVIDERS, OTHER)
_GROUP = {domain: group for group, domains in _PROVIDERS.items() for domain in domains}


def domain_group(keys: Keys, address: str) -> str:
    """Return the group of an address' domain (A-label, lower case): a provider, or a hash of its own.

    The ledger keeps it after a person is erased. A small domain may be a person's name: so it is
    kept as a keyed hash, like the address itself.
    """
    return group_of_domain(keys, address.rpartition("@")[2])


def group_of_domain(keys: Keys, domain: str) -> str:
    """Return the group of a domain; see `domain_group`."""
    return provider(domain) or tokens.domain_key(keys, domain)


def provider(domain: str) -> str | None:
    """Return the provider that a domain belongs to, None when it stands for itself."""
    return _GROUP.get(domain)


def shown(group: object) -> str:
    """Return a group's name where their number must stay bounded: a provider, or `other`."""
    return group if isinstance(group, str) and group in _PROVIDERS else OTHER
