"""PostgreSQL goes away in mid-send, and a sender that sleeps longer than its lease."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.acceptance.program import wait_for
from tests.crash.database import Server, running
from tests.crash.mailing import CONNECTIONS, Mailing
from tests.crash.sink import Moment, Sink

READERS = 120


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as made:
        yield made


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_database_that_is_restarted_in_mid_send_doubles_and_loses_nothing(
    server: Server, tmp_path: Path, mode: str
) -> None:
    edition = Mailing(tmp_path / "publication", server.url, READERS)
    restarts = [20, 60]  # once so many letters were accepted

    def script(moment: Moment) -> str | None:
        if moment.phase == "dot" and restarts and sink.accepted >= restarts[0]:
            restarts.pop(0)
            server.control("restart", "-m", mode)
        return None

    with edition, Sink(script) as sink:
        for _ in range(2):  # it may go on by itself, or end with an error
            if edition.send(sink) != 0:
                edition.crashes += 1
            edition.judge(sink, f"restart, {mode}", ended=False)
        edition.send_to_the_end(sink)
        edition.judge(sink)


def test_a_database_that_is_gone_ends_the_sender_and_a_later_one_goes_on(
    server: Server, tmp_path: Path
) -> None:
    edition = Mailing(tmp_path / "publication", server.url, READERS)

    def script(moment: Moment) -> str | None:
        if moment.phase == "dot" and sink.accepted == 30:
            server.control("stop", "-m", "immediate")
        return None

    edition.close()  # this process asks again only once the database is back
    with edition, Sink(script) as sink:
        assert edition.send(sink) == 1
        edition.crashes += 1
        server.start()
        edition.judge(sink, "the end of the database", ended=False)
        edition.send_to_the_end(sink)
        edition.judge(sink)
        assert edition.states()["unknown"] <= CONNECTIONS


def test_a_sender_that_sleeps_longer_than_its_lease_is_replaced_and_changes_nothing_later(
    postgresql_url: str, tmp_path: Path
) -> None:
    edition = Mailing(tmp_path / "publication", postgresql_url, READERS)
    asleep = 0

    def script(moment: Moment) -> str | None:
        nonlocal asleep
        if moment.phase == "data" and sink.accepted >= 20 and not asleep:
            asleep = sink.victim
            os.kill(asleep, signal.SIGSTOP)
        return None

    def expired() -> bool:
        with edition.services.store.read() as tx:
            held = text("""SELECT COUNT(*) FROM delivery WHERE state = 'sending'
                AND lease_until > EXTRACT(EPOCH FROM clock_timestamp()) * 1000000""")
            return asleep != 0 and tx.scalar(held) == 0

    with edition, Sink(script) as sink, edition.sender(sink, CRASH_LEASE="2") as first:
        wait_for(expired)
        held = sum(row.state == "sending" for row in edition.rows)
        assert held
        edition.send_to_the_end(sink, CRASH_LEASE="2")
        edition.crashes += 1  # the sleeper: what it was sending is given up
        edition.judge(sink, "the takeover")
        before = edition.states()
        assert before["unknown"] == held
        first.signal(signal.SIGCONT)
        assert first.wait() in (0, 1), first.said  # 1: it slept in a transaction, which was ended
        edition.judge(sink)
        assert edition.states() == before
