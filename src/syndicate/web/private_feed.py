"""A reader's own feed, written when it is asked for; nothing in between may keep it for others."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from syndicate import addresses, feeds, tokens
from syndicate.errors import TokenRefused
from syndicate.feeds import FeedFormat
from syndicate.jobs import private_feed
from syndicate.web.asking import PRIVATE, services_of


def answer(request: Request) -> Response:
    """Answer with the feed; 410 once it was revoked, so that feed readers stop asking."""
    services = services_of(request)
    token, _, ending = request.path_params["token"].partition(".")
    form = next((one for one in feeds.FORMATS if one.ending == ending), None)
    if form is None:
        return PlainTextResponse("Not Found", 404, PRIVATE)
    try:
        number = tokens.verify(services.keys, tokens.FEED, token, services.clock())
    except TokenRefused as error:
        return PlainTextResponse(str(error), 404, PRIVATE)
    path = addresses.token_path(tokens.FEED, token)
    try:
        written = private_feed.write(
            services.store, number, form, services.about, services.newsletters, path
        )
    except TokenRefused as error:
        return PlainTextResponse(str(error), 410, PRIVATE)
    return _fresh(request, written, form)


def _fresh(request: Request, written: bytes, form: FeedFormat) -> Response:
    """Answer with what was written, or that the reader has it already (RFC 9110 13.1.2)."""
    tag = f'"{sha256(written).hexdigest()[:20]}"'
    headers = {**PRIVATE, "Cache-Control": "private, max-age=300", "ETag": tag}
    known = request.headers.get("if-none-match", "")
    if tag in (one.strip().removeprefix("W/") for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(written, headers=headers, media_type=form.media_type)
