"""What goes wrong between the thread that serves sessions, their sockets, and who waits for letters."""

import socket
from contextlib import closing
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest

from syndicate.delivery import Carrier, smtp
from syndicate.delivery.session import SmtpSettings
from syndicate.delivery.smtp import SmtpTransport
from syndicate.model import Accepted, GivenBack, Letter, Outcome, Unknown
from tests.delivery.scripted import Scripted
from tests.delivery.way import Way
from tests.smtp import Recorder

DIALOGUES = Path(__file__).parent / "dialogues"
LETTER = Letter(
    "e:1:1", "news@example.com", "reader@example.com", (b"Subject: one\r\n\r\nHello\r\n",)
)


def transport(host: str, port: int) -> SmtpTransport:
    settings = SmtpSettings(
        host, port, starttls=False, helo="a.example", timeout=30, final_timeout=5
    )
    return SmtpTransport(settings)


def test_who_rings_is_not_held_up_however_long_nobody_listens() -> None:
    with Recorder() as server, closing(transport(server.host, server.port).carrier(1)) as carrier:

        def ring() -> None:
            for _ in range(2000):
                carrier.ring()

        ringing = Thread(target=ring, daemon=True)
        ringing.start()
        ringing.join(5)
        assert not ringing.is_alive()
        carrier.take(1, LETTER)
        landed: list[tuple[int, Outcome]] = []
        while not landed:
            landed = carrier.landed(5, 1)
    assert landed == [(1, Accepted("250 2.0.0 OK"))]


def test_a_server_that_hangs_up_within_its_last_reply_is_not_waited_for() -> None:
    dialogue = DIALOGUES / "drop_within_the_last_reply.txt"
    with Scripted(dialogue) as server, closing(Way(transport(server.host, server.port))) as way:
        assert way.send(LETTER) == Unknown("data: the server closed the connection")


def test_a_server_that_was_full_for_a_moment_is_asked_for_all_sessions_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "_FEWER_S", 0.5)
    with Recorder() as server, closing(transport(server.host, server.port).carrier(4)) as carrier:
        server.room = 1
        send_together(carrier, 1)
        send_together(carrier, 4)
        while server.turned_away < 3:  # what opens sessions has threads of its own
            send_together(carrier, 1)
        server.room, server.open_at_most = 4, 0
        until = monotonic() + 5
        while server.open_at_most < 4 and monotonic() < until:
            send_together(carrier, 4)
    assert server.open_at_most >= 4


def send_together(carrier: Carrier, count: int) -> None:
    for number in range(count):
        carrier.take(number, LETTER)
    landed = 0
    while landed < count:
        landed += len(carrier.landed(5, count))


def test_what_no_session_has_taken_is_given_back_and_not_said_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with closing(transport(*listener.getsockname()).carrier(1)) as carrier:
            carrier.take(1, LETTER)
            server, _ = listener.accept()
            carrier.give_back()
            carrier.take(2, LETTER)
            assert carrier.landed(0, 2) == [(1, GivenBack()), (2, GivenBack())]
            server.sendall(b"220 mx.example\r\n250 mx.example\r\n221 bye\r\n")
        with server, server.makefile("rb") as said:
            assert said.read() == b"ehlo a.example\r\nQUIT\r\n"


def test_who_stops_does_not_wait_for_a_server_that_does_not_greet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp, "PARTING", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        carrier = transport(*listener.getsockname()).carrier(1)
        carrier.take(1, LETTER)
        server, _ = listener.accept()
        carrier.give_back()
        began = monotonic()
        carrier.close()
        assert monotonic() - began < 5
        with server, server.makefile("rb") as said:
            server.sendall(b"220 mx.example\r\n250 mx.example\r\n")
            assert said.read() == b"ehlo a.example\r\n"
