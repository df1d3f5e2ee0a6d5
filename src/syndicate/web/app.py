"""Routes. A token is verified here and a job is called: no rule lives in this room."""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from syndicate import addresses, tokens
from syndicate.jobs.polls import Polls
from syndicate.services import Services
from syndicate.web import account, approving, leaving, preferences, private_feed, subscribe
from syndicate.web.asking import KnownHost, posted
from syndicate.web.files import Files
from syndicate.web.health import UNWATCHED, Vitals, examine
from syndicate.web.metrics import CONTENT_TYPE, Metrics, may_read


def application(
    services: Services,
    vitals: Vitals = UNWATCHED,
    metrics: Metrics | None = None,
    polls: Polls | None = None,
) -> ASGIApp:
    """Return the ASGI application of a publication; `vitals`, `metrics` and `polls` are the daemon's."""
    base_url = services.about.base_url
    places = dict.fromkeys(
        (addresses.base_path(base_url), "")
    )  # a proxy may strip the path, or not
    operators = [route for place in places for route in _for_operators(place, metrics)]
    readers = [route for place in places for route in _for_readers(place, base_url)]
    program = Starlette(routes=[*operators, *readers])
    program.state.services, program.state.vitals, program.state.metrics = services, vitals, metrics
    return Files(services.public, base_url, program, services.about.hubs, polls)


def _for_operators(base: str, metrics: Metrics | None) -> list[Route]:
    return [
        Route(f"{base}/healthz", _healthz, methods=["GET"]),
        *([Route(f"{base}/metrics", _metrics, methods=["GET"])] if metrics else []),
    ]


def _for_readers(base: str, base_url: str) -> list[Route]:
    """Return what readers ask of the program itself: GET shows, POST acts."""
    known = [Middleware(KnownHost, base_url=base_url)]

    def route(path: str, endpoint: Callable[..., Any], method: str) -> Route:
        return Route(f"{base}/{path}", endpoint, methods=[method], middleware=known)

    leaving_, confirming, choosing, owning, feed, approving_ = (
        addresses.token_path(purpose, "{token}")
        for purpose in (
            tokens.UNSUBSCRIBE,
            tokens.CONFIRM,
            tokens.PREFERENCES,
            tokens.ACCOUNT,
            tokens.FEED,
            tokens.APPROVE,
        )
    )
    forms = (addresses.SUBSCRIBE, addresses.EMBED)
    return [
        *(route(path, subscribe.ask, "GET") for path in forms),
        *(route(path, posted(subscribe.take), "POST") for path in forms),
        route(confirming, subscribe.ask_confirm, "GET"),
        route(confirming, posted(subscribe.do_confirm), "POST"),
        route(leaving_, leaving.ask, "GET"),
        route(leaving_, leaving.leave, "POST"),
        route(f"{leaving_}/back", leaving.take_back, "POST"),
        route(choosing, preferences.ask, "GET"),
        route(choosing, posted(preferences.change), "POST"),
        route(owning, account.ask, "GET"),
        route(owning, posted(account.act), "POST"),
        route(f"{owning}/copy", account.copy, "GET"),
        route(feed, private_feed.answer, "GET"),
        route(approving_, approving.show, "GET"),
        route(approving_, posted(approving.act), "POST"),
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
