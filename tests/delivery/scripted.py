"""A server on a raw socket that plays a dialogue line by line, to hang up at exact points.

A dialogue is a text file:

    = Deferred 421      what the next `send` comes to: kind, then code and what it blames
    S: 220 mx.example   the server says this line
    S+ 354 go on        the server says this line together with the next
    C: MAIL FROM:*      the client must say this line (`*` as in fnmatch; case is nothing)
    B                   the client must send a body, up to its lone dot; it is kept in `bodies`
    B 40                the server reads 40 bytes of the body and no more
    W                   the server says nothing until the client hangs up, and begins no other letter
    D 250-              the server says this and more of it, bit by bit, until the client hangs up
    R x@example.com     whom the letters are for
    T text              what they say
    K 16000             so many kilobytes more stand in the first of them
    X                   the server hangs up; what follows is the next connection
    # a remark

A connection also ends at the end of the file.
"""

import select
import socket
from fnmatch import fnmatchcase
from itertools import cycle
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import BinaryIO, Self


class Scripted:
    """Plays one dialogue while the context lasts; `bodies` are the letters that came in whole."""

    host = "127.0.0.1"

    def __init__(self, dialogue: Path) -> None:
        lines = dialogue.read_text(encoding="utf-8").splitlines()
        steps = [line for line in lines if line and not line.startswith("#")]
        self.expected = [step[2:] for step in steps if step.startswith("= ")]
        self.bodies: list[bytes] = []
        self.failures: list[str] = []
        self.recipient = next((step[2:] for step in steps if step.startswith("R ")), "")
        self.text = next((step[2:] for step in steps if step.startswith("T ")), "")
        self.kilobytes = int(next((step[2:] for step in steps if step.startswith("K ")), "0"))
        self._acts = _acts([step for step in steps if step[:2] not in ("= ", "R ", "T ", "K ")])
        self._held = b""  # to be said with the next line
        self._listener = socket.create_server((self.host, 0))
        self._listener.settimeout(5)
        self.port: int = self._listener.getsockname()[1]
        self._thread = Thread(target=self._play, name="scripted")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.join()
        self._listener.close()

    def _play(self) -> None:
        for act in self._acts:
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                self.failures.append(f"nobody connected for {act[0]!r}")
                return
            with connection, connection.makefile("rb") as incoming:
                connection.settimeout(5)
                self._act(act, connection, incoming)

    def _act(self, act: list[str], connection: socket.socket, incoming: BinaryIO) -> None:
        for step in act:
            kind, _, text = step.partition(" ")
            try:
                self._step(kind, text, connection, incoming)
            except OSError as error:
                self.failures.append(f"at {step!r}: {error}")
                return

    def _step(self, kind: str, text: str, connection: socket.socket, incoming: BinaryIO) -> None:
        if kind in {"S:", "S+"}:
            self._say(text, connection, more=kind == "S+")
        elif kind == "C:":
            said = incoming.readline().decode().removesuffix("\r\n")
            if not fnmatchcase(said.casefold(), text.casefold()):
                raise OSError(f"the client said {said!r}")
        elif kind == "B" and text:
            incoming.read(int(text))
        elif kind == "B":
            self.bodies.append(_body(incoming))
        elif kind == "D":
            _dribble(connection, text.encode())
        elif kind == "W":
            if b"MAIL FROM" in incoming.read():
                raise OSError("the client began another letter")
        else:
            raise OSError("no such step")

    def _say(self, text: str, connection: socket.socket, *, more: bool) -> None:
        self._held += text.encode() + b"\r\n"
        if not more:
            connection.sendall(self._held)
            self._held = b""


def _dribble(connection: socket.socket, text: bytes) -> None:
    """Say something whenever the client has waited a little, so that it never waits for long."""
    for byte in cycle(text):
        if select.select([connection], [], [], 0.05)[0]:
            return
        connection.sendall(bytes([byte]))


def _acts(steps: list[str]) -> list[list[str]]:
    acts: list[list[str]] = [[]]
    for step in steps:
        if step == "X":
            acts.append([])
        else:
            acts[-1].append(step)
    return [act for act in acts if act]


def _body(incoming: BinaryIO) -> bytes:
    lines = []
    while (line := incoming.readline()) != b".\r\n":
        if not line:
            raise OSError("the client hung up within the body")
        lines.append(line)
    return b"".join(lines)
