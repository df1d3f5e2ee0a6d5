"""What one setting may be: each function returns the value in its one form, or raises ValueError.

The messages say what was expected; `config` adds file, key and what was found.
"""

import re
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from syndicate import addresses, language, mailbox
from syndicate.errors import AddressRefused, LanguageRefused

_LONGEST_URL = 400  # characters: with token or slug it stays a header line (RFC 5322 2.1.1)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"  # RFC 1123 2.1: what stands in a Message-ID too
_HOST = re.compile(rf"(?=.{{1,200}}$){_LABEL}(?:\.{_LABEL})*")
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[^/{}\\\x00-\x1f\x7f]+)*/?")
_KEPT_IN_PATHS = "/%:@!$&'()*+,;=~"  # RFC 3986 3.3
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SQLITE = ("sqlite", "sqlite+pysqlite")
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) *(?:(second|minute|hour|day|week)s?)?")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_FACES = re.compile(r"""(?:[\w \-]+|"[\w \-]+")(?:,\s*(?:[\w \-]+|"[\w \-]+"))*""")
_LONGEST_S = 100 * 366 * 86_400  # a century: dates can still be reckoned with it
_DATABASE = "expected sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"


def name(value: str) -> str:
    """Check the name of a newsletter, a series or a source, as it stands in addresses and commands."""
    if not _NAME.fullmatch(value):
        raise ValueError("expected small letters a-z, digits and hyphens, such as weekly-digest")
    return value


def path(value: object) -> Path:
    """Check the path of a file or folder."""
    if isinstance(value, str) and "\0" not in value:
        return Path(value)
    raise ValueError("expected a path in quotes")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def base_url(value: str) -> str:
    """Check where readers find us; the host comes back as A-labels, the path percent-encoded."""
    parts = urlsplit(value)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        raise ValueError("expected an address such as https://news.example.com")
    if parts.query or parts.fragment or len(value) > _LONGEST_URL:
        raise ValueError("expected an address without ? and #, of 400 characters at most")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(
            "expected https (http is for this machine only: links in letters are secrets)"
        )
    if not _PATH.fullmatch(unquote(parts.path)):
        raise ValueError("expected a path of plain names, such as /news")
    if unquote(parts.path)[1:].partition("/")[0] in addresses.ANSWERED:
        raise ValueError(f"expected another path: the program itself answers {parts.path}")
    port = "" if parts.port is None else f":{parts.port}"
    path = quote(parts.path, safe=_KEPT_IN_PATHS).rstrip("/")
    return f"{parts.scheme}://{_host(host)}{port}{path}"


def _host(value: str) -> str:
    """Return a host as it can stand in a letter's headers."""
    try:
        found = ip_address(value)
    except ValueError:
        name = value if value.isascii() else domain(value)
        if not _HOST.fullmatch(name):
            raise ValueError(
                "expected a host of letters, digits, dashes and dots: it stands in every letter"
            ) from None
        return name
    if isinstance(found, IPv6Address):
        if found.scope_id:
            raise ValueError("expected an IPv6 address without a zone (%)")
        return f"[{found}]"
    return value


def database_url(value: str) -> str:
    """Check which database is meant: a file of SQLite, or PostgreSQL."""
    scheme, _, rest = value.partition("://")
    if "\0" in value:
        raise ValueError(_DATABASE)
    if scheme in _SQLITE:
        path = rest.removeprefix("/").partition("?")[0]
        if not rest.startswith("/") or not path or path.startswith((":", "file:")):
            raise ValueError("expected sqlite:///FILE: a database in memory forgets who was mailed")
    elif scheme != "postgresql+psycopg":
        raise ValueError(_DATABASE)
    elif rest.partition("/")[0].count("@") > 1:  # the rest of a password would count as host
        raise ValueError("expected %40 for each @ of a name or password")
    return value


