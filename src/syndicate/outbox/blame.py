"""What a permanent refusal blames: the address, the message, or us (DELIVERY.md, "The ledger").

Only an address that is blamed is suppressed, and a reader who is suppressed by mistake is lost
without a word. So a doubtful reply blames the message: its row fails, the reader stays.
"""

import re
from typing import Literal

Blamed = Literal["address", "message", "us"]
Phase = Literal["connect", "hello", "tls", "auth", "mail", "rcpt", "data"]

# RFC 3463 section 3 and its IANA registry, as a refusal at RCPT means them. What is not listed
# here or in _SUBJECTS blames the message.
_DETAILS: dict[str, Blamed] = {
    "5.1.1": "address",  # no such mailbox
    "5.1.2": "address",  # no such domain, or one that takes no mail
    "5.1.3": "address",  # it can never be written so that this route takes it
    "5.1.6": "address",  # moved, and nobody says where to
    "5.1.7": "us",  # the sender's address is malformed
    "5.1.8": "us",  # the sender's domain does not exist
    "5.1.10": "address",  # its domain declares that it takes no mail (RFC 7505)
    "5.3.4": "message",  # larger than the system takes
    "5.5.0": "message",  # said for whatever went wrong, "mailbox unavailable" among it
    "5.7.8": "us",  # credentials
    "5.7.9": "us",  # mechanism of authentication too weak
    "5.7.11": "us",  # encryption needed to authenticate
    "5.7.20": "us",  # no DKIM signature that passes, and on to .22 (RFC 7372)
    "5.7.21": "us",
    "5.7.22": "us",
    "5.7.23": "us",  # SPF
    "5.7.24": "us",
    "5.7.25": "us",  # reverse DNS
    "5.7.26": "us",  # more than one of these
    "5.7.27": "us",  # the sender's domain takes no mail (RFC 7505)
}
_SUBJECTS: dict[str, Blamed] = {
    "5.3": "us",  # the system that we handed it to
    "5.4": "us",  # network and routing
    "5.5": "us",  # protocol
}
# RFC 5321 section 4.2.2, for replies without an enhanced code.
_CODES: dict[int, Blamed] = {
    500: "us",  # command not recognised
    502: "us",  # not implemented
    503: "us",  # out of order
    504: "us",  # parameter not implemented
    530: "us",  # authentication or TLS needed (RFC 4954, RFC 3207)
    535: "us",  # credentials
    538: "us",  # encryption needed to authenticate
    555: "us",  # parameters of MAIL or RCPT
    556: "address",  # its domain takes no mail (RFC 7504)
}
_WORDED_CODES = (550, 553)  # "mailbox unavailable" and "mailbox name not allowed": for many reasons

_ENHANCED = re.compile(
    r"([245]\.\d{1,3}\.\d{1,3})\b(?!\.\d)|.*?\(#(5\.\d{1,3}\.\d{1,3})\)", re.DOTALL
)
_NO_RELAY = re.compile(
    r"relay(ing)? (access )?(is )?(denied|not permitted|not allowed|prohibited)"
    r"|(unable|not (permitted|allowed)|denied) to relay|authentication (is )?required",
    re.IGNORECASE,
)
# A server that asked ours about our sender first, and quotes what it heard: "no such user" is said of us.
_OUR_SENDER = re.compile(r"sender (address )?(verif|reject)|verification failed for", re.IGNORECASE)
_POLICY = re.compile(
    r"polic(y|ies)|spam|block|black ?list|deny ?list|listed|reputation|denied|banned|reject(ed)? (due|for)"
    r"|quota|\bfull\b|too (many|large|big)|\brate\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(user|recipient|mailbox|address|account)( is)? (unknown|not found)"
    r"|(unknown|no such|invalid|nonexistent|non-existent) (\w+ )?(user|recipient|mailbox|address|account)"
    r"|no mailbox here|(does not|doesn't|doesn’t) exist|unrouteable address",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"disabled|inactive|deactivated|discontinued|no longer", re.IGNORECASE)


def enhanced(text: str) -> str | None:
    """Find the enhanced status code (RFC 3463) that a reply begins with, or holds as `(#5.1.1)`."""
    found = _ENHANCED.match(text)
    return (found[1] or found[2]) if found else None


def blame(code: int, status: str | None, text: str, phase: Phase) -> Blamed:
    """Say what a 5xx reply blames. `status` is its enhanced code (RFC 3463), if it has one."""
    if phase == "data":
        return "message"  # RCPT was accepted before: the address is good
    if phase != "rcpt" or _NO_RELAY.search(text) or _OUR_SENDER.search(text):
        return "us"  # before RCPT, nothing of the reader's has been said
    return _by_code(code, text) if status is None else _by_status(status, text)


def _by_status(status: str, text: str) -> Blamed:
    if status == "5.2.1":  # a mailbox that takes nothing: closed for good, or just busy
        return _worded(text, _CLOSED)
    if status == "5.4.1" and "recipient address rejected" in text.lower():
        return "message"  # so Exchange Online says both "no such reader" and "not set up yet"
    return _DETAILS.get(status) or _SUBJECTS.get(status.rpartition(".")[0], "message")


def _by_code(code: int, text: str) -> Blamed:
    if code in _WORDED_CODES:
        return _worded(text, _NOBODY)
    return _CODES.get(code, "message")


def _worded(text: str, wording: re.Pattern[str]) -> Blamed:
    return "address" if wording.search(text) and not _POLICY.search(text) else "message"
