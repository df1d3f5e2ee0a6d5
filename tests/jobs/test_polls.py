from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from syndicate.cli.setup import make_publication, new_settings
from syndicate.jobs.polls import KEPT, FeedDay, Polls, Readers, feed_days
from syndicate.services import open_services
from syndicate.store.database import Store
from syndicate.workers import local
from tests.acceptance.program import wait_for
from tests.conftest import NOW

ZONE = "Asia/Tokyo"
FEEDLY = b"Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)"


def test_counts_are_added_by_day_feed_and_family(store: Store) -> None:
    polls = Polls()
    polls.count("feed.atom", FEEDLY, unchanged=False)
    polls.count("feed.atom", b"newsboat/2.21", unchanged=True)
    polls.count("feed.rss", b"curl/8", unchanged=False)
    polls.save(store, ZONE, NOW)
    polls.count("feed.atom", FEEDLY.replace(b"12", b"11"), unchanged=True)
    polls.count("feed.atom", b"newsboat/2.40", unchanged=True)
    polls.count("feed.atom", b"newsboat/2.40", unchanged=True)
    polls.save(store, ZONE, NOW)
    assert feed_days(store, ZONE, NOW, 1) == (
        FeedDay(
            "2026-11-23",
            "feed.atom",
            polls=5,
            unchanged=4,
            share=0.8,
            subscribers=12,
            readers=(Readers("newsboat", 3, 3, 0), Readers("Feedly", 2, 1, 12)),
        ),
        FeedDay("2026-11-23", "feed.rss", 1, 0, 0.0, 0, (Readers("curl", 1, 0, 0),)),
    )


def test_a_day_is_one_of_the_publications_zone_and_days_end(store: Store) -> None:
    polls = Polls()
    for hours in (0, 24, 33):  # 15:00 in Tokyo, and midnight after the second one
        polls.count("feed.atom", b"", unchanged=False)
        polls.save(store, ZONE, NOW + timedelta(hours=hours))
    later = NOW + timedelta(hours=33)
    assert [one.day for one in feed_days(store, ZONE, later, 9)] == [
        "2026-11-25",
        "2026-11-24",
        "2026-11-23",
    ]
    assert [one.day for one in feed_days(store, ZONE, later, 1)] == ["2026-11-25"]


def test_old_days_are_forgotten(store: Store) -> None:
    polls = Polls()
    for at in (NOW, NOW + KEPT + timedelta(days=1)):
        polls.count("feed.atom", b"", unchanged=False)
        polls.save(store, ZONE, at)
    assert len(feed_days(store, ZONE, NOW + KEPT, 400)) == 1


def test_nothing_counted_writes_nothing_and_what_cannot_be_written_stays(store: Store) -> None:
    polls = Polls()
    polls.save(store, ZONE, NOW)
    assert feed_days(store, ZONE, NOW, 9) == ()
    polls.count("feed.atom", b"", unchanged=False)
    with store.write() as tx:
        tx.execute(text("ALTER TABLE poll RENAME TO away"))
    with pytest.raises(DBAPIError, match="poll"):
        polls.save(store, ZONE, NOW)
    with store.write() as tx:
        tx.execute(text("ALTER TABLE away RENAME TO poll"))
    polls.save(store, ZONE, NOW)
    assert [one.polls for one in feed_days(store, ZONE, NOW, 9)] == [1]


def test_nothing_is_kept_of_a_reader_but_its_family(store: Store) -> None:
    polls = Polls()
    polls.count("feed.atom", b"Anna's reader anna@example.com 192.0.2.7", unchanged=False)
    polls.save(store, ZONE, NOW)
    with store.read() as tx:
        (row,) = tx.execute(text("SELECT * FROM poll")).mappings()
    assert dict(row) == {
        "day": "2026-11-23",
        "feed": "feed.atom",
        "family": "other",
        "polls": 1,
        "unchanged": 0,
        "subscribers": 0,
    }


def test_a_running_daemon_writes_them_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "COUNT_S", 0.0)
    make_publication(tmp_path / "a", new_settings("content"))
    services, polls = replace(open_services(tmp_path / "a"), clock=lambda: NOW), Polls()
    polls.count("feed.atom", FEEDLY, unchanged=True)
    runner = local.Runner(services, None, polls)
    runner.start()
    try:
        wait_for(lambda: feed_days(services.store, "UTC", NOW, 2))
    finally:
        runner.stop()
        services.store.close()
    assert polls.counted() == {}