def sqlite_file(url: str, folder: Path) -> Path | None:
    """Return the file of an SQLite database, relative to the publication; None for PostgreSQL."""
    scheme, _, rest = url.partition("://")
    return folder / rest[1:].partition("?")[0] if scheme in _SQLITE else None


def language_tag(value: str) -> str:
    """Check a language (BCP 47)."""
    try:
        return language.tag(value)
    except LanguageRefused as error:
        raise ValueError(str(error)) from None


def zone(value: str) -> str:
    """Check a time zone of the IANA database."""
    if not is_zone(value):
        # Places alone: JST is near to MST, and far from it.
        places = [one for one in available_timezones() if "/" in one]
        near = get_close_matches(value, places, n=1)
        hint = f"did you mean {near[0]}?" if near else "expected a name such as Asia/Tokyo"
        raise ValueError(f"no such time zone; {hint}")
    return value


def local_zone() -> str:
    """Return the time zone of this machine, or UTC where it says none."""
    from tzlocal import get_localzone_name  # noqa: PLC0415 - settings that name a zone do without

    name = get_localzone_name()
    return name if name and is_zone(name) else "UTC"


def is_zone(name: str) -> bool:
    """Whether the IANA database has a time zone: to list all that it has takes a file of each, 9 ms."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return False
    return not name.startswith(("posix", "right/"))  # all of them once more


def address(value: str) -> str:
    """Check a mail address."""
    try:
        return mailbox.parse(value).address
    except AddressRefused as error:
        raise ValueError(str(error)) from None


def domain(value: str) -> str:
    """Check a domain of mail addresses; it comes back as A-labels."""
    try:
        return mailbox.parse(f"anyone@{value}").address.rpartition("@")[2]
    except AddressRefused:
        raise ValueError(
            "expected the part of mail addresses behind the @, such as docomo.ne.jp"
        ) from None


def duration(value: object) -> timedelta:
    """Check a length of time, such as "90 seconds", "24 hours" or "0" (none)."""
    found = _DURATION.fullmatch(str(value).strip())
    if found and (found[2] or not float(found[1])):
        seconds = float(found[1]) * _SECONDS[found[2] or "second"]
        if seconds <= _LONGEST_S:
            return timedelta(seconds=seconds)
    raise ValueError('expected a length of time such as "90 seconds", "24 hours" or "7 days"')


def interval(value: object) -> timedelta:
    """Check how often a site is asked: a length of time that spares it."""
    found = duration(value)
    if found < timedelta(minutes=1):
        raise ValueError("expected 1 minute or more")
    return found


def time_to_answer(value: object) -> timedelta:
    """Check how long an edition waits for an answer: a length of time that does not outlast its news."""
    found = duration(value)
    if not timedelta(0) < found <= timedelta(days=7):
        raise ValueError("expected more than 0, and 7 days or less")
    return found


def network(value: str) -> str:
    """Check an IP network."""
    return str(ip_network(value))


def web_address(value: str) -> str:
    """Check the address of a page or list on the web: it comes back without its fragment."""
    try:
        parts = urlsplit(value)
        readable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        readable = False
    if not readable or re.search(r"[\s\x00-\x1f]", value):
        raise ValueError("expected an address such as https://example.com/sitemap.xml")
    if "@" in parts.netloc:
        raise ValueError("expected an address without a name or password before the @")
    return urldefrag(value).url


def colour(value: str) -> str:
    """Check a colour; it comes back as `#rrggbb` in lower case, which letters need too."""
    found = value.strip().lower()
    if not _COLOUR.fullmatch(found):
        raise ValueError("expected a colour such as #0b6e5f")
    return found if len(found) == 7 else "#" + "".join(digit * 2 for digit in found[1:])


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, from 1 (the same) to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def faces(value: str) -> str:
    """Check a list of faces as CSS has it; "" for none."""
    found = value.strip()
    if found and not _FACES.fullmatch(found):
        raise ValueError('expected names of faces, such as "Source Serif 4", Georgia')
    return found
