"""The client: asks for one address, politely, guarded, and within limits."""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Event as Signal
from urllib.parse import urlencode, urljoin

from msgspec import Struct
from msgspec.structs import replace
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from syndicate.net.errors import FetchRefused, Unreachable
from syndicate.net.guard import Allowed, Resolve, Target, checked, resolve, target
from syndicate.net.headers import content_type, location, retry_after, validator
from syndicate.net.inflate import inflated
from syndicate.net.pace import Pace
from syndicate.net.robots import LIMIT as ROBOTS_LIMIT
from syndicate.net.robots import Robots, Rules
from syndicate.net.wire import Deadline, open_pool

REDIRECTS = 3  # more are a loop, or a site that cannot decide
_CHUNK = 64 * 1024
_MOVED = {301, 302, 303, 307, 308}
_FOR_EVER = {301, 308}  # RFC 9110 15.4.2, 15.4.9


class Limits(Struct, frozen=True):
    """What one request may cost.

    `seconds` is its whole time, `size` the bytes it may bring once unpacked, `pause` the seconds
    between two requests to one host.
    """

    seconds: float = 30.0
    size: int = 10 * 1024 * 1024
    pause: float = 1.0


class Answer(Struct, frozen=True):
    """What a site said.

    `address` is where it said so in the end; `moved` is that address if every redirect to it was for
    ever. `body` is there at 200 alone. `media` and `charset` are lower case, "" where none was said.
    `retry` is the time before which the site does not want to be asked again.
    """

    address: str
    status: int
    body: bytes = b""
    media: str = ""
    charset: str = ""
    etag: str | None = None
    modified: str | None = None
    moved: str | None = None
    retry: datetime | None = None
    headers: Mapping[str, str] | None = None

    @property
    def gone(self) -> bool:
        """Whether the site says that there is nothing here: 404 and 410."""
        return self.status in {404, 410}


