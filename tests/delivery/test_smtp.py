"""Letters over SMTP to a real server; what counts is the server's own record."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from syndicate.delivery import ConnectError
from syndicate.delivery.session import SmtpSettings
from syndicate.delivery.smtp import SmtpTransport
from syndicate.model import Accepted, Deferred, Letter, Refused, Unknown
from syndicate.outbox.blame import Phase
from tests.delivery.scripted import Scripted
from tests.delivery.way import Way
from tests.smtp import DROP, SILENT, TAKE_AND_DROP, Received, Recorder

LETTER = Letter(
    "e:1:1", "news@example.com", "reader@example.com", (b"Subject: one\r\n\r\nHello\r\n",)
)


def transport(server: Recorder | Scripted, **changes: object) -> SmtpTransport:
    settings = SmtpSettings(server.host, server.port, starttls=False, helo="a.example", timeout=5)
    return SmtpTransport(replace(settings, **changes))  # type: ignore[arg-type]


@contextmanager
def session(server: Recorder | Scripted, **changes: object) -> Iterator[Way]:
    with closing(Way(transport(server, **changes))) as way:
        yield way


def test_a_letter_arrives_as_it_is() -> None:
    data = b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\nend"
    with Recorder() as server, session(server) as connection:
        outcome = connection.send(LETTER._replace(pieces=(data,)))
    assert outcome == Accepted("250 2.0.0 OK")
    # The end of the letter is the end of a line.
    assert server.letters == [Received("news@example.com", "reader@example.com", data + b"\r\n")]


def test_many_letters_share_one_session() -> None:
    with Recorder() as server, session(server) as connection:
        for number in range(20):
            connection.send(LETTER._replace(recipient=f"reader{number}@example.com"))
    assert server.sessions == 1
    assert len(server.letters) == 20
    assert set(server.times().values()) == {1}


def test_a_greylisted_letter_arrives_once_on_the_second_attempt() -> None:
    def greylist(phase: str, _address: str, nth: int) -> str | None:
        return "451 4.7.1 come back later" if (phase, nth) == ("rcpt", 1) else None

    with Recorder(greylist) as server, session(server) as connection:
        outcomes = [connection.send(LETTER), connection.send(LETTER)]
    assert outcomes == [Deferred("451 4.7.1 come back later", 451), Accepted("250 2.0.0 OK")]
    assert set(server.times().values()) == {1}


def test_a_refused_address_is_blamed_and_the_next_letter_goes() -> None:
    def refuse(phase: str, address: str, _nth: int) -> str | None:
        gone = phase == "rcpt" and address.startswith("gone")
        return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown" if gone else None

    with Recorder(refuse) as server, session(server) as connection:
        outcome = connection.send(LETTER._replace(recipient="gone@example.com"))
        assert connection.send(LETTER) == Accepted("250 2.0.0 OK")
    reply = "550 5.1.1 <address>: Recipient address rejected: User unknown"
    assert outcome == Refused(reply, 550, "address")
    assert [letter.recipient for letter in server.letters] == ["reader@example.com"]
    assert server.sessions == 1


def test_a_refusal_of_the_body_blames_the_message() -> None:
    def refuse(phase: str, _address: str, _nth: int) -> str | None:
        return "554 5.7.1 looks like spam" if phase == "data" else None

    with Recorder(refuse) as server, session(server) as connection:
        assert connection.send(LETTER) == Refused("554 5.7.1 looks like spam", 554, "message")
    assert server.letters == []


@pytest.mark.parametrize("fault", [DROP, TAKE_AND_DROP])
def test_a_lost_reply_leaves_the_letter_unknown(fault: str) -> None:
    def drop(phase: str, _address: str, _nth: int) -> str | None:
        return fault if phase == "data" else None

    with Recorder(drop) as server, session(server) as connection:
        outcome = connection.send(LETTER)
    assert isinstance(outcome, Unknown)
    assert len(server.letters) == (1 if fault == TAKE_AND_DROP else 0)
    assert server.sessions == 1


def test_a_server_that_closes_idle_sessions_costs_nothing() -> None:
    with Recorder() as server, session(server) as connection:
        outcomes = []
        for number in range(3):
            outcomes.append(connection.send(LETTER._replace(recipient=f"{number}@example.com")))
            server.hang_up()
    assert outcomes == [Accepted("250 2.0.0 OK")] * 3
    assert set(server.times().values()) == {1}
    assert server.sessions == 3


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
def test_421_defers_and_the_next_attempt_opens_a_new_session(phase: str) -> None:
    def close(asked: str, _address: str, nth: int) -> str | None:
        return "421 4.3.2 shutting down" if (asked, nth) == (phase, 1) else None

    with Recorder(close) as server, session(server) as connection:
        assert connection.send(LETTER) == Deferred("421 4.3.2 shutting down", 421)
        assert connection.send(LETTER) == Accepted("250 2.0.0 OK")
    assert set(server.times().values()) == {1}
    assert server.sessions == 2


def test_a_server_that_went_away_defers() -> None:
    with Recorder() as server, session(server) as connection:
        connection.send(LETTER)
        server.hang_up()
        server._server.close()
        outcome = connection.send(LETTER._replace(recipient="other@example.com"))
    assert isinstance(outcome, Deferred)
    assert outcome.reply.startswith(f"127.0.0.1:{server.port}, connect: ")


def test_carrier_addresses_are_quoted_on_the_wire(tmp_path: Path) -> None:
    dialogue = tmp_path / "carrier.txt"
    dialogue.write_text(
        "S: 220 mx.example\nC: EHLO *\nS: 250 mx.example\nC: MAIL FROM:<news@example.com>\nS: 250 ok\n"
        'C: RCPT TO:<"a..b."@docomo.ne.jp>\nS: 550 5.1.1 unknown\nC: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye\n'
    )
    with Scripted(dialogue) as server, session(server) as connection:
        outcome = connection.send(LETTER._replace(recipient="a..b.@docomo.ne.jp"))
    assert server.failures == []
    assert outcome == Refused("550 5.1.1 unknown", 550, "address")


def test_an_international_address_needs_smtputf8() -> None:
    letter = LETTER._replace(recipient="読者@example.com")
    with Recorder() as server, session(server) as connection:
        assert connection.send(letter) == Accepted("250 2.0.0 OK")
    with Recorder(smtputf8=False) as other, session(other) as connection:
        outcome = connection.send(letter)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.blames) == (553, "message")
    assert [letter.recipient for letter in server.letters] == ["読者@example.com"]
    assert other.letters == []


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        (LETTER._replace(pieces=(b"x" * 2000 + b"\r\n",)), 552),
        (LETTER._replace(pieces=(b"Subject: x\r\n\r\n\n.\r\nMAIL FROM:<a@example.com>\r\n",)), 554),
        (LETTER._replace(recipient="a@example.com>\r\nRCPT TO:<b@example.com"), 553),
    ],
    ids=["too large", "bare line feed", "line break in address"],
)
def test_what_must_not_go_over_the_wire_blames_the_message(letter: Letter, code: int) -> None:
    with Recorder(size=1000) as server, session(server) as connection:
        outcome = connection.send(letter)
        assert connection.send(LETTER) == Accepted("250 2.0.0 OK")
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.blames) == (code, "message")
    assert len(server.letters) == 1


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_a_verified_server_gets_password_and_letter(authority: trustme.CA) -> None:
    with Recorder(tls=server_context(authority), login=("me", "secret")) as server:
        options = {"starttls": True, "trust": lambda: trusting(authority)}
        with session(server, user="me", password="secret", **options) as connection:
            assert connection.send(LETTER) == Accepted("250 2.0.0 OK")
        wrong = refusal(server, user="me", password="wrong", **options)
    assert len(server.letters) == 1
    assert (wrong.blames_us, wrong.code) == (True, 535)
    assert "wrong" not in str(wrong)


def test_a_server_that_does_not_verify_gets_nothing(authority: trustme.CA) -> None:
    with Recorder(tls=server_context(authority), login=("me", "secret")) as server:
        unknown = refusal(server, starttls=True, user="me", password="secret")
    with Recorder(tls=server_context(authority, "other.example")) as server:
        misnamed = refusal(server, starttls=True, trust=lambda: trusting(authority))
    for error in (unknown, misnamed):
        assert error.blames_us
        assert ", tls: " in str(error)
        assert "certificate verify failed" in str(error)


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear() -> None:
    with Recorder() as server:
        error = refusal(server, starttls=True)
    assert error.blames_us
    assert ", tls: " in str(error)


def test_on_the_loopback_a_password_may_go_in_the_clear() -> None:
    with Recorder(login=("me", "secret")) as server:
        with session(server, user="me", password="secret") as connection:
            assert connection.send(LETTER) == Accepted("250 2.0.0 OK")
        wrong = refusal(server, user="me", password="wrong")
    assert wrong.outcome == Refused(str(wrong), 535, "us")


def test_elsewhere_a_password_goes_over_tls_only() -> None:
    own = _own_address()
    if own is None:
        pytest.skip("this machine has no address but the loopback")
    with Recorder(login=("me", "secret"), host=own) as server:
        error = refusal(server, user="me", password="secret")
    assert error.blames_us
    assert str(error) == f"{own}:{server.port}, auth: a password goes over TLS only; set starttls"


def _own_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a datagram socket sends nothing by this
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def test_nobody_listening_and_no_such_host_are_temporary() -> None:
    with Recorder() as server:
        pass
    closed = refusal(server)
    nowhere = refusal(server, host="mx.invalid")
    malformed = refusal(server, host="a..b")
    assert (closed.blames_us, nowhere.blames_us, malformed.blames_us) == (False, False, True)
    assert str(closed).startswith(f"127.0.0.1:{server.port}, connect: ")
    assert str(nowhere).startswith(f"mx.invalid:{server.port}, connect: ")
    assert isinstance(closed.outcome, Deferred)


def refusal(server: Recorder, **changes: object) -> ConnectError:
    with pytest.raises(ConnectError) as raised:
        transport(server, **changes).check()
    return raised.value


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(SmtpSettings("mx.example", user="me", password="secret"))


def test_sessions_are_as_many_as_allowed_and_each_ends_after_its_letters() -> None:
    with Recorder() as server:
        carrier = transport(server, letters_per_session=5).carrier(3)
        for number in range(30):
            carrier.take(number, LETTER._replace(recipient=f"reader{number}@example.com"))
        landed: list[int] = []
        while len(landed) < 30:
            landed += [ticket for ticket, _ in carrier.landed(10, 4)]
        carrier.close()
    assert sorted(landed) == list(range(30))
    assert set(server.times().values()) == {1}
    assert server.sessions >= 6
    assert server.open_at_most <= 3


def test_a_silent_session_holds_up_its_own_letter_alone() -> None:
    def wait(phase: str, address: str, _nth: int) -> str | None:
        return SILENT if phase == "rcpt" and address.startswith("slow") else None

    with Recorder(wait) as server:
        carrier = transport(server, timeout=2).carrier(2)
        carrier.take(0, LETTER._replace(recipient="slow@example.com"))
        for number in range(1, 10):
            carrier.take(number, LETTER._replace(recipient=f"reader{number}@example.com"))
        order: list[int] = []
        while len(order) < 10:
            order += [ticket for ticket, _ in carrier.landed(10, 1)]
        carrier.close()
    assert order[-1] == 0


def test_each_phase_is_waited_for_as_long_as_the_standard_asks() -> None:
    settings = SmtpSettings("mx.example")
    phases: list[Phase] = ["connect", "hello", "mail", "rcpt", "data"]
    assert [settings.patience(phase) for phase in phases] == [300, 300, 300, 300, 120]
    assert settings.final_timeout == 600
    assert replace(settings, timeout=5).patience("data") == 5
