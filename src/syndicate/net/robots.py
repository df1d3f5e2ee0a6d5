"""robots.txt (RFC 9309): what a site lets us read."""

from collections.abc import Callable

from msgspec import Struct
from protego import Protego

from syndicate.net.errors import Forbidden, Unreachable
from syndicate.net.guard import Target

LIMIT = 500 * 1024  # bytes: all that has to be read of one (RFC 9309 2.5)
KEPT_S = 3600.0  # how long one holds; at most a day (RFC 9309 2.4)
NAME = "syndicate"  # what a robots.txt calls us by


class Rules(Struct, frozen=True):
    """What a site's robots.txt says; without rules all may be read."""

    read: Protego | None
    until: float

    def require(self, target: Target) -> None:
        """Raise Forbidden for an address that is not for us."""
        if self.read is not None and not self.read.can_fetch(target.url.url, NAME):
            raise Forbidden(
                f"{target.shown}: the site's robots.txt keeps us from it. Ask the site, or leave it out."
            )

    @property
    def pause(self) -> float:
        """The pause that the site asks for between two requests, in seconds."""
        return float(self.read.crawl_delay(NAME) or 0) if self.read is not None else 0.0


def read_rules(status: int, body: bytes, host: str, now: float) -> Rules:
    """Read the rules out of an answer: none is there at 4xx (2.3.1.3), nobody knows at 5xx (2.3.1.4).

    Raises Unreachable where nobody knows: then nothing is read from the site for now.
    """
    if 200 <= status < 300:
        text = body.decode("utf-8-sig", "replace")
        return Rules(Protego.parse(text), now + KEPT_S)
    if status == 429 or status >= 500:
        raise Unreachable(
            f"{host}/robots.txt: answers {status}: nothing is read until it is there."
        )
    return Rules(None, now + KEPT_S)


class Robots:
    """The rules of each site, kept for an hour. `ask` brings a robots.txt: status and body."""

    def __init__(
        self, ask: Callable[[str], tuple[int, bytes]], monotonic: Callable[[], float]
    ) -> None:
        self._ask, self._monotonic = ask, monotonic
        self._known: dict[tuple[str, str, int], Rules] = {}

    def rules(self, target: Target) -> Rules:
        """Return the rules of the site of an address."""
        now = self._monotonic()
        known = self._known.get(target.origin)
        if known is None or known.until <= now:
            scheme, host, port = target.origin
            place = f"[{host}]" if ":" in host else host
            status, body = self._ask(f"{scheme}://{place}:{port}/robots.txt")
            known = read_rules(status, body, host, now)
            self._known[target.origin] = known
        return known
