"""What a request asks for: which codings, and what its sender holds already (RFC 9110). Pure."""

from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

CODINGS = {"br": ".br", "gzip": ".gz"}  # the best first, each with the ending of its files
_ALSO = {"x-gzip": "gzip"}  # RFC 9110 8.4.1.3


class Asked(NamedTuple):
    """The headers that count. A tuple, since one is made for each request."""

    codings: tuple[str, ...]
    tags: bytes
    since: bytes
    agent: bytes = b""

    def knows(self, tag: bytes, modified: int) -> bool:
        """Whether the sender holds these bytes: by tag, and by date only without one (RFC 9110 13.2.2).

        `modified` is in seconds since 1970, `tag` with its quotes.
        """
        if self.tags:
            return self.tags == tag or any(
                one.strip().removeprefix(b"W/") in (tag, b"*") for one in self.tags.split(b",")
            )
        return bool(self.since) and modified <= _seconds(self.since)


def read(headers: Iterable[tuple[bytes, bytes]]) -> Asked:
    """Read the headers of a request (ASGI: names in lower case); a list may come in several lines."""
    wanted = tags = since = agent = b""
    for name, value in headers:
        if name == b"accept-encoding":
            wanted = wanted + b"," + value if wanted else value
        elif name == b"if-none-match":
            tags = tags + b"," + value if tags else value
        elif name == b"if-modified-since":
            since = value
        elif name == b"user-agent":
            agent = value
    return Asked(codings(wanted), tags, since, agent)


@lru_cache(maxsize=1024)
def codings(accept_encoding: bytes) -> tuple[str, ...]:
    """Return the codings to be tried, in order; none of them is plain (RFC 9110 12.5.3)."""
    weights = dict.fromkeys(CODINGS, -1.0)
    others = 0.0
    for one in accept_encoding.decode("latin-1").lower().split(","):
        name, _, parameters = one.partition(";")
        coding = _ALSO.get(name.strip(), name.strip())
        if coding in weights:
            weights[coding] = _weight(parameters)
        elif coding == "*":
            others = _weight(parameters)
    wanted = {name: others if weight < 0 else weight for name, weight in weights.items()}
    return tuple(sorted((name for name in CODINGS if wanted[name] > 0), key=lambda n: -wanted[n]))


def _weight(parameters: str) -> float:
    """Read `q=0.5`; 1 where nothing is said, and 0 for what cannot be read."""
    name, _, value = parameters.partition("=")
    if not name.strip():
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


@lru_cache(maxsize=1024)
def _seconds(date: bytes) -> float:
    """Read an HTTP date; what is none is earlier than everything (RFC 9110 13.1.3)."""
    try:
        return parsedate_to_datetime(date.decode("latin-1")).timestamp()
    except (ValueError, OverflowError):
        return -1.0
