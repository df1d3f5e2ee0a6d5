"""What goes wrong between the thread that serves sessions, their sockets, and who waits for letters."""

import smtplib
import socket
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from selectors import DefaultSelector
from threading import Thread
from time import monotonic, process_time

import pytest

from syndicate.delivery import Carrier, smtp
from syndicate.delivery.dialogue import Dialogue, Reply, Say
from syndicate.delivery.session import SmtpSettings
from syndicate.delivery.smtp import SmtpTransport
from syndicate.delivery.wire import Session
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


SAID = [
    (b"250 2.1.0 OK\r\n", Reply(250, "2.1.0 OK")),
    (b"250-a.example\r\n250-SIZE 9\n250 8BITMIME\r\n", Reply(250, "a.example\nSIZE 9\n8BITMIME")),
    (b"354\r\n", Reply(354, "")),
    (b"250-\r\n250\r\r\n", Reply(250, "\n")),
    (
        b"550-5.1.1 gr\xc3\xbc\xc3\x9fe\r\n550 \xff\x00 gone\r\n",
        Reply(550, "5.1.1 gr\u00fc\u00dfe\n\ufffd\x00 gone"),
    ),
    (b"250-first\r\nnot a reply \xe9\r\n", Reply(-1, "not a reply \ufffd")),
    (b"250X\r\n", Reply(-1, "250X")),
    (b"199 no\r\n", Reply(-1, "199 no")),
    (b"\r\n", Reply(-1, "")),
    (b"250 ok - 250-\r\n", Reply(250, "ok - 250-")),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
def test_replies_are_the_same_however_their_bytes_are_cut(size: int) -> None:
    said = b"".join(one for one, _ in SAID)
    pieces = [said[at : at + size] for at in range(0, len(said), size)]
    assert heard(pieces) == [reply for _, reply in SAID]


def test_a_line_without_an_end_costs_the_other_sessions_nothing() -> None:
    """It took minutes of the one thread that serves all: each byte was tried as its beginning."""
    piece, began = b"x" * 4096, process_time()
    assert heard([b"250-", *[piece] * 15, b"\r\n250 end\r\n"]) == [
        Reply(250, "x" * 61440 + "\nend")
    ]
    assert process_time() - began < 5


def heard(pieces: Sequence[bytes]) -> list[Reply]:
    """Return what a session hands to its dialogue, where a server says one piece after the other."""
    replies: list[Reply] = []

    def listen() -> Dialogue:
        while True:
            replies.append((yield Say((), "mail")))

    smtp, selector = smtplib.SMTP(), DefaultSelector()
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        closing(socket.create_connection(server.getsockname())) as ours,
        closing(server.accept()[0]) as theirs,
        closing(selector),
    ):
        smtp.sock, smtp.esmtp_features = ours, {}
        session = Session(smtp, SmtpSettings("127.0.0.1"), selector)
        assert session.begin(1, listen()) is None
        for piece in pieces:
            theirs.sendall(piece)
            assert selector.select(5)
            assert session.ready() is None
        while selector.select(0):
            assert session.ready() is None
    return replies
