"""Subscribing: the form, its answer, and the page on which a reader confirms (MAIL.md, "Consent").

The same answer is given whether an address is known or not; nothing here looks it up.
"""

from datetime import timedelta
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from syndicate import addresses, language, tokens
from syndicate.errors import AddressRefused, TokenRefused
from syndicate.jobs import account
from syndicate.jobs.confirm import confirm, find
from syndicate.jobs.signup import Wish, sign_up
from syndicate.model import Series, SignupKind
from syndicate.store import series
from syndicate.web.asking import (
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

SHORTEST = timedelta(seconds=1)  # nobody types an address faster
LONGEST = timedelta(days=1)  # a form in a tab that was left open overnight still works
_TERMS = (
    "You agree that {newsletter} is sent to this address. Every letter has a link that ends it at once. "
    "The address is used for nothing else."
)


def ask(request: Request) -> Response:
    """Show the form."""
    return _form(request, chosen=request.query_params.get("newsletter", ""))


def take(request: Request, form: Form) -> Response:
    """Write down what is asked for. Who fills in the trap, or is faster than people, is not."""
    services, words = services_of(request), spoken(request)
    name = _newsletter(request, text(form, "newsletter"))
    typed = text(form, "email")
    if not name:
        return _form(request, typed=typed, notice="Please choose a newsletter.", form=form)
    if not _was_shown(request, text(form, "shown")):
        say = "Please look at the address once more, and press the button again."
        return _form(request, chosen=name, typed=typed, notice=say, form=form)
    wish = Wish(
        newsletter=name,
        address=typed,
        language=words,
        network=network_of(request),
        form=_where(request),
        version=_version(),
        text=_terms(request, words),
        series=_series_slug(request, text(form, "series")),
    )
    if not text(form, "website"):
        try:
            sign_up(
                services.store,
                services.keys,
                wish,
                services.clock(),
                services.tell,
                smtputf8=services.settings.mail.smtputf8,
            )
        except AddressRefused as error:
            return _form(request, chosen=name, typed=typed, error=what_is_wrong(error), form=form)
    return _check_mail(request, words)


def _check_mail(request: Request, words: str) -> Response:
    sender, framed = services_of(request).settings.mail.sender, _is_framed(request)
    return page(
        request,
        "check_mail_embed.html" if framed else "check_mail.html",
        words=words,
        frames=framed,
        sender=sender,
        sender_domain=sender.rpartition("@")[2],
    )


def _form(
    request: Request,
    *,
    chosen: str = "",
    typed: str = "",
    notice: str = "",
    error: str = "",
    form: Form | None = None,
) -> Response:
    services, words = services_of(request), spoken(request)
    say = language.catalogue(words).gettext
    asked = text(form, "series") if form else request.query_params.get("series", "")
    return page(
        request,
        f"{_where(request)}.html",
        words=words,
        status=422 if error else 200,
        frames=_is_framed(request),
        newsletters=services.newsletters,
        chosen=_newsletter(request, chosen),
        address=typed[:254],
        notice=say(notice) if notice else "",
        error=say(error) if error else "",
        series=_series(request, asked),
        only=bool(asked),
        shown=_shown(request),
        terms=_terms(request, words),
    )


def _is_framed(request: Request) -> bool:
    return _where(request) == addresses.EMBED


def _where(request: Request) -> str:
    """Return which form it is: `subscribe` or `embed`."""
    return request.url.path.rpartition("/")[2]


def _newsletter(request: Request, name: str) -> str:
    """Return the newsletter that is meant: the only one where there is one."""
    names = [one.name for one in services_of(request).newsletters]
    return name if name in names else names[0] if len(names) == 1 else ""


def _terms(request: Request, words: str) -> str:
    titles = [one.title for one in services_of(request).newsletters]
    name = titles[0] if len(titles) == 1 else services_of(request).about.title
    return language.catalogue(words).gettext(_TERMS).format(newsletter=name)


def _version() -> str:
    """Name the form's wording."""
    return sha256(_TERMS.encode()).hexdigest()[:8]


def _series(request: Request, slug: str) -> Series | None:
    if not slug:
        return None
    with services_of(request).store.read() as tx:
        return next((one for one in series.load(tx).values() if one.slug == slug), None)


def _series_slug(request: Request, slug: str) -> str | None:
    found = _series(request, slug)
    return found.slug if found else None


def _shown(request: Request) -> str:
    """Sign the time at which a form is shown."""
    services = services_of(request)
    now = services.clock()
    return tokens.sign(services.keys, tokens.FORM, int(now.timestamp()), now + LONGEST)


def _was_shown(request: Request, token: str) -> bool:
    """Whether a form was shown long enough ago, and not too long."""
    services = services_of(request)
    now = services.clock()
    try:
        at = tokens.verify(services.keys, tokens.FORM, token, now)
    except TokenRefused:
        return False
    return now.timestamp() - at >= SHORTEST.total_seconds()


def ask_confirm(request: Request) -> Response:
    """Show the button that confirms: GET changes nothing."""
    services, number = services_of(request), opened(request, tokens.CONFIRM)
    if isinstance(number, Response):
        return number
    try:
        one = find(services.store, number)
    except TokenRefused as error:
        return problem(request, error)
    moving = one.kind is SignupKind.MOVE
    return page(
        request,
        "confirm_move.html" if moving else "confirm.html",
        words=spoken(request, one.language),
        newsletter_title=title_of(request, one.newsletter),
        action=addresses.token_path(tokens.CONFIRM, request.path_params["token"]),
    )


def do_confirm(request: Request, _form: Form) -> Response:
    """Confirm, and say what comes next; the same answer every time."""
    services, number = services_of(request), opened(request, tokens.CONFIRM)
    if isinstance(number, Response):
        return number
    network, now = network_of(request), services.clock()
    try:
        if find(services.store, number).kind is SignupKind.MOVE:
            account.move(services.store, services.keys, number, network, now, services.tell)
            return page(request, "moved.html", words=spoken(request))
        done = confirm(services.store, services.keys, number, network, now, services.tell)
    except TokenRefused as error:
        return problem(request, error)
    token = tokens.sign(services.keys, tokens.PREFERENCES, done.subscription_id)
    return page(
        request,
        "confirmed.html",
        words=spoken(request, done.language),
        newsletter_title=title_of(request, done.newsletter),
        settings=addresses.token_path(tokens.PREFERENCES, token),
    )


def title_of(request: Request, newsletter: str | None) -> str:
    """Return the title of a newsletter, the publication's if there is none of that name any more."""
    services = services_of(request)
    titles = {one.name: one.title for one in services.newsletters}
    return titles.get(newsletter or "", services.about.title)
