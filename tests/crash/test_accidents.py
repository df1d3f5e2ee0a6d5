"""What else happens to a sender in mid-send: a stop, a clock that jumps, a full disk."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.conftest import Make
from tests.crash.mailing import Mailing
from tests.crash.sink import Moment, Sink

READERS = 120


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Mailing]:
    """An edition in a file."""
    made = Mailing(tmp_path / "publication", f"sqlite:///{tmp_path / 'syndicate.db'}", READERS)
    yield made
    made.close()


def test_a_stop_in_mid_send_leaves_nothing_uncertain(mailing: Make) -> None:
    edition = mailing(READERS)

    def script(moment: Moment) -> str | None:
        if moment.phase == "dot" and sink.accepted == 20:
            os.kill(sink.victim, signal.SIGTERM)
        return None

    with Sink(script, delay=0.01) as sink:
        edition.send_to_the_end(sink)
        states = edition.states()
        assert set(states) == {"sent", "pending"}
        assert states["sent"] == sink.accepted
        edition.send_to_the_end(sink)
        edition.judge(sink)
    assert edition.states() == {"sent": READERS}


@pytest.mark.parametrize("jump", ["-3600", "172800"])
def test_a_clock_that_jumps_in_mid_send_doubles_and_loses_nothing(
    on_sqlite: Mailing, jump: str
) -> None:
    def script(moment: Moment) -> str | None:
        greylisted = moment.phase == "rcpt" and moment.nth == 1 and moment.mailbox.endswith("7")
        return "451 4.3.0 later" if greylisted else None

    with Sink(script) as sink:
        on_sqlite.send_to_the_end(sink, CRASH_JUMP=f"3 {jump}", CRASH_WAITS="0.05")
        on_sqlite.judge(sink, "the jump", ended=False)
        on_sqlite.send_to_the_end(sink, CRASH_WAITS="0.05")
        on_sqlite.judge(sink, "the clock set right", ended=False)
        on_sqlite.send_to_the_end(sink, SYNDICATE_CLOCK_SHIFT="360000")
        on_sqlite.judge(sink)
    assert on_sqlite.states() == {"sent": READERS}


def test_a_file_that_cannot_grow_in_mid_send_doubles_and_loses_nothing(on_sqlite: Mailing) -> None:
    on_sqlite.close()  # so that what it wrote is in the file itself, and the log beside it is gone
    with Sink() as sink:
        with on_sqlite.sender(sink, CRASH_BYTES="150000") as sender:
            assert sender.wait() == 1
        assert "see the disk" in sender.said or "the disk is full" in sender.said
        assert 0 < sink.accepted < READERS
        on_sqlite.crashes += 1  # what it could not record, it cannot know any more
        on_sqlite.judge(sink, "the full disk", ended=False)
        on_sqlite.send_to_the_end(sink)
        on_sqlite.judge(sink)


def test_a_full_disk_in_mid_send_doubles_and_loses_nothing(
    tmp_path: Path, small_disk: Path
) -> None:
    url, filler = f"sqlite:///{small_disk / 'syndicate.db'}", small_disk / "filler"
    with Mailing(tmp_path / "publication", url, READERS) as mailing, Sink() as sink:
        mailing.close()
        room = os.statvfs(small_disk)
        filler.write_bytes(bytes(room.f_bavail * room.f_frsize - 200_000))
        with mailing.sender(sink) as sender:
            assert sender.wait() == 1
        assert "the disk is full. Make room" in sender.said
        assert 0 < sink.accepted < READERS
        mailing.crashes += 1
        mailing.judge(sink, "the full disk", ended=False)
        filler.unlink()
        mailing.send_to_the_end(sink)
        mailing.judge(sink)
