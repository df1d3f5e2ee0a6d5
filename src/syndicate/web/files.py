"""The published files over HTTP (RFC 9110), as a plain ASGI application before everything else.

What is held in memory is answered without another library, a thread or a task between.
"""

import asyncio
from collections.abc import Sequence
from io import FileIO
from pathlib import Path
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from syndicate import addresses
from syndicate.jobs.polls import Polls
from syndicate.output import maps
from syndicate.web.asked import Asked, read
from syndicate.web.policy import MARK, policy
from syndicate.web.shelf import Held, Message, Shelf, Stamp, stamp, take

_CHUNK = 256 * 1024  # bytes
_NO_BODY: Message = {"type": "http.response.body", "body": b""}
_MOVED_FOR = b"public, max-age=86400"  # seconds; a redirect that was a mistake ends with the day
Found = Held | str | None  # a file, an address to go to, or nothing


class Files:
    """Answers GET and HEAD with the files under a folder; `index.html` stands for its folder.

    The folder need not exist yet. What the program answers itself goes to `program`.
    """

    def __init__(
        self,
        folder: Path,
        base_url: str,
        program: ASGIApp,
        hubs: Sequence[str] = (),
        polls: Polls | None = None,
    ) -> None:
        """Serve `folder` at the root and below the path of `base_url`: a proxy may strip it, or not.

        `polls` counts who asks for feeds.
        """
        self._polls = polls or Polls()
        self._folder, self._base_url, self._program = folder, base_url, program
        self._hubs = tuple(hubs)
        self._base = addresses.base_path(base_url)
        self._shelf = Shelf()
        self._moved: dict[str, str] = {}
        self._moved_stamp: Stamp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http" or self._is_answered(scope["path"]):
            await self._program(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            await _plain(send, 405, "Method Not Allowed", (b"allow", b"GET, HEAD"))
            return
        asked, path, query = read(scope["headers"]), scope["path"], scope["query_string"]
        found: Found = None if query else self._shelf.find((path, asked.codings))
        found = found or await self._look(path, query, asked.codings)
        status = await _answer(found, asked, scope["method"], send)
        if isinstance(found, Held) and found.feed:
            self._polls.count(found.feed, asked.agent, unchanged=status == 304)

    def _is_answered(self, path: str) -> bool:
        below = self._below(path)
        return below[1:].partition("/")[0] in addresses.ANSWERED

    def _below(self, path: str) -> str:
        base = self._base
        return path[len(base) :] if base and f"{path}/".startswith(f"{base}/") else path

    async def _look(self, path: str, query: bytes, accepted: tuple[str, ...]) -> Found:
        """Return what answers a path."""
        if query and (place := self._led(f"{path}?{query.decode('latin-1')}")):
            return place
        marked = MARK.fullmatch(query) is not None
        key = (f"{path}?v" if marked else path, accepted)
        if query and (held := self._shelf.find(key)):
            return held
        found, its_own = await asyncio.to_thread(self._search, path, accepted, marked=marked)
        if isinstance(found, Held) and its_own:
            self._shelf.keep(key, found)
        return found

    def _search(self, path: str, accepted: tuple[str, ...], *, marked: bool) -> tuple[Found, bool]:
        """Look on the disk; whether what was found is this path's own."""
        places = tuple(dict.fromkeys((self._below(path), path)))
        for one in places:
            if (held := self._take(one, accepted, marked=marked)) is not None:
                return held, True
            if not one.endswith("/") and (index := self._take(f"{one}/", ())) is not None:
                index.close()
                below = one.strip("/")  # never "//", another host
                return quote(f"{self._base}/{below}/".replace("//", "/"), safe="/"), False
        if place := self._led(path):
            return place, False
        for one in places:
            if (
                gone := self._take(f"{one.rstrip('/')}/{addresses.GONE}", accepted, 410)
            ) is not None:
                return gone, True
        return self._take("/404.html", accepted, 404), False

    def _take(
        self, path: str, accepted: tuple[str, ...], status: int = 200, *, marked: bool = False
    ) -> Held | None:
        name = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        about = policy(name, self._base_url, self._hubs, marked=marked)
        return take(self._folder, name, about, accepted, status)

    def _led(self, old: str) -> str | None:
        """Return where an old address leads, as the last publish knew it."""
        place = maps.folder(self._folder) / maps.MOVED
        if (found := stamp(str(place))) != self._moved_stamp:
            self._moved, self._moved_stamp = maps.read_moved(self._folder), found
        for one in (old, self._base + old):
            if (new := self._moved.get(maps.folded(one))) is not None:
                return new
        return None


async def _answer(found: Found, asked: Asked, method: str, send: Send) -> int:
    """Answer, and return the status."""
    if found is None:
        return await _plain(send, 404, "Not Found")
    if isinstance(found, str):
        return await _redirect(send, found)
    if found.status == 200 and asked.knows(found.tag, found.modified):
        await _head(found, found.known, send)
        return 304
    if method == "HEAD":
        await _head(found, found.start, send)
    else:
        await send(found.start)
        await (send(found.body) if found.rest is None else _stream(found.rest, found.length, send))
    return found.status


async def _head(held: Held, start: Message, send: Send) -> None:
    held.close()
    await send(start)
    await send(_NO_BODY)


async def _redirect(send: Send, place: str) -> int:
    headers = (
        (b"location", place.encode()),
        (b"cache-control", _MOVED_FOR),
        (b"content-length", b"0"),
    )
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send(_NO_BODY)
    return 308


async def _plain(send: Send, status: int, text: str, *more: tuple[bytes, bytes]) -> int:
    """Say in plain words what no page says."""
    body = text.encode()
    headers = (
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-cache"),
        *more,
    )
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
    return status


async def _stream(file: FileIO, left: int, send: Send) -> None:
    """Send the next `left` bytes of a file; fewer only if it was cut short in its place."""
    with file:
        while left > 0 and (chunk := await asyncio.to_thread(file.read, min(_CHUNK, left))):
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send(_NO_BODY)
