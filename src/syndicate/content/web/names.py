"""Addresses of pages, and the files under which they are kept."""

import re
from hashlib import sha256
from pathlib import PurePosixPath
from unicodedata import normalize
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

_NAME = (
    60  # code points: with its hash it stays below the 255 bytes of a file name in Japanese, too
)
_LONGEST = 2_000  # bytes of an address; PostgreSQL's indexes hold 2,704
_MARK = re.compile(r"~([0-9a-f]{12})[._]")
_LEADING_WWW = re.compile(r"^www\.")
_PAGED = re.compile(r"page=\d+", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<!\d{4}[/-]\d\d)[/_-](?:page[/_-]?)?\d{1,2}(\.\w+)?$", re.IGNORECASE)
_STRANGE = re.compile(r"[^\w.-]+")


def joined(base: str, link: str) -> str | None:
    """Return the address that a link on a page means, without its fragment; None for no web address.

    One of more than 2,000 bytes is none: no index holds it, and no page is read there.
    """
    try:
        address = urldefrag(urljoin(base, link.strip())).url
        parts = urlsplit(address)
        found = parts.hostname if parts.scheme in {"http", "https"} and parts.port != 0 else None
    except ValueError:
        return None
    is_held = len(address.encode()) <= _LONGEST
    return address if found and is_held and "@" not in parts.netloc else None


def site(address: str) -> str:
    """Return what two addresses of one site share: the host, www. apart, and the port."""
    parts = urlsplit(address)
    host = _LEADING_WWW.sub("", _ascii((parts.hostname or "").lower()))
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return host if parts.port in {None, usual} else f"{host}:{parts.port}"


def _ascii(host: str) -> str:
    """Write a host as it is asked for (RFC 3490): lists name it in letters or so."""
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one site."""
    return site(one) == site(other)


def place(address: str) -> str:
    """Return what two addresses of one page share: site, path without its last slash, and query."""
    parts = urlsplit(address)
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return f"{site(address)}{unquote(parts.path).rstrip('/')}{query}"


def is_next_page(one: str, other: str) -> bool:
    """Whether an address looks like another page of the same article: `page=2`, `/2/`, `_2.html`.

    Numbers of posts and years are longer than those of pages, and a date names a day.
    """
    here, there = _first_page(one), _first_page(other)
    return there != place(other) and there in {here, place(one)}


def _first_page(address: str) -> str:
    """Return the place of an article's first page, which has no number, by any of its pages."""
    parts = urlsplit(address)
    query = "&".join(one for one in parts.query.split("&") if not _PAGED.fullmatch(one))
    path = parts.path.rstrip("/")
    path = path if query != parts.query else _NUMBERED.sub(r"\1", path)
    return place(urlunsplit(parts._replace(path=path, query=query)))


def mark(key: str) -> str:
    """Return the piece of a file's name that tells pages apart, whatever else their names share."""
    return sha256(key.encode()).hexdigest()[:12]


def mark_in(name: str) -> str | None:
    """Return the mark of a file's name, None for a file that is none of ours."""
    found = _MARK.search(name)
    return found[1] if found else None


def stem(key: str, address: str) -> PurePosixPath:
    """Return the path of a page's file below its source's folder, without the ending.

    It is made of `key` alone where that is no address, so that it outlives a page's new address.
    """
    parts = urlsplit(address)
    said = key if "://" not in key else unquote(parts.path)
    readable = _STRANGE.sub("-", normalize("NFC", said)).strip("-._")[-_NAME:].strip("-._")
    host = _STRANGE.sub("-", (parts.hostname or "").lower()).strip("-._")
    return PurePosixPath(host or "host", f"{readable or 'index'}~{mark(key)}")
