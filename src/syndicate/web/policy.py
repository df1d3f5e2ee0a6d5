"""What a published file is answered with besides its bytes: a pure function of its path.

deploy/nginx.conf says the same in its own words; tests/web/test_nginx.py compares the two.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from msgspec import Struct

from syndicate import addresses, feeds

# What a page may do in a browser: show pictures from anywhere, run our own scripts, and nothing else.
CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src * data:; media-src *; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
_FRESH = f"public, max-age={int(feeds.TTL.total_seconds())}"  # readers wait for the longer of both
_PAGES = "public, max-age=300"  # seconds: how long a correction or a withdrawal may go unseen
_FOR_EVER = "public, max-age=31536000, immutable"  # RFC 8246: the name changes with the bytes
_MISSING = "no-cache"  # what is not there may come at any time
MARK = re.compile(rb"v=[0-9a-f]{8,64}")  # the query of a link to an asset: it names its bytes
_HASHED = re.compile(r"(?:assets|media)/(?:.*[./-])?[0-9a-f]{8,64}\.[a-z0-9]+")
_FEED_TYPES = {one.ending: one.media_type for one in feeds.FORMATS}
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xml": "application/xml",
    "opml": "text/x-opml; charset=utf-8",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "pdf": "application/pdf",
}
_TEXTS = {"html", "css", "js", "txt", "xml", "opml", "json", "webmanifest", "svg", "atom", "rss"}

Headers = tuple[tuple[bytes, bytes], ...]


class Policy(Struct, frozen=True):
    """How a file is answered: `compressed` files have forms for each coding beside them.

    `feed` is the path of one that readers ask for again, and that is counted.
    """

    media_type: str
    caching: str
    compressed: bool
    link: str = ""
    feed: str = ""

    def headers(self, status: int = 200) -> Headers:
        """The headers of a status, those of a coding apart; 304 says what a cache has to renew."""
        said = {"cache-control": _MISSING if status == 404 else self.caching}
        if self.compressed:
            said["vary"] = "Accept-Encoding"
        if self.link:
            said["link"] = self.link
        if status != 304:
            said |= {"content-type": self.media_type, "x-content-type-options": "nosniff"}
            if self.media_type.startswith(("text/html", "image/svg")):
                said["content-security-policy"] = CONTENT_SECURITY
        return tuple((name.encode(), value.encode()) for name, value in said.items())


@lru_cache(maxsize=4096)
def policy(path: str, base_url: str, hubs: Sequence[str] = (), *, marked: bool = False) -> Policy:
    """Return how the file at a published path is answered.

    `hubs` are those of WebSub; `marked` says that it was asked for with its mark.
    """
    ending = PurePosixPath(path).suffix.removeprefix(".")
    if (live := addresses.is_feed(path)) or addresses.is_archive(path):
        link = _feed_link(path, base_url, hubs if live else ())
        return Policy(
            _FEED_TYPES[ending], _FRESH, compressed=True, link=link, feed=path if live else ""
        )
    kind = _TYPES.get(ending, "application/octet-stream")
    lasting = _HASHED.fullmatch(path) or (marked and path.startswith("assets/"))
    caching = _FOR_EVER if lasting else _PAGES
    return Policy(kind, caching, compressed=ending in _TEXTS)


def _feed_link(path: str, base_url: str, hubs: Sequence[str]) -> str:
    """Say where a feed is at home, and who tells of its changes (WebSub 4, RFC 8288)."""
    links = [(addresses.absolute(base_url, path), "self"), *((hub, "hub") for hub in hubs)]
    return ", ".join(
        f'<{addresses.in_header(address)}>; rel="{relation}"' for address, relation in links
    )
