"""Cases of what a refusal blames, each with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.outbox.blame import Blamed, Phase, blame, enhanced

# What the server said at RCPT, what that blames, and why.
CASES: list[tuple[str, Blamed, str]] = [
    ("550 5.1.1 <address>: user unknown", "address", "no such mailbox"),
    ("550 5.1.1 not listed in our directory", "address", "an exact code counts more than words"),
    ("550 sorry, no mailbox here by that name. (#5.1.1)", "address", "qmail puts it at the end"),
    ("550 5.1.2 host not found", "address", "no such domain"),
    ("501 5.1.3 bad address syntax", "address", "it can never be written"),
    ("550 5.1.4 ambiguous", "message", "one of those it may mean may be a reader"),
    ("551 5.1.6 moved, no forwarding address", "address", "nobody is there any more"),
    ("550 5.1.7 bad sender address", "us", "the sender is ours"),
    ("550 5.1.8 sender's domain not found", "us", "the sender is ours"),
    ("550 5.1.0 address rejected", "message", "whose address, is not said"),
    ("556 5.1.10 domain takes no mail", "address", "null MX, RFC 7505"),
    ("550 5.2.0 mailbox trouble", "message", "it may pass"),
    ("550 5.2.1 this account is disabled", "address", "closed for good"),
    ("550 5.2.1 receiving mail at a rate that", "message", "busy, not closed"),
    ("550 5.2.1 inactive, over quota", "message", "doubt is for the reader"),
    ("552 5.2.2 mailbox full", "message", "it will be emptied"),
    ("552 5.2.3 message too long", "message", "a smaller one will go"),
    ("550 5.3.0 system trouble", "us", "the server that we chose"),
    ("552 5.3.4 message too big", "message", "a smaller one will go"),
    ("550 5.4.1 Recipient address rejected: Access denied", "message", "Exchange: either of two"),
    ("550 5.4.1 no answer from host", "us", "network"),
    ("550 5.4.4 unable to route", "us", "network"),
    ("550 5.5.0 mailbox unavailable", "message", "said for everything"),
    ("503 5.5.1 bad sequence", "us", "protocol"),
    ("550 5.6.7 needs SMTPUTF8", "message", "content, not address"),
    ("550 5.7.1 user unknown, said our policy", "message", "policy never blames the address"),
    ("554 5.7.1 <address>: Relay access denied", "us", "the server does not work for us"),
    ("550 5.7.1 Unable to relay", "us", "the server does not work for us"),
    ("550 5.7.1 listed by a block list", "message", "policy"),
    ("550 5.7.25 no reverse DNS", "us", "our DNS"),
    ("550 5.7.26 neither SPF nor DKIM", "us", "our DNS"),
    ("530 5.7.0 Authentication required", "us", "our settings"),
    ("550 4.2.1 try later, for ever", "message", "codes that contradict each other"),
    ("550 No such user here", "address", "well-known words"),
    ("550 unknown user account", "address", "well-known words"),
    ("550 The recipient does not exist", "address", "well-known words"),
    ("550 Unrouteable address", "address", "well-known words (Exim)"),
    ("553 mailbox unknown", "address", "well-known words"),
    ("550 user unknown or blocked by policy", "message", "words of policy come first"),
    ("550 Requested action not taken: mailbox unavailable", "message", "RFC 5321's own words"),
    ("550 relay not permitted", "us", "the server does not work for us"),
    (
        "550 Verification failed for <…>\nUnrouteable address\nSender verify failed",
        "us",
        "Exim",
    ),
    ("550 5.1.1 Verification failed for <…>: User unknown", "us", "a callout to our own server"),
    ("550 <…>: Sender address rejected: User unknown in table", "us", "Postfix"),
    ("551 user not local", "message", "he is somewhere"),
    ("552 exceeded storage allocation", "message", "it will be emptied"),
    ("554 no such user", "message", "554 is said for everything"),
    ("500 command unrecognised", "us", "protocol"),
    ("501 syntax error", "message", "whose, is not said"),
    ("503 need MAIL first", "us", "protocol"),
    ("530 must issue STARTTLS first", "us", "our settings"),
    ("555 parameters not recognised", "us", "protocol"),
    ("556 domain does not accept mail", "address", "RFC 7504"),
    ("550", "message", "nothing is said"),
]


@pytest.mark.parametrize(("reply", "blamed", "reason"), CASES, ids=[case[0] for case in CASES])
def test_a_refusal_at_rcpt(reply: str, blamed: Blamed, reason: str) -> None:
    code, _, text = reply.partition(" ")
    assert blame(int(code), enhanced(text), text, "rcpt") == blamed, reason


@pytest.mark.parametrize("phase", ["connect", "hello", "tls", "auth", "mail"])
def test_before_rcpt_it_is_us(phase: Phase) -> None:
    assert blame(550, "5.1.1", "5.1.1 user unknown", phase) == "us"


def test_after_rcpt_it_is_the_message() -> None:
    assert blame(550, "5.1.1", "5.1.1 user unknown", "data") == "message"


@given(st.integers(0, 999), st.text(max_size=60))
def test_policy_never_blames_the_address(detail: int, text: str) -> None:
    assert blame(550, f"5.7.{detail}", text, "rcpt") != "address"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("5.1.1 no", "5.1.1"),
        ("5.7.509 DMARC", "5.7.509"),
        ("5.1.1", "5.1.1"),
        ("no (#5.1.1)", "5.1.1"),
        ("5.1.1.7 is your address", None),
        ("no, 5.1.1 was the version", None),
        ("", None),
    ],
)
def test_an_enhanced_code_stands_first_or_in_brackets(text: str, status: str | None) -> None:
    assert enhanced(text) == status
