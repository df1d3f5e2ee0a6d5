"""Mail addresses: which are accepted, and the one form under which two of them are the same."""

import re
import unicodedata
from dataclasses import dataclass

from syndicate.errors import AddressRefused

# RFC 5322 forbids these dots, and yet Japanese carriers gave out such addresses (MAIL.md, "Consent").
_CARRIER = re.compile(
    r"(?P<local>[A-Za-z0-9_./+-]{1,64})@(?P<domain>(?:docomo|ezweb|au|softbank|vodafone|i\.softbank)\.(?:ne\.)?jp)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address: `address` as it is shown and stored, `canonical` as it is compared."""

    address: str
    canonical: str


def parse(text: str) -> Mailbox:
    """Read an address, or raise AddressRefused.

    Canonical form (DELIVERY.md): NFC, the domain as A-label in lower case, the local part
    case-folded; neither dots nor plus tags are folded, since they may be other people.
    """
    text = unicodedata.normalize("NFC", text.strip())
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


def wire(address: str) -> str:
    """Write an address for SMTP and headers: a local part that is no dot-atom is quoted (RFC 5321 4.1.2)."""
    local, _, domain = address.rpartition("@")
    atom = re.fullmatch(
        r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f.]+(?:\.[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f.]+)*", local
    )
    if atom:
        return address
    escaped = local.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@{domain}'
