"""An edition that is ready to be sent, and processes that send it until somebody kills them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from syndicate.cli import building, work
from syndicate.cli.setup import make_publication
from syndicate.jobs import subscribe
from syndicate.model import silent
from syndicate.services import Services, open_services
from tests.acceptance.pages import page
from tests.conftest import CHECKOUT
from tests.crash.sink import Sink
from tests.ledger_invariants import Row, assert_kept, rows_of

CONNECTIONS = 24  # of `deliver`: how many letters one crash may leave unknown
PATIENCE_S = 120.0
_SETTINGS = """
[publication]
title = "Proof"
zone = "UTC"
[database]
url = "{url}"
[[newsletters]]
name = "digest"
title = "Digest"
[mail]
from = "news@example.com"
transport = "smtp"
starttls = false
"""


class Mailing:
    """One edition, frozen for `readers` and rendered; nothing of it was sent yet."""

    def __init__(self, folder: Path, database_url: str, readers: int) -> None:
        self.folder, self.readers = folder, readers
        self.crashes = 0  # processes that ended without their consent
        make_publication(folder, _SETTINGS.format(url=database_url))
        (folder / "content" / "one.txt").write_text(page("蜂の巣"), encoding="utf-8")
        building.build(self.services)
        people = [(n, subscribe.Person(f"reader{n}@example.com")) for n in range(readers)]
        consent = subscribe.Consent("test")
        store, keys, now = self.services.store, self.services.keys, self.services.clock()
        subscribe.add(store, keys, "digest", "ja", people, consent, now, silent)
        cut = work.cut_edition(self.services, self.services.newsletter("digest"))
        assert cut.letters == readers

    @cached_property
    def services(self) -> Services:
        """The publication, as this process sees it."""
        return open_services(self.folder)

    @property
    def rows(self) -> list[Row]:
        """The ledger."""
        return rows_of(self.services.store)

    def states(self) -> dict[str, int]:
        """How many rows stand in each state."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[row.state] = found.get(row.state, 0) + 1
        return found

    @contextmanager
    def sender(self, sink: Sink, **environment: str) -> Iterator["Sender"]:
        """A process of `deliver`; killed at the end of the block if it still runs."""
        sender = Sender(self, sink, environment)
        try:
            yield sender
        finally:
            if sender.process.poll() is None:
                sender.process.kill()
            sender.process.communicate()

    def send(self, sink: Sink, **environment: str) -> int:
        """Run `deliver` to its end, whatever that is; its exit status."""
        with self.sender(sink, **environment) as sender:
            return sender.wait()

    def send_to_the_end(self, sink: Sink, **environment: str) -> dict[str, Any]:
        """Run `deliver` to a good end, and return its report."""
        with self.sender(sink, **environment) as sender:
            assert sender.wait() == 0, sender.said
            report: dict[str, Any] = json.loads(sender.said)
        return report

    def judge(self, sink: Sink, at: str = "the end", *, ended: bool = True) -> None:
        """Hold the ledger against the server's log."""
        assert_kept(
            self.services.store,
            list(sink.arrivals),
            may_be_unknown=self.crashes * CONNECTIONS + sink.ambiguous,
            frozen=self.readers,
            ended=ended,
            at=at,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self.services.store.close()


class Sender:
    """A running `deliver`, and whom the sink kills."""

    def __init__(self, mailing: Mailing, sink: Sink, environment: dict[str, str]) -> None:
        self.said = ""
        self._mailing = mailing
        kept = ("PATH", "HOME", "PYTHONPATH", "XDG_RUNTIME_DIR")
        command = ("-m", "tests.crash.launcher", "-C", str(mailing.folder), "deliver", "--json")
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=CHECKOUT,
            env={
                **{name: os.environ[name] for name in kept if name in os.environ},
                "SYNDICATE_MAIL__PORT": str(sink.port),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        sink.victim = self.process.pid

    def wait(self) -> int:
        """Wait for its end; a crash is counted."""
        self.said, _ = self.process.communicate(timeout=PATIENCE_S)
        self._mailing.crashes += self.process.returncode == -signal.SIGKILL
        return self.process.returncode

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)
