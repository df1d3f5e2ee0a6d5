"""A page on this machine that shows a coming letter as its readers will see it (issue 6)."""

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
body {{ margin: 24px; font: 15px/1.6 system-ui, sans-serif; background: #eee; color: #222; }}
iframe {{ border: 1px solid #bbb; border-radius: 8px; height: 900px; background: #fff; }}
.row {{ display: flex; gap: 24px; overflow-x: auto; }}
figure {{ margin: 0; }} .warning {{ color: #a00; font-weight: 700; }}
pre {{ background: #fff; padding: 16px; white-space: pre-wrap; max-width: 76ch; }}
</style><h1>{subject}</h1><p>{preheader}</p><p>{size}</p>{warnings}
<div class="row">{frames}</div><h2>Text</h2><pre>{text}</pre>
<script>
const mark = "{mark}";
setInterval(async () => {{
  try {{ if (await (await fetch("/mark")).text() !== mark) location.reload(); }} catch {{ }}
}}, 1000);
</script></html>"""
_FRAMES = (("day", 375), ("night", 375), ("day", 640), ("night", 640))


def application(draw: Callable[[], "Trial"], places: Iterable[Path]) -> Starlette:
    """Make the application: `draw` writes the letter, which is made of what lies in `places`."""
    watched = tuple(places)

    def page(_request: Request) -> Response:
        mark = _mark(watched)
        try:
            return HTMLResponse(_page(draw(), mark))
        except SyndicateError as error:
            return HTMLResponse(_page_of(error, mark))

    def letter(request: Request) -> Response:
        """The letter alone, by day or by night, whatever the browser's own colours are."""
        media = "all" if request.path_params["time"] == "night" else "not all"
        try:
            html = _bare(draw()).replace(_NIGHT, media)
        except SyndicateError as error:
            html = html_text(str(error))
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
            f"Port {port} cannot be listened on ({error.strerror}). Choose another: --port 0"
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


def _bare(trial: "Trial") -> str:
    """The HTML with links that lead nowhere where a recipient's own would stand."""
    html = trial.rendered.html
    for mark in trial.rendered.sentinels:
        html = html.replace(mark, "#")
    return html


def _page(trial: "Trial", mark: str) -> str:
    text = trial.rendered.text
    for sentinel in trial.rendered.sentinels:
        text = text.replace(sentinel, "#")
    frames = "".join(
        f'<figure><figcaption>{width} px, by {time}</figcaption><iframe src="/letter/{time}" '
        f'width="{width}" title="{width} pixels, by {time}" sandbox=""></iframe></figure>'
        for time, width in _FRAMES
    )
    warnings = "".join(f'<p class="warning">{html_text(one)}</p>' for one in _warnings(trial))
    return _PAGE.format(
        subject=html_text(trial.digest.subject),
        preheader=html_text(trial.digest.preheader),
        size=f"{trial.rendered.html_size / 1024:.0f} KB of HTML; {CLIPPED // 1024} KB are shown by Gmail",
        warnings=warnings,
        frames=frames,
        text=html_text(text),
        mark=mark,
    )


def _page_of(error: SyndicateError, mark: str) -> str:
    said = f'<p class="warning">{html_text(str(error))}</p>'
    return _PAGE.format(
        subject="No letter", preheader="", size="", warnings=said, frames="", text="", mark=mark
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
