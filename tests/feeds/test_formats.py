"""What holds for every format at once, as feedparser, lxml and json read them."""

import json
import os
import subprocess
import sys
import time
from calendar import timegm
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from syndicate.feeds import FORMATS, FeedFormat
from tests.feeds.samples import EMPTY, SMALL

EXPECTED = Path(__file__).parent / "expected"
ATOM, RSS, JSON = FORMATS
every_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.ending)


def read(form: FeedFormat) -> Any:
    document = feedparser.parse(form.write(SMALL))
    assert document.bozo is False
    return document


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@every_format
def test_a_small_feed_is_written_as_expected(form: FeedFormat) -> None:
    assert form.write(SMALL) == (EXPECTED / f"small.{form.ending}").read_bytes()


@every_format
def test_an_empty_feed_is_written_as_expected(form: FeedFormat) -> None:
    assert form.write(EMPTY) == (EXPECTED / f"empty.{form.ending}").read_bytes()


@every_format
def test_the_zone_of_the_process_does_not_matter(
    form: FeedFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = form.write(SMALL)
    with monkeypatch.context() as other:
        other.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        after = form.write(SMALL)
    time.tzset()
    assert after == before


def test_another_process_with_other_settings_writes_the_same_bytes() -> None:
    program = (
        "import sys\n"
        "from syndicate.feeds import FORMATS\n"
        "from tests.feeds.samples import SMALL\n"
        "sys.stdout.buffer.write(b''.join(each.write(SMALL) for each in FORMATS))\n"
    )
    root = str(Path(__file__).parents[2])
    paths = os.pathsep.join([*filter(None, sys.path), root])
    settings = {"TZ": "America/Lima", "LC_ALL": "ja_JP.UTF-8", "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **settings, "PYTHONPATH": paths},
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"".join(each.write(SMALL) for each in FORMATS)


def test_ids_order_addresses_titles_and_dates_are_the_same_in_every_format() -> None:
    items = json.loads(JSON.write(SMALL))["items"]
    expected = [(i["id"], i["url"], instant(i["date_published"])) for i in items]
    for form in (ATOM, RSS):
        entries = read(form).entries
        assert [(e.id, e.link, timegm(e.published_parsed)) for e in entries] == expected


def test_edits_have_the_same_date_in_atom_and_json() -> None:
    items = json.loads(JSON.write(SMALL))["items"]
    updated = [timegm(entry.updated_parsed) for entry in read(ATOM).entries]
    assert updated == [instant(item["date_modified"]) for item in items]


def test_content_is_the_same_in_every_format() -> None:
    contents = [item["content_html"] for item in json.loads(JSON.write(SMALL))["items"]]
    for form in (ATOM, RSS):
        raw = feedparser.parse(form.write(SMALL), sanitize_html=False)
        assert [entry.content[0].value for entry in raw.entries] == contents


def test_feedparser_finds_sources_language_and_authors() -> None:
    second = read(ATOM).entries[1]
    sources = [link.title for link in second.links if link.rel == "via"]
    assert sources == ["港湾日報", "port.example"]
    assert second.content[0].language == "ja"
    assert [entry.author for entry in read(RSS).entries] == ["M. Moon", "編集部", "編集部"]


@every_format
def test_a_series_feed_keeps_the_ids_of_its_entries(form: FeedFormat) -> None:
    series = replace(SMALL, page_path="series/s/", stem="series/s/feed", entries=SMALL.entries[1:])
    for entry in series.entries:
        assert entry.uid.encode() in form.write(series)


def test_each_format_has_its_ending_and_media_type() -> None:
    assert [(form.ending, form.media_type) for form in FORMATS] == [
        ("atom", "application/atom+xml"),
        ("rss", "application/rss+xml"),
        ("json", "application/feed+json"),
    ]
