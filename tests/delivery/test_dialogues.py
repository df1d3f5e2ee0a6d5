"""Each dialogue file says what the server does and what the attempt must come to."""

from pathlib import Path

import pytest

from syndicate.delivery.session import SmtpSettings
from syndicate.delivery.smtp import SmtpTransport
from syndicate.model import Accepted, Deferred, GivenBack, Letter, Outcome, Refused, Unknown
from tests.delivery.scripted import Scripted
from tests.delivery.way import Way

DIALOGUES = sorted((Path(__file__).parent / "dialogues").glob("*.txt"))


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda path: path.stem)
def test_a_dialogue_comes_to_what_it_states(path: Path) -> None:
    with Scripted(path) as server:
        settings = SmtpSettings(
            server.host,
            server.port,
            starttls=False,
            helo="a.example",
            timeout=0.5,
            final_timeout=0.5,
        )
        connection = Way(SmtpTransport(settings))
        letters = [letter(number, server) for number, _ in enumerate(server.expected)]
        outcomes = [connection.send(letter) for letter in letters]
        connection.close()
    assert server.failures == []
    assert [described(outcome) for outcome in outcomes] == server.expected
    assert len(set(server.bodies)) == len(server.bodies), "a letter was handed over twice"


def letter(number: int, server: Scripted) -> Letter:
    said = server.text or ".a line that begins with a dot"
    more = ("x" * 998 + "\r\n") * (0 if number else server.kilobytes)
    text = f"Subject: {number}\r\n\r\n{said}\r\n{more}the end\r\n"
    recipient = server.recipient or "reader@example.com"
    return Letter(f"e:1:{number}", "news@example.com", recipient, (text.encode(),))


def described(outcome: Outcome) -> str:
    match outcome:
        case Accepted(reply):
            return f"Accepted {reply[:3]}"
        case Deferred(_, code):
            return f"Deferred {code or ''}".rstrip()
        case Refused(_, code, blames):
            return f"Refused {code} {blames}"
        case Unknown() | GivenBack():
            return type(outcome).__name__
