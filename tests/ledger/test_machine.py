"""Any history of claims, crashes, takeovers and operators (SQLite; traces run on both databases).

LEDGER_EXAMPLES sets how many histories are tried; `make soak` tries 1500.
"""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import get_args

from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import event

from syndicate.store import migrate
from syndicate.store.database import Store, open_store
from tests.ledger.model import READERS, Deed, Ledger

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "20"))
STEPS = 60
who = strategies.integers(0, 2)
reader = strategies.integers(1, READERS)


@cache
def template() -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """A migrated database, made once; the folder lives as long as this process."""
    folder = tempfile.TemporaryDirectory(prefix="syndicate-ledger-")
    file = Path(folder.name) / "template.db"
    store = open_store(f"sqlite:///{file}")
    migrate.upgrade(store)
    store.close()
    return folder, file


def fresh(folder: Path) -> Store:
    """A copy of it that need not outlive a power cut."""
    file = folder / "syndicate.db"
    shutil.copyfile(template()[1], file)
    store = open_store(f"sqlite:///{file}")
    event.listen(store.writer, "connect", lambda one, _: one.execute("PRAGMA synchronous = OFF"))
    return store


class Histories(RuleBasedStateMachine):
    """Each rule is one step of one sender, of the world, or of the operator."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="syndicate-history-")
        self._store = fresh(Path(self._folder.name))
        self._case = Ledger(self._store)

    @rule(who=who, limit=strategies.integers(1, 4))
    def claim(self, who: int, limit: int) -> None:
        self._case.claim(who, limit)

    @rule(who=who)
    def intend(self, who: int) -> None:
        self._case.intend(who)

    @rule(who=who, deed=strategies.sampled_from(get_args(Deed)))
    def hand_over(self, who: int, deed: Deed) -> None:
        self._case.hand_over(who, deed)

    @rule(who=who)
    def finish(self, who: int) -> None:
        self._case.finish(who)

    @rule(who=who)
    def finish_again(self, who: int) -> None:
        self._case.finish_again(who)

    @rule(who=who, arrive=strategies.booleans())
    def crash(self, who: int, arrive: bool) -> None:
        self._case.crash(who, arrive=arrive)

    @rule(who=who)
    def expire(self, who: int) -> None:
        self._case.expire(who)

    @rule(minutes=strategies.sampled_from((1, 120, 1500)))
    def pass_time(self, minutes: int) -> None:
        self._case.world.pass_time(minutes=minutes)

    @rule()
    def cut(self) -> None:
        self._case.cut()

    @rule()
    def resend(self) -> None:
        self._case.resend()

    @rule(reader=reader)
    def unsubscribe(self, reader: int) -> None:
        self._case.unsubscribe(reader)

    @rule(reader=reader)
    def suppress(self, reader: int) -> None:
        self._case.suppress(reader)

    @rule()
    def pause(self) -> None:
        self._case.pause()

    @rule()
    def resume(self) -> None:
        self._case.resume()

    @rule()
    def cancel(self) -> None:
        self._case.cancel()

    @rule()
    def end_what_can_end(self) -> None:
        self._case.end()

    @invariant()
    def kept(self) -> None:
        self._case.check()

    def teardown(self) -> None:
        try:
            self._case.drain()
        finally:
            self._store.close()
            self._folder.cleanup()


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
