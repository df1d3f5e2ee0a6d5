"""Mail addresses: which are accepted, and the one form under which two of them are the same."""

import re
import unicodedata
from functools import cache

from msgspec import Struct

from syndicate.errors import AddressRefused, AddressUnreachable

# RFC 5322 forbids these dots, and yet Japanese carriers gave out such addresses (MAIL.md, "Consent").
_CARRIER = re.compile(
    r"(?P<local>[A-Za-z0-9_./+-]{1,64})@(?P<domain>(?:docomo|ezweb|au|softbank|vodafone|i\.softbank)\.(?:ne\.)?jp)",
    re.IGNORECASE,
)

# What nearly every address is; the full reading of it takes twenty times as long.
_PLAIN = re.compile(
    r"(?P<local>[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@"
    r"(?P<domain>(?:[a-z0-9](?:-?[a-z0-9])*\.)+[a-z](?:-?[a-z0-9])*[a-z])",
    re.IGNORECASE | re.ASCII,
)
_DOT_ATOM = re.compile(
    r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f.]+(?:\.[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f.]+)*"
)
_LABEL, _LOCAL, _LONGEST = 63, 64, 254  # octets (RFC 1035 2.3.4, RFC 5321 4.5.3.1)
_READ = 1000  # characters: to normalise a long run of combining marks takes quadratic time

# A domain of digits alone is none: digest/@6 is an edition without a number.
_LOOKS_LIKE_ONE = re.compile(
    r"<?[^\s<>\"'(),;:=\[\]{}]+@(?![0-9]+(?![^\s<>\"'(),;:=\[\]{}]))[^\s<>\"'(),;:=\[\]{}]+>?"
)


class Mailbox(Struct, frozen=True):
    """One address: `address` as it is shown and stored, `canonical` as it is compared."""

    address: str
    canonical: str


def parse_new(text: str, *, smtputf8: bool) -> Mailbox:
    """Read an address that is to be written to, or raise AddressRefused or AddressUnreachable.

    `smtputf8` says whether the relay takes letters outside of ASCII before the @ (RFC 6531): most
    servers on the way do not, and what none takes is better refused while its owner is there.
    """
    box = parse(text)
    if not (smtputf8 or box.address.isascii()):
        raise AddressUnreachable(
            f"{text!r} has letters before the @ that most mail servers do not take: use another address, "
            "or set mail.smtputf8 = true if your relay offers SMTPUTF8."
        )
    return box


def parse(text: str) -> Mailbox:
    """Read an address, or raise AddressRefused.

    Canonical form (DELIVERY.md): NFC, the domain as A-label in lower case, the local part
    case-folded; neither dots nor plus tags are folded, since they may be other people.
    """
    text = text.strip()
    if len(text) > _READ:
        raise AddressRefused(f"{text[:40]!r}... is too long for a mail address.")
    if plain := _plain(text):
        return plain
    text = unicodedata.normalize("NFC", text)
    carrier = _CARRIER.fullmatch(text)
    if carrier:
        local, domain = carrier["local"], carrier["domain"].lower()
        return Mailbox(f"{local}@{domain}", f"{local.casefold()}@{domain}")
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - slow to import

    try:
        valid = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise AddressRefused(f"{text!r} is not a mail address: {error}") from None
    domain = valid.ascii_domain.lower()
    return Mailbox(f"{valid.local_part}@{domain}", f"{valid.local_part.casefold()}@{domain}")


def _plain(text: str) -> Mailbox | None:
    """Read an address of letters, figures and few marks; None for one that needs the full reading."""
    found = _PLAIN.fullmatch(text)
    if found is None or len(text) > _LONGEST:
        return None
    local, domain = found["local"], found["domain"].lower()
    labels = domain.split(".")
    special = labels[-1] in _special_domains() or local.lower() in _special_names()
    if special or len(local) > _LOCAL or max(map(len, labels)) > _LABEL:
        return None
    return Mailbox(f"{local}@{domain}", f"{local.casefold()}@{domain}")


@cache
def _special_domains() -> frozenset[str]:
    """Return the last labels of domains that are not for mail, or not always."""
    from email_validator import SPECIAL_USE_DOMAIN_NAMES  # noqa: PLC0415

    return frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)


@cache
def _special_names() -> frozenset[str]:
    """Return local parts whose case is not kept, such as `info`."""
    from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES  # noqa: PLC0415

    return frozenset(CASE_INSENSITIVE_MAILBOX_NAMES)


def wire(address: str) -> str:
    """Write an address for SMTP and headers: a local part that is no dot-atom is quoted (RFC 5321 4.1.2)."""
    local, _, domain = address.rpartition("@")
    if _DOT_ATOM.fullmatch(local):
        return address
    escaped = local.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@{domain}'


def redacted(text: str) -> str:
    """Put `<address>` for all that looks like a mail address: for logs, which name nobody."""
    return _LOOKS_LIKE_ONE.sub("<address>", text) if "@" in text else text
