"""What a reader may do with the link of a fresh letter alone: a copy, another address, erasure."""

import json

from starlette.requests import Request
from starlette.responses import Response

from syndicate import addresses, tokens
from syndicate.errors import AddressRefused, TokenRefused
from syndicate.jobs import account
from syndicate.store.witness import tell_of_departure
from syndicate.web.asking import (
    PRIVATE,
    Form,
    network_of,
    opened,
    page,
    problem,
    services_of,
    spoken,
    text,
    what_is_wrong,
)


def ask(request: Request) -> Response:
    """Show what can be done."""
    number = opened(request, tokens.ACCOUNT)
    return number if isinstance(number, Response) else _show(request, number)


def copy(request: Request) -> Response:
    """Hand over all that is held, as a file."""
    services, number = services_of(request), opened(request, tokens.ACCOUNT)
    if isinstance(number, Response):
        return number
    try:
        found = account.copy(services.store, services.keys, number)
    except TokenRefused as error:
        return problem(request, error)
    written = json.dumps(found, ensure_ascii=False, indent=1, default=str)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="my-data.json"'}
    return Response(written, headers=headers, media_type="application/json")


def act(request: Request, form: Form) -> Response:
    """Do what a button asks for."""
    number = opened(request, tokens.ACCOUNT)
    if isinstance(number, Response):
        return number
    try:
        if text(form, "do") == "erase":
            return _erase(request, number, form)
        if text(form, "do") == "move":
            return _move(request, number, form)
    except TokenRefused as error:
        return problem(request, error)
    return _show(request, number)


def _erase(request: Request, number: int, form: Form) -> Response:
    services = services_of(request)
    if not text(form, "sure"):
        return _show(request, number, wrong="Please tick the box first: this cannot be undone.")
    account.erase(services.store, services.keys, number, services.clock(), services.tell)
    tell_of_departure(services.store, services.folder)
    return page(request, "erased.html", words=spoken(request))


def _move(request: Request, number: int, form: Form) -> Response:
    services, network = services_of(request), network_of(request)
    typed, now = text(form, "email"), services.clock()
    try:
        account.ask_to_move(
            services.store,
            services.keys,
            number,
            typed,
            network,
            now,
            smtputf8=services.settings.mail.smtputf8,
        )
    except AddressRefused as error:
        return _show(request, number, typed=typed, error=what_is_wrong(error))
    return page(request, "move_sent.html", words=spoken(request))


def _show(
    request: Request, number: int, *, typed: str = "", error: str = "", wrong: str = ""
) -> Response:
    services = services_of(request)
    try:
        person = account.owner(services.store, number)
    except TokenRefused as refused:
        return problem(request, refused)
    path = addresses.token_path(tokens.ACCOUNT, request.path_params["token"])
    return page(
        request,
        "account.html",
        words=spoken(request),
        status=422 if error or wrong else 200,
        mine=person.address,
        action=path,
        copy=f"{path}/copy",
        typed=typed[:254],
        error=error,
        wrong=wrong,
    )
