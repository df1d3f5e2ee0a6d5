"""What an SMTP server said, fit to be kept: one line, of bounded length, without addresses."""

import re

from syndicate.mailbox import wire
from syndicate.model import Deferred, Refused
from syndicate.outbox.blame import Phase, blame, enhanced

LIMIT = 500  # characters: the ledger keeps every attempt's reply, and servers add whole help texts
_ADDRESS = re.compile(r"<?[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+>?")


def kept(reply: bytes | str, *addresses: str) -> str:
    """Write a reply as it is kept: `<address>` stands for `addresses` and anything that looks like one."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    if "@" not in text:  # then there is no address in it
        return text[:LIMIT]
    for address in addresses:  # a quoted local part may hold what no pattern would guess
        for form in {address, wire(address)}:
            text = re.sub(f"<?{re.escape(form)}>?", "<address>", text, flags=re.IGNORECASE)
    return _ADDRESS.sub("<address>", text)[:LIMIT]


def failure(code: int, text: str, phase: Phase) -> Deferred | Refused | None:
    """Read a reply that is no success: 4xx defers, 5xx refuses, and None is nothing in SMTP."""
    if 400 <= code <= 499:
        return Deferred(_said(code, text), code)
    if 500 <= code <= 599:
        return Refused(_said(code, text), code, blame(code, enhanced(text), text, phase))
    return None


def _said(code: int, text: str) -> str:
    return f"{code} {text}".rstrip()
