"""RSS, and each trap that writers of it fell into."""

import locale
from html import unescape

import pytest
from lxml import etree

from syndicate.feeds import FORMATS, TTL
from syndicate.feeds.content import entry_content
from syndicate.model import Article
from tests.feeds.samples import ABOUT, ALONE, EMPTY, SMALL, TAG, Sample, entry, feed

SELF = "{http://www.w3.org/2005/Atom}link"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def write(sample: Sample) -> bytes:
    return sample.write(FORMATS[1])


def channel(written: Sample) -> etree._Element:
    found = etree.fromstring(write(written)).find("channel")
    assert found is not None
    return found


def column(written: Sample, name: str) -> list[str | None]:
    return [item.findtext(name) for item in channel(written).findall("item")]


def test_the_channel_links_to_the_page_and_not_to_the_feed() -> None:
    assert channel(SMALL).findtext("link") == "https://example.com/"


def test_the_channel_names_its_own_address() -> None:
    found = [dict(link.attrib) for link in channel(SMALL).findall(SELF)]
    assert found == [
        {
            "rel": "self",
            "type": "application/rss+xml",
            "href": "https://example.com/feed.rss",
        }
    ]


def test_the_last_build_is_the_newest_edit() -> None:
    assert channel(SMALL).findtext("lastBuildDate") == "Sun, 01 Jun 2025 00:00:00 GMT"


def test_an_empty_channel_was_built_on_the_day_of_its_identity() -> None:
    assert channel(EMPTY).findtext("lastBuildDate") == "Tue, 01 Apr 2025 00:00:00 GMT"


def test_dates_are_those_of_publication() -> None:
    assert column(SMALL, "pubDate") == [f"Fri, 16 May 2025 09:30:0{n} GMT" for n in (3, 2, 1)]


def test_the_locale_of_the_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_arguments: object) -> str:
        raise AssertionError("setlocale is not safe beside other threads")

    monkeypatch.setattr(locale, "setlocale", forbidden)
    assert b"Fri, 16 May 2025" in write(SMALL)


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        write(feed([entry(3, ALONE, published=SMALL.entries[0].published.replace(tzinfo=None))]))


def test_entries_stand_in_the_order_given() -> None:
    assert column(SMALL, "guid") == [f"{TAG}a/{n}" for n in (3, 2, 1)]


def test_ids_are_not_addresses() -> None:
    guids = channel(SMALL).findall("item/guid")
    assert [guid.get("isPermaLink") for guid in guids] == ["false"] * 3


def test_authors_without_a_mail_address_are_named() -> None:
    assert column(SMALL, CREATOR) == ["M. Moon", "編集部", "編集部"]
    assert column(SMALL, "author") == [None] * 3


def test_content_and_description_are_both_there() -> None:
    assert column(SMALL, CONTENT) == [entry_content(ABOUT, each) for each in SMALL.entries]


def test_a_description_is_summary_and_highlights() -> None:
    assert column(SMALL, "description")[2] == (
        "夜の港をめぐる連載の第一回。\n💡 港は夜も動く。\n💡 船は待たない。"
    )


def test_a_description_is_escaped_since_readers_take_it_for_html() -> None:
    description = column(SMALL, "description")[1]
    assert description == "重さ &lt; 速さ。荷役の現場から。\n💡 一晩で千個。"


def test_without_summary_and_highlights_the_title_describes() -> None:
    description = column(SMALL, "description")[0]
    assert unescape(description or "") == ALONE.title


def test_an_article_of_a_title_alone_is_still_an_item() -> None:
    written = feed([entry(3, Article("Title"))])
    assert column(written, "title") == ["Title"]
    assert column(written, CONTENT) == [""]


def test_a_channel_without_a_description_is_described_by_its_title() -> None:
    assert channel(SMALL.but(description="")).findtext("description") == "港と潮"


def test_the_channel_states_language_and_time_to_live() -> None:
    assert channel(SMALL).findtext("language") == "ja"
    assert channel(SMALL).findtext("ttl") == str(TTL.seconds // 60)


def test_the_generator_is_named_without_a_version() -> None:
    assert channel(SMALL).findtext("generator") == "syndicate"
