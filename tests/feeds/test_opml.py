"""The list of all feeds, as feedparser's sibling for OPML would read it: with lxml."""

from lxml import etree

from syndicate.feeds import outline
from tests.feeds.samples import EMPTY, SMALL


def test_every_feed_is_listed_once_with_its_address_page_and_language() -> None:
    series = SMALL.but(
        title="潮 & <月>", page_path="series/潮/", stem="series/潮/feed", language="en"
    )
    root = etree.fromstring(outline("港と潮", [SMALL.head, series.head]))
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "港と潮")
    assert [dict(one.attrib) for one in root.findall("body/outline")] == [
        {
            "type": "rss",
            "text": "港と潮",
            "title": "港と潮",
            "xmlUrl": "https://example.com/feed.atom",
            "htmlUrl": "https://example.com/",
            "language": "ja",
        },
        {
            "type": "rss",
            "text": "潮 & <月>",
            "title": "潮 & <月>",
            "xmlUrl": "https://example.com/series/%E6%BD%AE/feed.atom",
            "htmlUrl": "https://example.com/series/%E6%BD%AE/",
            "language": "en",
        },
    ]


def test_without_a_site_no_page_is_named() -> None:
    assert b"htmlUrl" not in outline("t", [EMPTY.but(page_path=None).head])
