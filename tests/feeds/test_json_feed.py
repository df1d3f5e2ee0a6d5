import json
from typing import Any

from syndicate.feeds import FORMATS
from syndicate.feeds.content import entry_content
from syndicate.model import Article
from tests.feeds.samples import ABOUT, ALONE, EMPTY, SMALL, TAG, Sample, entry, feed

FIRST_PAGE = (
    "https://example.com/articles/"
    "%E6%B8%AF%E3%81%AF%E3%81%AA%E3%81%9C%E7%9C%A0%E3%82%89%E3%81%AA%E3%81%84%E3%81%AE%E3%81%8B/"
)


def write(sample: Sample) -> bytes:
    return sample.write(FORMATS[2])


def parsed(written: Sample) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(write(written))
    return document


def test_the_head_states_version_addresses_and_author() -> None:
    assert {name: value for name, value in parsed(SMALL).items() if name != "items"} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "港と潮",
        "home_page_url": "https://example.com/",
        "feed_url": "https://example.com/feed.json",
        "description": "海辺の連載。",
        "authors": [{"name": "編集部"}],
        "language": "ja",
    }


def test_an_item_holds_what_readers_need() -> None:
    item = parsed(SMALL)["items"][2]
    assert item == {
        "id": f"{TAG}a/1",
        "url": FIRST_PAGE,
        "title": "港はなぜ眠らないのか",
        "content_html": entry_content(ABOUT, SMALL.entries[2]),
        "date_published": "2025-05-16T09:30:01+00:00",
        "date_modified": "2025-06-01T00:00:00+00:00",
        "language": "ja",
        "authors": [{"name": "編集部"}],
        "summary": "夜の港をめぐる連載の第一回。",
        "_highlights": ["港は夜も動く。", "船は待たない。"],
        "_sources": [
            {
                "name": "港湾日報",
                "url": "https://news.example/%E8%A8%98%E4%BA%8B?%E7%95%AA%E5%8F%B7=1&%E9%A0%81=2",
            }
        ],
        "_series": {
            "title": "港の話",
            "part": 1,
            "total": 3,
            "next": {
                "title": "夜の荷役 & 朝の船",
                "url": "https://example.com/articles/%E5%A4%9C%E3%81%AE%E8%8D%B7%E5%BD%B9/",
            },
        },
    }


def test_an_announced_part_has_a_title_alone() -> None:
    series = parsed(SMALL)["items"][1]["_series"]
    assert series["previous"]["url"] == FIRST_PAGE
    assert series["next"] == {"title": "潮が引くとき"}


def test_what_an_article_lacks_is_left_out() -> None:
    item = parsed(feed([entry(3, ALONE)]))["items"][0]
    assert not {"summary", "_highlights", "_sources", "_series"} & item.keys()


def test_an_item_always_has_content() -> None:
    assert parsed(feed([entry(3, Article("Title"))]))["items"][0]["content_html"] == ""


def test_an_empty_feed_has_an_empty_list_of_items() -> None:
    assert parsed(EMPTY)["items"] == []


def test_japanese_is_written_as_it_is() -> None:
    assert "港と潮".encode() in write(SMALL)
