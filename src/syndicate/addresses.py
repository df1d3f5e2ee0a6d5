"""Published paths, slugs and the addresses made from them (ARCHITECTURE.md, "Published files")."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, unquote, urljoin, urlsplit

SLUG_CODE_POINTS = 60  # readable in an address bar
SLUG_BYTES = (
    180  # percent-encoded it stays below 600 characters, and below every file system's limit
)

_KEY = 600  # code points, of four bytes at most: PostgreSQL's indexes take 2,704 bytes

GONE = "gone.html"  # stands in an article's folder after it was taken down
# What the program answers itself, by the first part of a path: never files.
ANSWERED = frozenset(
    (
        "account",
        "approve",
        "confirm",
        "embed",
        "f",
        "healthz",
        "metrics",
        "preferences",
        "subscribe",
        "u",
    )
)
# The name of a feed's file, in any folder. The same in Python and in nginx (PCRE).
FEED_NAME = r"feed[^/?]*\.(?:atom|rss|json)"
ARCHIVE_NAME = r"archive/[^/?]+\.(?:atom|rss|json)"
_FEED = re.compile(f"(?:.*/)?{FEED_NAME}")
_ARCHIVE = re.compile(f"(?:.*/)?{ARCHIVE_NAME}")
_PLAIN = re.compile("[!-~]*")  # what urlsplit drops nothing of
_ASCII_WORD = re.compile("[0-9a-z]+")
_SAFE = re.compile(r"[A-Za-z0-9_.~/-]*")  # what is never percent-encoded
_ELSEWHERE = re.compile(r"https?://([A-Za-z0-9.:-]+)(?=[/?#]|\Z)")


def article_path(slug: str) -> str:
    """The path of an article's page, relative to the base address, not percent-encoded."""
    return f"articles/{slug}/"


def article_slug(path: str) -> str | None:
    """The slug of the article whose page has this published path; None for any other file."""
    found = re.fullmatch(r"articles/([^/]+)/index\.html", path)
    return found[1] if found else None


def series_name(name: str) -> str:
    """Return what a series' slug is made of: never that of a page of the list of series ("page-1")."""
    return f"series {name}" if re.fullmatch("page(?:-[0-9]+)*", slug(name)) else name


def series_path(slug: str) -> str:
    """The path of a series' page."""
    return f"series/{slug}/"


def archive_stem(number: int) -> str:
    """The path of a closed document of the main feed, without its ending; the first is 1."""
    return f"archive/{number}"


def bounded(key: str) -> str:
    """Return what a database can find a text by: of a long one the beginning, and the hash of all."""
    if len(key) <= _KEY:
        return key
    digest = sha256(key.encode()).hexdigest()
    return f"{key[: _KEY - len(digest)]}{digest}"


def tag_key(name: str) -> str:
    """Return what a tag is known by: NFKC, blanks folded, no capitals."""
    return bounded(" ".join(unicodedata.normalize("NFKC", folded(name)).split()))


def tag_path(key: str) -> str:
    """The path of a tag's page, by the tag's key: readable, and never that of another tag."""
    name = _cut(_words(key), SLUG_CODE_POINTS, SLUG_BYTES)
    if name.replace("-", " ") != key:  # as "c++" is not "c"
        name = f"{name}-{sha256(key.encode()).hexdigest()[:8]}".lstrip("-")
    return f"tags/{name}/"


def language_path(code: str) -> str:
    """The path of the page of a language (a BCP 47 tag)."""
    return f"lang/{code}/"


def edition_path(newsletter: str, number: int) -> str:
    """The path of an edition's page."""
    return f"editions/{newsletter}/{number}/"


def is_feed(path: str) -> bool:
    """Whether a published path is of a feed that goes on: one that readers ask for again."""
    return _FEED.fullmatch(path) is not None


def is_archive(path: str) -> bool:
    """Whether a published path is of a closed document of a feed (RFC 5005)."""
    return _ARCHIVE.fullmatch(path) is not None


SUBSCRIBE, EMBED = "subscribe", "embed"
_TOKEN_PAGES = {
    "unsubscribe": "u",
    "preferences": "preferences",
    "confirm": "confirm",
    "account": "account",
    "feed": "f",
    "approve": "approve",
}


def token_path(purpose: str, token: str) -> str:
    """The path of the page that a token of some purpose opens."""
    return f"{_TOKEN_PAGES[purpose]}/{token}"