class Client:
    """The one way out. Safe to be used by several threads; no cookies, no proxies, no credentials.

    `agent` is how we name ourselves; `allowed` are networks besides the global ones.
    """

    def __init__(
        self,
        agent: str,
        clock: Callable[[], datetime],
        *,
        allowed: Allowed = (),
        limits: Limits | None = None,
        resolve: Resolve = resolve,
        pace: Pace | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._agent, self._clock, self._allowed, self._resolve = agent, clock, allowed, resolve
        self._limits = limits or Limits()
        self._ended = Signal()
        self._pace = pace or Pace(self._limits.pause, self._ended.wait)
        self._tls = tls or ssl.create_default_context()
        self._robots = Robots(self._ask_robots, time.monotonic)
        self._open: set[Deadline] = set()

    def get(self, address: str, *, etag: str | None = None, modified: str | None = None) -> Answer:
        """GET an address, unless it is as it was (RFC 9110 13.1). Any status is an answer.

        Raises Unreachable, FetchRefused among them, and Forbidden.
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": modified}
        return self._follow("GET", address, {name: text for name, text in asked.items() if text})

    def probe(self, address: str) -> Answer:
        """Look whether an address answers, without its body: HEAD, else GET where that is not known.

        Raises as `get` does.
        """
        answer = self._follow("HEAD", address, {}, limit=0)
        if answer.status in {400, 403, 404, 405, 500, 501}:  # many sites know GET alone
            answer = self._follow("GET", address, {}, limit=0)
        return answer

    def post(self, address: str, form: Mapping[str, str]) -> Answer:
        """POST a form. An operator named the address: no robots.txt is asked, and no redirect followed.

        Raises Unreachable, FetchRefused among them.
        """
        where = target(address)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with self._turn(where):
            return self._once("POST", where, headers, 0, urlencode(form).encode())[0]

    def end(self) -> None:
        """Cut off what is under way, and ask nothing more: the program ends."""
        self._ended.set()
        for one in list(self._open):
            one.cut()

    def _follow(
        self, method: str, address: str, headers: Mapping[str, str], limit: int | None = None
    ) -> Answer:
        where, for_ever, hops = target(address), True, 0
        while True:
            with self._turn(where, self._robots_of(where)):
                answer, onward = self._once(method, where, headers, limit)
            if onward is None:
                return replace(answer, moved=where.url.url if hops and for_ever else None)
            if hops == REDIRECTS:
                raise Unreachable(
                    f"{where.shown}: leads from redirect to redirect, more than {REDIRECTS}."
                )
            for_ever = for_ever and answer.status in _FOR_EVER
            where, hops = _next(where, onward), hops + 1

    def _robots_of(self, where: Target) -> Rules:
        rules = self._robots.rules(where)
        rules.require(where)
        return rules

    def _ask_robots(self, address: str) -> tuple[int, bytes]:
        """Bring a robots.txt; redirects are followed, and an endless one counts as none (2.3.1.2)."""
        where = target(address)
        for _ in range(REDIRECTS + 2):
            with self._turn(where):
                answer, onward = self._once("GET", where, {}, ROBOTS_LIMIT)
            if onward is None:
                return answer.status, answer.body
            where = _next(where, onward)
        return 404, b""

    @contextmanager
    def _turn(self, where: Target, rules: Rules | None = None) -> Iterator[None]:
        with self._pace.turn(where.host, rules.pause if rules else 0.0):
            yield

    def _once(
        self,
        method: str,
        where: Target,
        headers: Mapping[str, str],
        limit: int | None,
        body: bytes | None = None,
    ) -> tuple[Answer, str | None]:
        """Ask once: the answer, and where it sends us."""
        size = self._limits.size if limit is None else limit
        addresses = checked(where.host, where.port, self._allowed, self._resolve)
        with Deadline(self._limits.seconds) as deadline:
            self._open.add(deadline)  # before the look: who ends meanwhile sees it
            try:
                return self._exchange(method, where, headers, size, addresses, deadline, body)
            except FetchRefused:
                raise
            except Unreachable as error:
                raise Unreachable(_told(where, str(error))) from None
            except (HTTPError, OSError, ValueError) as error:
                raise Unreachable(_told(where, self._reason(error, deadline))) from None
            finally:
                self._open.discard(deadline)

    def _exchange(
        self,
        method: str,
        where: Target,
        headers: Mapping[str, str],
        size: int,
        addresses: list[str],
        deadline: Deadline,
        body: bytes | None,
    ) -> tuple[Answer, str | None]:
        if self._ended.is_set():
            raise Unreachable(f"{where.shown}: was not asked: the program ends.")
        tls = self._tls if where.scheme == "https" else None
        pool = open_pool(where.host, where.port, addresses, deadline, tls)
        try:
            response = pool.urlopen(
                method,
                where.asked,
                body=body,
                headers={**self._headers(size), **headers},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
            leads = response.headers.get("location") if response.status in _MOVED else None
            found = response.status == 200 and size
            brought = self._body(response, size, deadline) if found else b""
            return self._answer(where, response, brought), leads and location(leads)
        finally:
            pool.close()

    def _headers(self, size: int) -> dict[str, str]:
        return {
            "User-Agent": self._agent,
            "Accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5",
            "Accept-Encoding": "gzip, deflate" if size else "identity",
            "Connection": "close",
        }

    def _body(self, response: BaseHTTPResponse, size: int, deadline: Deadline) -> bytes:
        def pieces() -> Iterator[bytes]:
            while piece := response.read(_CHUNK, decode_content=False):
                yield piece
            if deadline.over:
                raise Unreachable(self._late())

        coding = response.headers.get("content-encoding", "").strip().lower()
        try:
            return inflated(pieces(), coding, size)
        finally:
            response.close()

    def _answer(self, where: Target, response: BaseHTTPResponse, body: bytes) -> Answer:
        headers = {name.lower(): text for name, text in response.headers.items()}
        media, charset = content_type(headers.get("content-type", ""))
        return Answer(
            where.url.url,
            response.status,
            body,
            media,
            charset,
            validator(headers.get("etag", "")),
            validator(headers.get("last-modified", "")),
            retry=retry_after(headers.get("retry-after", ""), self._clock()),
            headers=headers,
        )

    def _reason(self, error: Exception, deadline: Deadline) -> str:
        if deadline.over:
            return self._late()
        inner = error.args[-1] if error.args else error
        if isinstance(inner, ssl.SSLError):
            return f"its certificate or encryption does not hold ({inner.reason or inner})"
        return f"the connection broke off ({type(error).__name__})"

    def _late(self) -> str:
        if self._ended.is_set():
            return "was not read to its end: the program ends"
        return f"took longer than {self._limits.seconds:g} seconds"


def _next(where: Target, onward: str) -> Target:
    """Return where a redirect leads. Raises FetchRefused."""
    try:
        return target(urljoin(where.url.url, onward))
    except ValueError:
        raise FetchRefused(
            f"{where.shown}: redirects to an address that cannot be read. Ask the site to mend it."
        ) from None


def _told(where: Target, reason: str) -> str:
    known = reason.startswith((where.host, where.shown))
    return reason if known else f"{where.shown}: {reason.rstrip('.')}."
