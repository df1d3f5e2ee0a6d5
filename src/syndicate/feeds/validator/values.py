"""What single values of a feed may be: each function says whether a text is one."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
)
_RFC822 = re.compile(
    r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}(?::\d{2})? "
    r"(?:[+-]\d{4}|GMT|UT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|Z)"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LANGUAGE = re.compile(
    r"(?:[A-Za-z]{2,8}|[xiXI])(?:-[A-Za-z0-9]{1,8})*"
)  # RFC 5646 2.1, in outline
_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_MEDIA_TYPE = re.compile(rf"{_NAME}/{_NAME}(?:\s*;.*)?")  # RFC 6838 4.2
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")  # RFC 3987 2.2, in outline
_NUMBER = re.compile(r"[0-9]+")
# Most addresses and ids: nothing in them has to be taken apart.
_PLAIN = re.compile(
    r"(?:https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]{1,4})?(?:/[A-Za-z0-9/._~-]*)?"
    r"|tag:[A-Za-z0-9.-]+,[0-9-]+:[A-Za-z0-9/._~-]+)"
)


def is_absolute_iri(text: str) -> bool:
    """Whether a text is an IRI with a scheme, and with a host where its scheme has one (RFC 3987)."""
    if _PLAIN.fullmatch(text):
        return True
    if not _SCHEME.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme not in {"http", "https", "ftp"} or bool(parts.hostname)


def is_web_address(text: str) -> bool:
    """Whether a text is an absolute http or https address."""
    return text.partition(":")[0].lower() in {"http", "https"} and is_absolute_iri(text)


def is_rfc3339(text: str) -> bool:
    """Whether a text is a point in time of RFC 3339 with capital T and Z, as RFC 4287 3.3 wants it."""
    if not _RFC3339.fullmatch(text):
        return False
    try:
        moment(text)
    except ValueError:
        return False
    return True


def moment(text: str) -> datetime:
    """Return the point in time of a text of RFC 3339, or raise ValueError."""
    return datetime.fromisoformat(text.replace(":60", ":59"))  # a leap second is none to Python


def is_rfc822(text: str) -> bool:
    """Whether a text is a date of RFC 822 with a year of four digits, and its day of the week right."""
    form = _RFC822.fullmatch(text)
    if form is None:
        return False
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return False
    return form[1] is None or _DAYS[moment.weekday()] == form[1]


def is_language(text: str) -> bool:
    """Whether a text has the form of a language tag (BCP 47)."""
    return _LANGUAGE.fullmatch(text) is not None


def is_media_type(text: str) -> bool:
    """Whether a text has the form of a media type (RFC 6838)."""
    return _MEDIA_TYPE.fullmatch(text) is not None


def is_mail_address(text: str) -> bool:
    """Whether a text holds a mail address, alone or beside a name in brackets (RSS 2.0)."""
    return _MAIL.search(text) is not None


def is_number(text: str) -> bool:
    """Whether a text is a whole number that is not negative."""
    return _NUMBER.fullmatch(text) is not None
