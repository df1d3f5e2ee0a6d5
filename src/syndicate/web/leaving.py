"""Unsubscribing, from the link in a letter or by a mail program (RFC 8058), and the way back."""

from starlette.requests import Request
from starlette.responses import Response

from syndicate import addresses, tokens
from syndicate.errors import TokenRefused
from syndicate.jobs.leave import come_back, has_left, may_come_back, reader_of, unsubscribe
from syndicate.store.witness import tell_of_departure
from syndicate.web.asking import opened, page, problem, services_of, spoken
from syndicate.web.subscribe import title_of


def ask(request: Request) -> Response:
    """Show the button that unsubscribes: GET changes nothing, since scanners follow links.

    Who has left already is told so, and needs no button.
    """
    services, subscription = services_of(request), opened(request, tokens.UNSUBSCRIBE)
    if isinstance(subscription, Response):
        return subscription
    if has_left(services.store, subscription):
        return _left(request, subscription)
    title, words = _reader(request, subscription)
    action = addresses.token_path(tokens.UNSUBSCRIBE, request.path_params["token"])
    return page(request, "unsubscribe.html", words=words, newsletter_title=title, action=action)


def leave(request: Request) -> Response:
    """Unsubscribe at once (RFC 8058): no cookie, no redirect, whatever the body, the same every time."""
    services, subscription = services_of(request), opened(request, tokens.UNSUBSCRIBE)
    if isinstance(subscription, Response):
        return subscription
    if unsubscribe(services.store, subscription, "web", services.clock(), services.tell):
        tell_of_departure(services.store, services.folder)
    return _left(request, subscription)


def take_back(request: Request) -> Response:
    """Let a reader who has just left stay after all."""
    services, subscription = services_of(request), opened(request, tokens.UNSUBSCRIBE)
    if isinstance(subscription, Response):
        return subscription
    try:
        come_back(services.store, subscription, services.clock(), services.tell)
    except TokenRefused as error:
        return problem(request, error, 409)
    title, words = _reader(request, subscription)
    return page(request, "returned.html", words=words, newsletter_title=title)


def _left(request: Request, subscription: int) -> Response:
    services, token = services_of(request), request.path_params["token"]
    title, words = _reader(request, subscription)
    back = ""
    if may_come_back(services.store, subscription, services.clock()):
        back = f"{addresses.token_path(tokens.UNSUBSCRIBE, token)}/back"
    return page(request, "unsubscribed.html", words=words, newsletter_title=title, back=back)


def _reader(request: Request, subscription: int) -> tuple[str, str]:
    """Return the title of a subscription's newsletter, and the language to speak with its reader."""
    name, language = reader_of(services_of(request).store, subscription) or (None, None)
    return title_of(request, name), spoken(request, language)
