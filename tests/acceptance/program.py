"""The program as its users run it: a process of its own, in a folder of its own."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.acceptance import forks

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Program:
    """`syndicate -C FOLDER`, with an environment that holds nothing but what a test sets."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, and insist on its exit status."""
        command = ["-C", str(self.folder), *map(str, arguments)]
        done = forks.run(command, self.variables(), PATIENCE_S * 3)
        assert done.returncode == status, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: str | Path, status: int = 0) -> Any:
        """Run a command with --json and read what it prints."""
        return json.loads(self(*arguments, "--json", status=status).stdout)

    def command(self, *arguments: str | Path) -> list[str]:
        """The command line."""
        return [sys.executable, "-m", "syndicate", "-C", str(self.folder), *map(str, arguments)]

    def variables(self) -> dict[str, str]:
        """The environment: what Python needs, and what the test set."""
        return {**forks.start(), **self.environment}

    @contextmanager
    def daemon(self, **environment: str) -> Iterator["Daemon"]:
        """Start `run` and wait until it listens; it is killed at the end if it still runs."""
        log = self.folder / "daemon.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                self.command("run"),
                env={**self.variables(), "SYNDICATE_WEB__PORT": "0", **environment},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        daemon = Daemon(process, log, log.stat().st_size)
        try:
            daemon.wait_until_ready()
            yield daemon
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


@dataclass
class Daemon:
    """A running daemon."""

    process: subprocess.Popen[bytes]
    log: Path
    begins: int
    address: str = ""

    def said(self) -> str:
        """What it logged since its start."""
        return self.log.read_bytes()[self.begins :].decode()

    def wait_until_ready(self) -> None:
        """Wait for its address."""
        wait_for(
            lambda: "daemon.ready" in self.said() or self.process.poll() is not None, self.said
        )
        assert self.process.poll() is None, self.said()
        line = next(line for line in self.said().splitlines() if "daemon.ready" in line)
        found = re.search(r"http://[^\s\"]+", line)
        assert found, line
        self.address = found[0]

    def get(self, path: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
        """GET a path; status, headers (names in lower case) and body."""
        return fetch(urllib.request.Request(self.address + path, headers=headers))

    def post(self, path: str, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """POST a form to a path."""
        return fetch(urllib.request.Request(self.address + path, data=body, method="POST"))

    def terminate(self) -> int:
        """Send SIGTERM and wait for the end; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE_S)


def fetch(request: urllib.request.Request) -> tuple[int, Mapping[str, str], bytes]:
    """Ask once, and take error statuses as answers."""
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.status, lower(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, lower(error.headers), error.read()


def lower(headers: Any) -> dict[str, str]:
    """Header names in lower case."""
    return {name.lower(): value for name, value in headers.items()}


def wait_for(condition: Any, explain: Any = lambda: "") -> None:
    """Wait until a condition holds; a minute is more than anything here takes."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {explain()}"
        time.sleep(0.05)
