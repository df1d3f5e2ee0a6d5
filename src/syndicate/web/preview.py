"""A page on this machine that shows a coming letter as its readers will see it (issue 6)."""

import os
import socket
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from syndicate.digests.fit import CLIPPED, LARGE
from syndicate.errors import SyndicateError
from syndicate.markup import html_text

if TYPE_CHECKING:
    from syndicate.jobs.trial import Trial

_NIGHT = "(prefers-color-scheme: dark)"
_PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>{subject}</title><style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; padding: 24px; font: 15px/1.6 system-ui, sans-serif; }}
h1 {{ margin: 0; font-size: 22px; line-height: 1.4; }}
h2 {{ margin: 32px 0 8px; font-size: 15px; }}
p {{ margin: 4px 0 0; max-width: 76ch; }}
.warning {{ padding: 4px 12px; border-left: 3px solid #c60; background: #cc660018; }}
.row {{ display: flex; gap: 24px; margin-top: 24px; padding-bottom: 12px; overflow-x: auto; }}
figure {{ margin: 0; }}
figcaption, .quiet {{ opacity: .7; }}
iframe, pre {{ border: 1px solid #8886; border-radius: 8px; }}
iframe {{ display: block; height: 80vh; margin-top: 6px; background: #fff; }}
pre {{ max-width: 80ch; margin: 0; padding: 16px; font: 14px/1.7 ui-monospace, monospace; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
</style><h1>{subject}</h1><p>{preheader}</p><p class="quiet">{size}</p>{warnings}
<div class="row">{frames}</div>{text}
<script>
const mark = "{mark}";
setInterval(async () => {{
  try {{ if (await (await fetch("/mark")).text() !== mark) location.reload(); }} catch {{ }}
}}, 1000);
</script></html>"""
_EMPTY = {"subject": "No letter", "preheader": "", "size": "", "frames": "", "text": ""}
_FRAMES = (("day", 375), ("night", 375), ("day", 640), ("night", 640))


def application(draw: Callable[[], "Trial"], places: Iterable[Path]) -> Starlette:
    """Make the application: `draw` writes the letter, which is made of what lies in `places`."""
    watched = tuple(places)
    drawn: dict[str, Trial | SyndicateError] = {}  # the letter of the page, for the frames in it

    def page(_request: Request) -> Response:
        mark = _mark(watched)
        drawn.clear()
        drawn[mark] = _tried(draw)
        return HTMLResponse(_page(drawn[mark], mark))

    def letter(request: Request) -> Response:
        """The letter alone, by day or by night, whatever the browser's own colours are."""
        media = "all" if request.path_params["time"] == "night" else "not all"
        found = drawn.get(_mark(watched)) or _tried(draw)
        said = html_text(str(found)) if isinstance(found, SyndicateError) else found.html
        html = said.replace(_NIGHT, media)
        return HTMLResponse(html, headers={"Content-Security-Policy": "script-src 'none'"})

    def mark(_request: Request) -> Response:
        return PlainTextResponse(_mark(watched))

    return Starlette(
        routes=[Route("/", page), Route("/letter/{time}", letter), Route("/mark", mark)],
        # Another site's page must not read it through a name of its own that leads here.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


def listening(port: int) -> socket.socket:
    """Listen on this machine alone, or raise SyndicateError."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise SyndicateError(
            f"Port {port} cannot be listened on ({os.strerror(error.errno or 0)}). Choose another: --port 0"
        ) from None


def _mark(places: Iterable[Path]) -> str:
    """Name what the letter is made of: it changes whenever a file does."""
    name = sha256()
    for place in places:
        for file in [place, *sorted(place.rglob("*"))]:
            try:
                found = file.stat()
            except OSError:
                continue  # a page was renamed meanwhile
            name.update(f"{file}\0{found.st_mtime_ns}\0{found.st_size}\0".encode())
    return name.hexdigest()


def _tried(draw: Callable[[], "Trial"]) -> "Trial | SyndicateError":
    try:
        return draw()
    except SyndicateError as error:
        return error


def _page(found: "Trial | SyndicateError", mark: str) -> str:
    if isinstance(found, SyndicateError):
        warning = f'<p class="warning">{html_text(str(found))}</p>'
        return _PAGE.format_map(_EMPTY | {"warnings": warning, "mark": mark})
    frames = "".join(
        f'<figure><figcaption>{width} px, by {time}</figcaption><iframe src="/letter/{time}" '
        f'width="{width}" title="{width} pixels, by {time}" sandbox=""></iframe></figure>'
        for time, width in _FRAMES
    )
    size = found.rendered.html_size / 1024
    return _PAGE.format(
        subject=html_text(found.digest.subject),
        preheader=html_text(found.digest.preheader),
        size=f"{size:.0f} KB of HTML; {CLIPPED // 1024} KB are shown by Gmail",
        warnings="".join(f'<p class="warning">{html_text(one)}</p>' for one in _warnings(found)),
        frames=frames,
        text=f"<h2>Text</h2><pre>{html_text(found.text)}</pre>",
        mark=mark,
    )


def _warnings(trial: "Trial") -> Iterable[str]:
    """What an editor should look at."""
    if trial.rendered.shortened:
        yield f"The letter would be larger than {LARGE // 1024} KB: it shows less of its articles."
    if trial.rendered.html_size > LARGE:
        yield f"The letter is still larger than {LARGE // 1024} KB: put fewer articles into it."
    if not trial.digest.preheader:
        yield "There is no preheader: the first article has neither highlights nor a summary."
    for entry in trial.digest.entries:
        if not entry.article.highlights:
            yield f"“{entry.article.title}” has no highlights."
