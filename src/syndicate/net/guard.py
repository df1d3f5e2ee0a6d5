"""The egress guard: which addresses may be asked, so that no page can make us talk to inner machines."""

import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from msgspec import Struct
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from syndicate.net.errors import FetchRefused, Unreachable

Allowed = Sequence[IPv4Network | IPv6Network]
Resolve = Callable[[str, int], Sequence[str]]

_PORTS = {"http": 80, "https": 443}
_UNICAST = IPv6Network("2000::/3")  # RFC 4291 2.4: all that is global lies in it
# Special networks that some release of Python calls global (its tables change): those for protocols,
# Teredo among them (RFC 6890, RFC 4380), for documentation (RFC 3849, RFC 9637), and 6to4 (RFC 3056)
# with its relays (RFC 7526). NAT64 (RFC 6052, RFC 8215) lies outside of what is unicast.
_SPECIAL: Allowed = [
    ip_network(text)
    for text in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
]


class Target(Struct, frozen=True):
    """An address that may be asked, if all that its host resolves to may be."""

    url: Url
    scheme: str
    host: str
    port: int

    @property
    def shown(self) -> str:
        """Host and path alone: a query may hold what is nobody's business."""
        return f"{self.host}{self.url.path or '/'}"

    @property
    def asked(self) -> str:
        """What stands in the request line."""
        return self.url.request_uri

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what a robots.txt is about."""
        return self.scheme, self.host, self.port


def networks(texts: Iterable[str]) -> Allowed:
    """Read the networks that an operator allows besides the global ones."""
    return [ip_network(text) for text in texts]


def target(address: str) -> Target:
    """Read an address: http or https, with a host and without credentials. Raises FetchRefused."""
    try:
        url = parse_url(address)
    except LocationParseError:
        raise FetchRefused("an address cannot be read. Correct or remove it.") from None
    host = (url.host or "").strip("[]").rstrip(".").lower()
    shown = f"{host}{url.path or '/'}"
    if url.scheme not in _PORTS:
        raise FetchRefused(f"{shown}: is not asked: its address is neither http nor https.")
    if not host or "%" in host:
        raise FetchRefused(f"{shown}: is not asked: its address names no host.")
    if url.auth is not None:
        raise FetchRefused(f"{shown}: is not asked: its address holds credentials. Remove them.")
    return Target(url, url.scheme, host, url.port or _PORTS[url.scheme])


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host, the preferred one first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def checked(host: str, port: int, allowed: Allowed, ask: Resolve) -> list[str]:
    """Resolve a host once and return its addresses, all of which may be connected to.

    One address that may not be refuses the host: a name that leads outside and inside is no accident.
    Raises FetchRefused, or Unreachable if there is no such host.
    """
    try:
        found = ask(host, port)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise Unreachable(f"{host}: there is no such host.")
    for one in found:
        address = ip_address(one.partition("%")[0])
        if not may_connect(address, allowed):
            raise FetchRefused(
                f"{host}: is not asked: it leads to {address}, which is not on the open internet. "
                "If you mean it, name its network in net.allow."
            )
    return list(found)


def may_connect(address: IPv4Address | IPv6Address, allowed: Allowed = ()) -> bool:
    """Whether an address is global unicast, or in a network that the operator allows.

    An IPv4 address inside an IPv6 one counts as itself (RFC 4291 2.5.5.2). Python calls the networks
    of NAT64 and 6to4 global; what they lead to need not be.
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return may_connect(address.ipv4_mapped, allowed)
    if any(address.version == one.version and address in one for one in allowed):
        return True
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if address.version == 6 and address not in _UNICAST:
        return False
    return not any(address.version == one.version and address in one for one in _SPECIAL)
