"""The page on which an editor approves an edition, or holds it."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from syndicate import addresses, tokens
from syndicate.errors import SyndicateError
from syndicate.jobs.approval import (
    ApprovalRefused,
    Choice,
    decide,
    look,
)
from syndicate.jobs.preview import preview
from syndicate.store.witness import attest
from syndicate.web.asking import Form, opened, page, problem, services_of, spoken, text


def show(request: Request) -> Response:
    """Show the edition and two buttons: GET changes nothing, since scanners follow links."""
    services, subject = services_of(request), opened(request, tokens.APPROVE)
    if isinstance(subject, Response):
        return subject
    one, now = services, services.clock()
    try:
        asked = look(one.store, one.newsletters, subject, one.version, now)
        letter = preview(one.store, asked.newsletter, asked.draft, one.about, one.environment, now)
    except SyndicateError as error:
        return problem(request, error, 409)
    return page(
        request,
        "approve.html",
        words=spoken(request),
        newsletter_title=asked.newsletter.title,
        letter=letter,
        count=asked.letters,
        action=addresses.token_path(tokens.APPROVE, request.path_params["token"]),
    )


def act(request: Request, form: Form) -> Response:
    """Do what the editor chose."""
    one, subject = services_of(request), opened(request, tokens.APPROVE)
    if isinstance(subject, Response):
        return subject
    choice = next((each for each in get_args(Choice) if each == text(form, "choice")), None)
    if choice is None:
        return problem(request, ApprovalRefused("Please choose: approve, or hold."), 400)
    now = one.clock()
    try:
        one.rehearse(look(one.store, one.newsletters, subject, one.version, now).newsletter)
        decide(one.store, one.newsletters, subject, choice, one.version, now, one.tell)
    except SyndicateError as error:
        return problem(request, error, 409)
    attest(one.store, one.folder)
    return page(request, "decided.html", words=spoken(request), choice=choice)
