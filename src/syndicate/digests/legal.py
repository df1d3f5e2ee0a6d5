"""What the law of a place wants a letter to say of its sender (`legal.profile`). No legal advice.

`jp`: the Act on Regulation of Transmission of Specified Electronic Mail, article 4, and its ordinance,
article 9: the sender's name and postal address, where to complain (a telephone number, a mail address
or a URL), and how to refuse further letters. `eu`: directive 2000/31/EC, article 5 (name, geographic
address, a mail address among the details for direct contact), and directive 2002/58/EC, article 13(4):
no hidden sender, and an address to refuse further letters at. Every template has to show the link to
unsubscribe, profile or not (`render`).
"""

import re
from html import unescape

from syndicate.digests.error import DigestError
from syndicate.markup import xml_text
from syndicate.model import Legal

_MAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_CONTACT = {"jp": rf"{_MAIL}|https?://\S+|[+＋]?[0-9０-９][-‐－ 0-9０-９()（）]{{7,}}", "eu": _MAIL}
_WANTED = {"jp": "a telephone number, a mail address or a URL", "eu": "a mail address"}


def check_legal(legal: Legal, html: str, text: str) -> None:
    """Raise DigestError unless both parts of a letter say what the profile asks for."""
    if legal.profile is None:
        return
    said = {"sender": legal.sender, "address": legal.address, "contact": legal.contact}
    if missing := [f"legal.{key}" for key, value in said.items() if not value.strip()]:
        raise DigestError(
            f'legal.profile = "{legal.profile}" asks for {", ".join(missing)}: no edition may start '
            "until it is set."
        )
    if not re.search(_CONTACT[legal.profile], legal.contact):
        raise DigestError(
            f'legal.contact: legal.profile = "{legal.profile}" asks for {_WANTED[legal.profile]} in it.'
        )
    shown = unescape(html)
    for key, value in said.items():
        if any(line not in part for line in _lines(value) for part in (shown, text)):
            raise DigestError(
                f'The letter does not show legal.{key}, which legal.profile = "{legal.profile}" asks for: '
                "let the block legal of its template stand, in HTML and text."
            )


def _lines(value: str) -> list[str]:
    """Split a text that may be written in several lines, as postal addresses are."""
    return [line.strip() for line in xml_text(value).splitlines() if line.strip()]
