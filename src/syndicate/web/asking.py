"""What readers' pages share: whose language, which network, how much of a body, and the answer's headers."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from syndicate import addresses, language, site, tokens, values
from syndicate.errors import AddressRefused, AddressUnreachable, TokenRefused
from syndicate.services import Services

MOST_BYTES = 16 * 1024  # a form of ours has less than one
_MOST_FIELDS = 200  # a box for each tag and series
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Language",
}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {}"
)

Form = Mapping[str, list[str]]


class KnownHost:
    """Answers only under the names of the base address and of this machine: no page is built for others."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app, self._host = app, addresses.authority(base_url).lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 421 (RFC 9110 15.5.20)."""
        found = [value for name, value in scope["headers"] if name == b"host"]
        names = {_host(value.decode("latin-1")) for value in found}
        if all(name == self._host or values.is_loopback(name) for name in names):
            await self._app(scope, receive, send)
            return
        answer = PlainTextResponse("Misdirected Request", 421)
        await answer(scope, receive, send)


def _host(header: str) -> str:
    """Return the name in a Host header, without its port and the brackets of IPv6."""
    text = header.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0]


def posted(
    act: Callable[[Request, Form], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that reads a form of bounded size, and acts on it in a thread."""

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        if form is None:
            return PlainTextResponse("Content Too Large", 413)
        return await run_in_threadpool(act, request, form)

    return endpoint


async def read_form(request: Request) -> Form | None:
    """Read an urlencoded form; None if it is larger than any of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    form: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        return None
    for name, value in pairs:
        form.setdefault(name, []).append(value.replace("\0", ""))
    return form


def text(form: Form, name: str) -> str:
    """Return the last value of a field, "" if it has none."""
    return form.get(name, [""])[-1].strip()


def services_of(request: Request) -> Services:
    """Return what the application was made with."""
    services: Services = request.app.state.services
    return services


def network_of(request: Request) -> str:
    """Return the network address that a request comes from, as the server saw it (`web.trusted_proxies`)."""
    return request.client.host if request.client else ""


def spoken(request: Request, otherwise: str | None = None) -> str:
    """Return the language to answer in: as chosen, else the browser's, the reader's, the publication's."""
    chosen = request.query_params.get("lang", "")
    if chosen in language.ours():
        return chosen
    fallback = otherwise or services_of(request).about.language
    return language.preferred(request.headers.get("accept-language", ""), fallback)


def page(
    request: Request,
    template: str,
    *,
    words: str,
    status: int = 200,
    frames: bool = False,
    **context: object,
) -> Response:
    """Answer with a page of `templates/web/`; `frames`: another site may show it in a frame."""
    services = services_of(request)
    html = site.answer(
        services.about,
        template,
        services.environment,
        words,
        languages=_switch(request, words),
        **context,
    )
    policy = _POLICY.format("*" if frames else "'none'")
    headers = {**PRIVATE, "Content-Security-Policy": policy}
    if not frames:
        headers["X-Frame-Options"] = "DENY"
    return HTMLResponse(html, status, headers)


def _switch(request: Request, words: str) -> tuple[tuple[str, str, str], ...]:
    """Return the other languages of a page: code, name and address; none after a form was sent."""
    if request.method not in {"GET", "HEAD"}:
        return ()
    query = [(name, value) for name, value in request.query_params.items() if name != "lang"]
    return tuple(
        (code, name, "?" + urlencode([*query, ("lang", code)]))
        for code, name in language.ours().items()
        if code != words.split("-", maxsplit=1)[0]
    )


def opened(request: Request, purpose: str) -> int | Response:
    """Return the subject of the token in the path, or the page that says what is wrong with it."""
    services = services_of(request)
    token = request.path_params["token"]
    try:
        return tokens.verify(services.keys, purpose, token, services.clock())
    except TokenRefused as error:
        return problem(request, error)


def problem(request: Request, error: Exception, status: int = 404) -> Response:
    """Answer with what is wrong, in plain words."""
    words = spoken(request)
    return page(request, "problem.html", words=words, status=status, message=str(error))


def what_is_wrong(error: AddressRefused) -> str:
    """Say of an address why it is not taken, in words of the catalogue; not what was typed."""
    if isinstance(error, AddressUnreachable):
        return (
            "These letters before the @ cannot be written to by most mail servers. "
            "Please use another address."
        )
    return "This is not a mail address. Please look at it once more."
