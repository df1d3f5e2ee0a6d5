"""What holds for every format at once, as feedparser, lxml and json read them."""

import json
import os
import subprocess
import sys
import time
from calendar import timegm
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from msgspec.structs import replace

from syndicate.feeds import FORMATS, FeedFormat, item
from syndicate.feeds.validator import validate
from syndicate.markup import overview
from syndicate.model import Links, Metadata, Site
from tests.feeds.samples import (
    ABOUT,
    ALONE,
    CLOSED,
    EMPTY,
    FIRST,
    PICTURED,
    SECOND,
    SERIES,
    SMALL,
    WHOLE,
    entry,
    feed,
)

EXPECTED = Path(__file__).parent / "expected"
ATOM, RSS, JSON = FORMATS
every_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.ending)


def read(form: FeedFormat) -> Any:
    document = feedparser.parse(SMALL.write(form))
    assert document.bozo is False
    return document


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


SAMPLES = {"small": SMALL, "empty": EMPTY, "whole": WHOLE, "closed": CLOSED}


@every_format
@pytest.mark.parametrize("name", SAMPLES)
def test_a_feed_is_written_as_expected(
    form: FeedFormat, name: str, golden: Callable[[Path, bytes], None]
) -> None:
    golden(EXPECTED / f"{name}.{form.ending}", SAMPLES[name].write(form))