def absolute(base_url: str, path: str) -> str:
    """The absolute address of a published path: percent-encoded, so that it is a URI (RFC 3986)."""
    return f"{base_url}/{encoded(path)}"


def encoded(path: str) -> str:
    """A published path as it stands in an address: of ASCII that means nothing in markup either."""
    return path if _SAFE.fullmatch(path) else quote(path, safe="/")


def published_target(address: str, folder: str, base_url: str) -> str | None:
    """The published path that an address in a `folder` names; None where it leads out of the publication."""
    if address.startswith(f"{base_url}/") and _PLAIN.fullmatch(address):
        return published_path(address[len(base_url) :].lstrip("/"))
    found = _ELSEWHERE.match(address)  # most links of authors: nothing has to be taken apart
    if found and found[1].lower() != urlsplit(base_url).netloc.lower():
        return None
    try:
        parts, base = urlsplit(urljoin(f"{base_url}/{quote(folder)}", address)), urlsplit(base_url)
    except ValueError:
        return None
    same = parts.scheme in {"http", "https"} and parts.netloc.lower() == base.netloc.lower()
    if not same or not f"{parts.path}/".startswith(f"{base.path}/"):
        return None
    return published_path(parts.path[len(base.path) :].lstrip("/"))


@lru_cache(maxsize=4096)
def published_path(address: str) -> str:
    """The published path that an address from the root of the publication names, as `Link.target`."""
    path = unquote(address.partition("#")[0].partition("?")[0])
    return path.removesuffix("index.html").rstrip("/")


def in_header(address: str) -> str:
    """Write an address so that no header, and no setting of a server, takes a part of it for more."""
    return quote(address, safe="/:?#[]@!&'()*+,;=%~")


def sign_up(base_url: str, path: str) -> str:
    """The address of the subscribe page for what a published path is about: one series, or everything."""
    kind, _, slug = path.strip("/").partition("/")
    ending = f"?series={quote(slug, safe='')}" if kind == "series" and slug else ""
    return f"{absolute(base_url, SUBSCRIBE)}{ending}"


def base_path(base_url: str) -> str:
    """The path of a base address as a server sees it: decoded, and "" for the root."""
    return unquote(urlsplit(base_url).path).rstrip("/")


def tag_uri(authority: str, day: date, specific: str) -> str:
    """A `tag:` URI (RFC 4151): the same for ever, whatever becomes of addresses."""
    return f"tag:{authority},{day.isoformat()}:{quote(specific, safe='/')}"


def authority(base_url: str) -> str:
    """The naming authority of a base address: its host, without a port."""
    return urlsplit(base_url).hostname or "localhost"


def folded(text: str) -> str:
    """The form under which slugs are unique: NFKC and case-folded."""
    return unicodedata.normalize("NFKC", text).casefold()


def slug(text: str, *, taken: Callable[[str], bool] | None = None) -> str:
    """Make a slug of `text` that keeps Japanese readable and is not `taken` (asked with folded form)."""
    base = _cut(_words(text), SLUG_CODE_POINTS, SLUG_BYTES) or "article"
    if taken is None:
        return base

    def numbered(number: int) -> str:
        ending = "" if number == 1 else f"-{number}"
        return _cut(base, SLUG_CODE_POINTS - len(ending), SLUG_BYTES - len(ending)) + ending

    return numbered(free_number(lambda number: taken(folded(numbered(number)))))


def free_number(taken: Callable[[int], bool]) -> int:
    """Return a number from 1 on that is not `taken`: the least one where they were given in order.

    It is asked for about twice as many numbers as the answer has bits, so that a thousand articles
    of one title cost little more than one.
    """
    last, step = 0, 1
    while taken(last + step):
        last, step = last + step, step * 2
    while step > 1:
        step //= 2
        if taken(last + step):
            last += step
    return last + 1


def _words(text: str) -> str:
    # Only so much can show; and to normalise a long run of combining marks takes quadratic time.
    text = text[: SLUG_CODE_POINTS * 4]
    if text.isascii():
        return "-".join(_ASCII_WORD.findall(text.lower()))
    normal = unicodedata.normalize("NFKC", text)
    kept = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in normal)
    return "-".join(kept.lower().split())


def _cut(text: str, code_points: int, octets: int) -> str:
    text = text[:code_points]
    while len(text.encode()) > octets:
        text = text[:-1]
    return text.strip("-")
