"""What the lines of a mail server's log prove, and what they do not."""

import pytest

from syndicate.outbox.maillog import Arrived, Listed, Named, Removed, read

HEAD = "Nov 23 06:00:01 mx postfix/"
SENT = (
    "smtp[12]: 4F1A2B3C4D: to=<ann@example.com>, relay=mx.example[192.0.2.1]:25, conn_use=2, "
    "delay=0.4, delays=0.1/0/0.1/0.2, dsn=2.0.0, status=sent (250 2.0.0 OK 77)"
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            f"{HEAD}cleanup[11]: 4F1A2B3C4D: message-id=<ab12@example.com>\n",
            Named("4F1A2B3C4D", "ab12@example.com"),
        ),
        (
            "2026-11-23T06:00:01.5+00:00 mx postfix-out/cleanup[11]: 4Tz1Yx3W0Kz9sB: message-id=ab@x.example",
            Named("4Tz1Yx3W0Kz9sB", "ab@x.example"),
        ),
        (f"{HEAD}qmgr[9]: 4F1A2B3C4D: removed\n", Removed("4F1A2B3C4D")),
        ("<ab12@example.com>\n", Listed("ab12@example.com")),
        ("  ab12@example.com  \r\n", Listed("ab12@example.com")),
    ],
)
def test_a_line_is_read(line: str, expected: object) -> None:
    assert read(line) == expected


def test_the_proof_names_no_recipient() -> None:
    expected = (
        f"{HEAD}smtp[12]: 4F1A2B3C4D: relay=mx.example[192.0.2.1]:25, conn_use=2, delay=0.4, "
        "delays=0.1/0/0.1/0.2, dsn=2.0.0, status=sent (250 2.0.0 OK 77)"
    )
    assert read(HEAD + SENT) == Arrived("4F1A2B3C4D", expected)
    forwarded = SENT.replace("relay=", "orig_to=<all@example.com>, relay=")
    assert read(HEAD + forwarded) == Arrived("4F1A2B3C4D", expected)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "# a comment with a@b.example in it",
        HEAD + SENT.replace("status=sent", "status=bounced"),
        HEAD + SENT.replace("status=sent", "status=deferred"),
        HEAD + SENT.replace("status=sent", "status=sentinel"),
        HEAD + SENT.replace("status=sent", "status=deliverable"),
        HEAD + SENT.replace("smtp[12]", "discard[12]"),
        # what a server or a sender says is no status and no Message-ID
        HEAD + SENT.replace("status=sent (250", "status=bounced (host said: 550 status=sent"),
        HEAD
        + SENT.replace("status=sent (250", "status=deferred (x: to=<a@b.example>, status=sent"),
        f"{HEAD}cleanup[11]: 4F1A2B3C4D: warning: header X: : message-id=<ab12@example.com>",
        f"{HEAD}cleanup[11]: 4F1A2B3C4D: resent-message-id=<ab12@example.com>",
        f"{HEAD}cleanup[11]: 4F1A2B3C4D: message-id=<>",
        f"{HEAD}smtpd[11]: 4F1A2B3C4D: message-id=<ab12@example.com>",
        f"{HEAD}smtpd[11]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 550 removed",
        "mx kernel: message-id=<ab12@example.com> removed",
    ],
)
def test_a_line_that_proves_nothing(line: str) -> None:
    assert read(line) is None
