"""The published files over HTTP (RFC 9110), as a plain ASGI application.

A publish replaces files while this serves them. So each answer is made from one open file: its
length, its tag and its bytes always belong together, whatever is renamed over its name meanwhile.
"""

import mimetypes
import os
import stat
from collections.abc import Iterator
from email.utils import formatdate, parsedate_to_datetime
from io import FileIO
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from syndicate import addresses, feeds

_CHUNK = 256 * 1024  # bytes
_JSON_FEED = "feed.json"  # other JSON than feeds stays JSON
_KINDS = {f".{one.ending}": one.media_type for one in feeds.FORMATS if one.ending != "json"}


class Files:
    """Answers GET and HEAD with the files under a folder; `index.html` stands for its folder."""

    def __init__(self, folder: Path, base: str = "") -> None:
        """Serve `folder`, which need not exist yet, at the root and below the path `base` ("/news")."""
        self._folder, self._base = folder, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["method"] not in ("GET", "HEAD"):
            answer: ASGIApp = PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})
        else:
            answer = await run_in_threadpool(self._answer, scope["path"])
        await answer(scope, receive, send)

    def _answer(self, path: str) -> ASGIApp:
        """Return what answers a decoded URL path: a proxy may have stripped the base, or not."""
        below = path.removeprefix(self._base) if f"{path}/".startswith(f"{self._base}/") else path
        for one in dict.fromkeys((path, below)):
            if (answer := self._found(one)) is not None:
                return answer
        for one in dict.fromkeys((path, below)):
            if (gone := self._open(f"{one.rstrip('/')}/{addresses.GONE}")) is not None:
                return _Opened(gone, 410)
        if (missing := self._open("/404.html")) is not None:
            return _Opened(missing, 404)
        return PlainTextResponse("Not Found", 404)

    def _found(self, path: str) -> ASGIApp | None:
        if (file := self._open(path)) is not None:
            return _Opened(file, 200)
        if not path.endswith("/") and (index := self._open(path + "/")) is not None:
            index.close()
            place = f"{path.strip('/')}/".lstrip("/")  # never "//", another host
            return RedirectResponse(f"{self._base}/{place}", 308)
        return None

    def _open(self, path: str) -> FileIO | None:
        """Open the file of a decoded URL path; None where there is none."""
        name = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        if "\0" in name or not self._inside(name):
            return None
        try:
            file = FileIO(self._folder / name, opener=_without_waiting)
        except (OSError, UnicodeEncodeError):
            return None
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file
        file.close()
        return None

    def _inside(self, name: str) -> bool:
        """Tell whether a name leads to a place under the folder, links followed."""
        folder = os.path.realpath(self._folder)
        try:
            return os.path.commonpath((folder, os.path.realpath(self._folder / name))) == folder
        except UnicodeEncodeError:
            return False


def _without_waiting(path: str, flags: int) -> int:
    """Open without waiting for the other end, should the name be a FIFO."""
    return os.open(path, flags | os.O_NONBLOCK)


class _Opened:
    """Answers once, with what is left to read of one open file, and closes it."""

    def __init__(self, file: FileIO, status: int) -> None:
        self._file = file
        self._status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._file as file:
            found = os.fstat(file.fileno())
            tag = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
            headers = {"ETag": tag, "Last-Modified": formatdate(found.st_mtime, usegmt=True)}
            if self._status == 200 and _is_known(Headers(scope=scope), tag, found.st_mtime):
                await Response(status_code=304, headers=headers)(scope, receive, send)
                return
            media_type = _media_type(Path(str(file.name)))
            headers |= {"Content-Length": str(found.st_size), "X-Content-Type-Options": "nosniff"}
            body = _chunks(file, found.st_size if scope["method"] == "GET" else 0)
            answer = StreamingResponse(body, self._status, headers, media_type)
            await answer(scope, receive, send)


def _chunks(file: FileIO, left: int) -> Iterator[bytes]:
    """Give the next `left` bytes; fewer only if the file was cut short in its place."""
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        left -= len(chunk)
        yield chunk


def _is_known(headers: Headers, tag: str, changed: float) -> bool:
    """Tell whether the client holds these bytes (RFC 9110, 13.1.2 and 13.1.3)."""
    if (tags := headers.get("if-none-match")) is not None:
        return any(one.strip().removeprefix("W/") in (tag, "*") for one in tags.split(","))
    if (since := headers.get("if-modified-since")) is None:
        return False
    try:
        return int(changed) <= parsedate_to_datetime(since).timestamp()
    except ValueError:
        return False


def _media_type(file: Path) -> str:
    if file.name == _JSON_FEED:
        return "application/feed+json"
    kind = _KINDS.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    return kind or "application/octet-stream"
