"""Headers of answers that need reading."""

import re
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from urllib.parse import quote_from_bytes

LONGEST = timedelta(days=7)  # what a site may make us wait: after that it is asked again
_ASCII = bytes(range(0x80))


def retry_after(text: str, now: datetime) -> datetime | None:
    """Read Retry-After in both its forms, seconds and a date (RFC 9110 10.2.3); None for neither."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(now + timedelta(seconds=int(text)), now + LONGEST)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at, now), now + LONGEST)


def location(text: str) -> str:
    """Read a Location that is not written in ASCII, against RFC 9110 10.2.2: `text` is its bytes as Latin-1.

    They are UTF-8, as browsers have it; what is not goes back to the site byte for byte.
    """
    said = text.encode("latin-1")
    try:
        return said.decode()
    except UnicodeDecodeError:
        return quote_from_bytes(said, safe=_ASCII)


def validator(text: str) -> str | None:
    """Return what a site wants to be asked with the next time, None for what no header can hold."""
    return text if re.fullmatch(r"[\x20-\x7e]{1,1000}", text) else None


def content_type(text: str) -> tuple[str, str]:
    """Split Content-Type into the media type and its charset, both lower case (RFC 9110 8.3)."""
    if not text.strip():
        return "", ""
    message = Message()
    message["Content-Type"] = text.replace("\r", " ").replace("\n", " ")
    return message.get_content_type(), str(message.get_content_charset(""))
