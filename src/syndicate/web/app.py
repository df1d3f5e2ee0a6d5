"""Routes. A token is verified here and a job is called: no rule lives in this room."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from syndicate import addresses, site, tokens
from syndicate.errors import TokenRefused
from syndicate.jobs.subscribe import has_left, reader_of, unsubscribe
from syndicate.services import Services
from syndicate.store.witness import tell_of_departure
from syndicate.web.files import Files
from syndicate.web.health import UNWATCHED, Vitals, examine
from syndicate.web.metrics import CONTENT_TYPE, Metrics, may_read

_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def application(
    services: Services, vitals: Vitals = UNWATCHED, metrics: Metrics | None = None
) -> ASGIApp:
    """Return the ASGI application of a publication; `vitals` and `metrics` are the daemon's."""
    base = addresses.base_path(services.about.base_url)
    routes = [route for place in dict.fromkeys((base, "")) for route in _routes(place, metrics)]
    program = Starlette(routes=routes)
    program.state.services, program.state.vitals, program.state.metrics = services, vitals, metrics
    about = services.about
    return Files(services.public, about.base_url, program, about.hubs)


def _routes(base: str, metrics: Metrics | None) -> list[Route]:
    """Return what is no file, below a path: a proxy may pass on the base address' path, or strip it."""
    token = f"{base}/{addresses.unsubscribe_path('{token}')}"
    return [
        Route(f"{base}/healthz", _healthz, methods=["GET"]),
        *([Route(f"{base}/metrics", _metrics, methods=["GET"])] if metrics else []),
        Route(token, _ask, methods=["GET"]),
        Route(token, _leave, methods=["POST"]),
    ]


def _healthz(request: Request) -> Response:
    """Say how we are: 503 tells a supervisor or a proxy that this process is of no use."""
    state = request.app.state
    health = examine(state.services, state.vitals)
    return JSONResponse(health.record, health.status, {"Cache-Control": "no-store"})


def _metrics(request: Request) -> Response:
    """Tell Prometheus; to everybody else there is nothing here."""
    services: Services = request.app.state.services
    if not may_read(request, services.settings.web):
        return PlainTextResponse("Not Found", 404)
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE})


def _ask(request: Request) -> Response:
    """Show the button that unsubscribes: GET changes nothing, since scanners follow links.

    Who has left already is told so, and needs no button.
    """
    services: Services = request.app.state.services
    subscription = _subscription(request, services)
    if isinstance(subscription, Response):
        return subscription
    title, language = _newsletter(services, subscription)
    if has_left(services.store, subscription):
        page = site.unsubscribed_page(services.about, title, services.environment, language)
        return HTMLResponse(page, headers=_PRIVATE)
    token = request.path_params["token"]
    page = site.unsubscribe_page(services.about, title, token, services.environment, language)
    return HTMLResponse(page, headers=_PRIVATE)


def _leave(request: Request) -> Response:
    """Unsubscribe at once (RFC 8058): no cookie, no redirect, and the same answer every time."""
    services: Services = request.app.state.services
    subscription = _subscription(request, services)
    if isinstance(subscription, Response):
        return subscription
    if unsubscribe(services.store, subscription, "web", services.clock(), services.tell):
        tell_of_departure(services.store, services.folder)
    title, language = _newsletter(services, subscription)
    page = site.unsubscribed_page(services.about, title, services.environment, language)
    return HTMLResponse(page, headers=_PRIVATE)


def _subscription(request: Request, services: Services) -> int | Response:
    """Return the subscription of the token in the path, or the page that says what is wrong."""
    token = request.path_params["token"]
    try:
        return tokens.verify(services.keys, tokens.UNSUBSCRIBE, token, services.clock())
    except TokenRefused as error:
        language = services.about.language
        page = site.problem_page(services.about, str(error), services.environment, language)
        return HTMLResponse(page, status_code=404, headers=_PRIVATE)


def _newsletter(services: Services, subscription: int) -> tuple[str, str]:
    """Return the title of a subscription's newsletter, and the language of its reader."""
    name, language = reader_of(services.store, subscription) or ("", services.about.language)
    titles = {one.name: one.title for one in services.newsletters}
    return titles.get(name, services.about.title), language