@every_format
def test_the_zone_of_the_process_does_not_matter(
    form: FeedFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = SMALL.write(form)
    with monkeypatch.context() as other:
        other.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        after = SMALL.write(form)
    time.tzset()
    assert after == before


def test_another_process_with_other_settings_writes_the_same_bytes() -> None:
    program = (
        "import sys\n"
        "from syndicate.feeds import FORMATS\n"
        "from tests.feeds.samples import SMALL\n"
        "sys.stdout.buffer.write(b''.join(SMALL.write(each) for each in FORMATS))\n"
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
    assert done.stdout == b"".join(SMALL.write(each) for each in FORMATS)


def test_ids_order_addresses_titles_and_dates_are_the_same_in_every_format() -> None:
    items = json.loads(SMALL.write(JSON))["items"]
    expected = [(i["id"], i["url"], instant(i["date_published"])) for i in items]
    for form in (ATOM, RSS):
        entries = read(form).entries
        assert [(e.id, e.link, timegm(e.published_parsed)) for e in entries] == expected


def test_edits_have_the_same_date_in_atom_and_json() -> None:
    items = json.loads(SMALL.write(JSON))["items"]
    updated = [timegm(entry.updated_parsed) for entry in read(ATOM).entries]
    assert updated == [instant(item["date_modified"]) for item in items]


def test_content_is_the_same_in_every_format() -> None:
    contents = [item["content_html"] for item in json.loads(SMALL.write(JSON))["items"]]
    for form in (ATOM, RSS):
        raw = feedparser.parse(SMALL.write(form), sanitize_html=False)
        assert [entry.content[0].value for entry in raw.entries] == contents


def test_feedparser_finds_sources_language_and_authors() -> None:
    second = read(ATOM).entries[1]
    sources = [link.title for link in second.links if link.rel == "via"]
    assert sources == ["港湾日報", "port.example"]
    assert second.content[0].language == "ja"
    assert [entry.author for entry in read(RSS).entries] == ["M. Moon", "編集部", "編集部"]


def test_each_of_several_authors_is_named_in_every_format() -> None:
    two = feed([entry(3, replace(ALONE, metadata=Metadata(authors=("Ann Lee", " ", "B, C"))))])
    for form in (ATOM, RSS):
        assert [one.name for one in feedparser.parse(two.write(form)).entries[0].authors] == [
            "Ann Lee",
            "B, C",
        ]
    named = json.loads(two.write(JSON))["items"][0]["authors"]
    assert named == [{"name": "Ann Lee"}, {"name": "B, C"}]


@every_format
def test_a_series_feed_holds_the_same_bytes_of_its_entries(form: FeedFormat) -> None:
    series = feed(SMALL.entries[1:]).but(page_path="series/s/", stem="series/s/feed")
    for one in series.entries:
        written = form.entry(item(ABOUT, one))
        assert written in SMALL.write(form)
        assert written in series.write(form)


def test_every_format_names_the_document_before_and_the_hub() -> None:
    for form in (ATOM, RSS):
        head = feedparser.parse(WHOLE.write(form)).feed
        links = {link.rel: link.href for link in head.links}
        assert links["hub"] == "https://hub.example/"
        assert links["prev-archive"] == f"https://example.com/archive/2.{form.ending}"
    head = json.loads(WHOLE.write(JSON))
    assert head["next_url"] == "https://example.com/archive/2.json"
    assert head["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_every_format_leads_to_the_subscribe_page() -> None:
    page = "https://example.com/subscribe?series=s"
    for form in (ATOM, RSS):
        links = feedparser.parse(SMALL.but(sign_up=page).write(form)).feed.links
        assert [one.href for one in links if one.rel == "related"] == [page]
        links = feedparser.parse(SMALL.write(form)).feed.links
        assert not [one for one in links if one.rel == "related"]
    assert json.loads(SMALL.but(sign_up=page).write(JSON))["_subscribe"] == {"url": page}


def test_a_closed_document_says_so_and_leads_to_the_current_one() -> None:
    for form in (ATOM, RSS):
        data = CLOSED.write(form)
        assert b"<fh:archive/>" in data
        (current,) = [one for one in feedparser.parse(data).feed.links if one.rel == "current"]
        assert current.href == f"https://example.com/feed.{form.ending}"
        assert b"hub.example" not in data


def test_the_lead_picture_is_the_same_in_every_format() -> None:
    address = "https://pictures.example/%E6%BD%AE.jpg?size=2"
    first = feedparser.parse(WHOLE.write(RSS)).entries[0]
    assert [dict(one) for one in first.media_content] == [
        {"url": address, "medium": "image", "type": "image/jpeg"}
    ]
    assert [(one.href, one.type, one.length) for one in first.enclosures] == [
        (address, "image/jpeg", "0")
    ]
    assert feedparser.parse(WHOLE.write(ATOM)).entries[0].media_content[0]["url"] == address
    assert json.loads(WHOLE.write(JSON))["items"][0]["image"] == address


def test_a_picture_of_ours_has_its_sizes_and_its_alternative_text() -> None:
    ours = replace(PICTURED, images=PICTURED.images[:1])
    item_ = feedparser.parse(feed([entry(3, ours)]).write(RSS)).entries[0]
    (picture,) = item_.media_content
    assert picture["url"] == "https://example.com/media/0123456789abcdef.png"
    assert (picture["width"], picture["height"], picture["type"]) == ("640", "480", "image/png")
    assert b'<media:description type="plain">Low &lt;tide&gt;' in feed([entry(3, ours)]).write(RSS)


def test_tags_are_the_same_in_every_format() -> None:
    for form in (ATOM, RSS):
        tags = [tag.term for tag in feedparser.parse(WHOLE.write(form)).entries[0].tags]
        assert tags == ["Tides", "C++"]
    assert json.loads(WHOLE.write(JSON))["items"][0]["tags"] == ["Tides", "C++"]


@pytest.mark.parametrize(
    ("links", "site", "canonical", "expected"),
    [
        ("site", "on", "https://old.example/潮", "https://example.com/articles/slug-3/"),
        ("source", "on", "https://old.example/潮", "https://old.example/%E6%BD%AE"),
        ("source", "on", None, "https://example.com/articles/slug-3/"),
        ("source", "off", "https://old.example/潮", "https://old.example/%E6%BD%AE"),
        ("source", "off", None, None),
        ("source", "off", "javascript:alert(1)", None),
    ],
)
def test_entries_lead_to_our_pages_or_to_the_original_ones(
    links: Links, site: Site, canonical: str | None, expected: str | None
) -> None:
    about = replace(ABOUT, links=links, site=site)
    sample = feed([entry(3, replace(ALONE, metadata=Metadata(canonical=canonical)))], about)
    for form in (ATOM, RSS):
        link = feedparser.parse(sample.write(form)).entries[0].get("link")
        # where there is none, feedparser takes RSS's id for one
        assert (None if link == sample.entries[0].uid else link) == expected
        assert validate(sample.write(form)) == ()
    assert json.loads(sample.write(JSON))["items"][0].get("url") == expected


def test_parts_around_lead_to_their_original_pages_too() -> None:
    first = replace(SERIES.parts[0], canonical="https://old.example/1")
    series = replace(SERIES, parts=(first, *SERIES.parts[1:]))
    about = replace(ABOUT, links="source", site="off")
    written = feed([entry(2, SECOND, series=series, part=2)], about).write(ATOM).decode()
    assert "https://example.com/articles/" not in written
    assert written.count("https://old.example/1") == 3  # related, in-reply-to, and in the text


@every_format
def test_without_a_site_a_feed_names_the_base_address_alone(form: FeedFormat) -> None:
    data = EMPTY.but(page_path=None, stem="series/s/feed").write(form)
    assert validate(data) == ()
    assert b'rel="alternate"' not in data
    assert b"https://example.com/series/s/<" not in data


@every_format
def test_a_short_feed_has_summary_and_highlights_and_a_way_to_the_rest(form: FeedFormat) -> None:
    short = replace(SMALL, short=True)
    data = short.write(form)
    entries = json.loads(data)["items"] if form is JSON else feedparser.parse(data).entries
    assert [one["id"] for one in entries] == [one.uid for one in SMALL.entries]
    content = item(ABOUT, SMALL.entries[2], short=True).content
    assert content.startswith(overview(FIRST))
    assert "『港はなぜ眠らないのか』を読む" in content
    assert FIRST.sections[0].body[0] not in content


def test_each_format_has_its_ending_and_media_type() -> None:
    assert [(form.ending, form.media_type) for form in FORMATS] == [
        ("atom", "application/atom+xml"),
        ("rss", "application/rss+xml"),
        ("json", "application/feed+json"),
    ]
