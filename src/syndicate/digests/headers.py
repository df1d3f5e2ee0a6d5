"""Header fields in 7 bits that say exactly what they were given, and never more than one field.

The policies of the email package are not used: they write long addresses as encoded-words and break
long subjects (MAIL.md, "Traps"). Its older `Header` encodes both right.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache

from syndicate.digests.error import DigestError
from syndicate.digests.line import one_line
from syndicate.mailbox import wire
from syndicate.markup import xml_text

_SHORT = 60  # characters: a name and a text of this length fit on a line of 78 (RFC 5322 2.1.1)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5322 3.2.3
# RFC 6532 3.2 adds what is not ASCII to an atom; such an address goes only by servers with SMTPUTF8.
_ATOM_UTF8 = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\x00-\xa0\u2028\u2029\ud800-\udfff])+"
_ADDRESS = re.compile(
    rf'(?:{_ATOM_UTF8}(?:\.{_ATOM_UTF8})*|"(?:[ !#-\[\]-~]|\\[ -~]){{1,128}}")@[A-Za-z0-9.-]{{1,255}}'
)
# No blank, no angle bracket: the URL ends where its bracket does (RFC 2369 2). A line holds at most
# 998 characters (RFC 5322 2.1.1) and an address is never folded.
_URL = re.compile(r"(?:https?://|mailto:)[!-;=?-~]{1,900}")
_MESSAGE_ID = re.compile(rf"<{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9.:\[\]-]{{1,255}}>")
_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,200}")
_EMOJI = re.compile(
    "(?:[\U0001f000-\U0001faff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff]|[0-9#*]\ufe0f?\u20e3)"
    "[\ufe0f\u200d\U000e0020-\U000e007f]*"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def subject(text: str) -> str:
    """Write the Subject field, folded, without its last line end; controls become blanks."""
    line = one_line(xml_text(text))
    return f"Subject: {line if _is_plain(line) else _encoded_words(line, 'Subject')}"


def named(header: str, name: str, bracketed: str) -> str:
    """Write `Header: name <bracketed>`, the name quoted or encoded; `bracketed` is checked already."""
    line = one_line(xml_text(name))
    if not line:
        return f"{header}: <{bracketed}>"
    if not _is_plain(line):
        return f"{header}: {_encoded_words(line, header)}\r\n <{bracketed}>"  # folded before it
    quoted = line.replace("\\", "\\\\").replace('"', '\\"')
    return f'{header}: "{quoted}" <{bracketed}>'


def without_emoji(name: str) -> str:
    """Drop emoji, which mailbox providers hold against a sender's name."""
    return re.sub(" {2,}", " ", _EMOJI.sub("", name)).strip()


def address(value: str) -> str:
    """Return a mail address as it stands in a header, quoted where it has to be, or raise DigestError."""
    if _ADDRESS.fullmatch(value):
        return value
    return _checked(_ADDRESS, wire(value), "mail address")


def url(value: str) -> str:
    """Return an address of the web or a mailto as it is, or raise DigestError."""
    return _checked(_URL, value, "address")


def identifier(value: str) -> str:
    """Return a Message-ID as it is, or raise DigestError."""
    return _checked(_MESSAGE_ID, value, "Message-ID")


def token(value: str) -> str:
    """Return a name of letters, digits, dots and dashes as it is, or raise DigestError."""
    return _checked(_TOKEN, value, "name")


def list_id(value: str) -> str:
    """Write a list's name as RFC 2919 3 allows it: letters, digits, dots and dashes."""
    return re.sub("[^A-Za-z0-9._-]+", "-", _idna(value))


@lru_cache(maxsize=64)
def domain(value: str) -> str:
    """Return a domain in its ASCII form, or an IPv6 address as a literal (RFC 5321 4.1.3)."""
    return f"[IPv6:{value}]" if ":" in value else _idna(value)


@lru_cache(maxsize=64)
def moment(value: datetime) -> str:
    """Write a zone-aware point in time for Date, in UTC (RFC 5322 3.3), whatever the locale."""
    at = value.astimezone(UTC)
    return (
        f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} "
        f"{at.hour:02}:{at.minute:02}:{at.second:02} +0000"
    )


def _idna(value: str) -> str:
    try:
        return value.encode("idna").decode()
    except UnicodeError:
        raise DigestError(f"{value!r} cannot be a domain name in a header.") from None


def _checked(shape: re.Pattern[str], value: str, what: str) -> str:
    if not shape.fullmatch(value):
        raise DigestError(f"A letter's header cannot hold the {what} {value[:80]!r}.")
    return value


def _is_plain(line: str) -> bool:
    """Whether a line can stand as it is: `=?` would be taken for an encoded-word (RFC 2047 2)."""
    return line.isascii() and "=?" not in line and len(line) <= _SHORT


def _encoded_words(line: str, header: str) -> str:
    from email.header import Header  # noqa: PLC0415 - only needed once a variant

    return Header(line, "utf-8", header_name=header).encode(linesep="\r\n")
