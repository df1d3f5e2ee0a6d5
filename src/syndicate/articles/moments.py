"""When something was published, as people and programs write it (docs/pages.md)."""

import re
import unicodedata
from datetime import date, datetime

_LONGEST = 80  # characters: more is no date
_SIGNS = str.maketrans({"年": "-", "月": "-", "日": " ", "時": ":", "分": ":", "秒": " ", "/": "-"})
_WEEKDAY = re.compile(r"\([^)]{1,3}\)")
_WRITTEN = re.compile(
    r"([0-9]{4})[-.]([0-9]{1,2})[-.]([0-9]{1,2})"
    r"(?:[Tt ] ?([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:\.[0-9]+)?)?)?"
    r" ?(Z|UTC|GMT|JST|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ZONES = {"Z": "+0000", "UTC": "+0000", "GMT": "+0000", "JST": "+0900"}


def read_moment(text: str) -> date | None:
    """Read a day, or a time, in whatever zone it names; None for what is no date for sure."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    for read in (date.fromisoformat, datetime.fromisoformat, _written, _mailed):
        try:
            return read(text)
        except (ValueError, TypeError, LookupError, OverflowError):
            continue
    return None


def _written(text: str) -> date:
    """Read `2019/04/05`, `2019.4.5 10:00`, `2019年4月5日(金) 10時30分`, `2019-04-05 10:00:00 UTC`."""
    plain = _WEEKDAY.sub(" ", unicodedata.normalize("NFKC", text)).translate(_SIGNS)
    found = _WRITTEN.fullmatch(" ".join(plain.split()).rstrip(" :"))
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(one or 0) for one in found.groups()[:6])
    if found[4] is None:
        return date(year, month, day)
    zone = datetime.strptime(_ZONES.get(found[7], found[7]), "%z").tzinfo if found[7] else None
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def _mailed(text: str) -> date:
    """Read `Fri, 05 Apr 2019 10:00:00 +0900`, as letters and RSS have it (RFC 5322 3.3), `April 5, 2019`."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - few pages have it

    if ":" in text:
        return parsedate_to_datetime(text)
    return parsedate_to_datetime(f"{text} 00:00").date()
