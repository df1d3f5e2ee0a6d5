"""Atom, and each trap that writers of it fell into."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from syndicate.feeds import FORMATS
from syndicate.feeds.links import NEAR
from syndicate.model import Article, Part, Series
from tests.feeds.samples import ALONE, EMPTY, FIRST, SERIES, SMALL, TAG, WHOLE, Sample, entry, feed

ATOM = "{http://www.w3.org/2005/Atom}"
REPLY = "{http://purl.org/syndication/thread/1.0}in-reply-to"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def write(sample: Sample) -> bytes:
    return sample.write(FORMATS[0])


def parsed(written: Sample) -> etree._Element:
    return etree.fromstring(write(written))


def entries(written: Sample) -> list[etree._Element]:
    return parsed(written).findall(f"{ATOM}entry")


def links(element: etree._Element, rel: str) -> list[dict[str, str]]:
    found = [dict(link.attrib) for link in element.findall(f"{ATOM}link")]
    return [{str(k): str(v) for k, v in link.items()} for link in found if link.get("rel") == rel]


def texts(element: etree._Element, name: str) -> list[str | None]:
    return [found.text for found in element.findall(f"{ATOM}{name}")]


def test_entry_links_keep_their_attributes() -> None:
    """lkiesow/python-feedgen#135: a writer that drops all but href."""
    second = entries(SMALL)[1]
    assert links(second, "via") == [
        {
            "rel": "via",
            "href": "https://news.example/%E8%A8%98%E4%BA%8B?%E7%95%AA%E5%8F%B7=1&%E9%A0%81=2",
            "title": "港湾日報",
        },
        {"rel": "via", "href": "https://port.example/", "title": "port.example"},
    ]


def test_every_link_says_its_relation() -> None:
    every = parsed(SMALL).iter(f"{ATOM}link")
    assert all(link.get("rel") for link in every)


def test_feed_and_entries_have_exactly_one_alternate() -> None:
    root = parsed(SMALL)
    for element in (root, *root.findall(f"{ATOM}entry")):
        assert len(links(element, "alternate")) == 1


def test_the_feed_names_itself_and_its_page() -> None:
    root = parsed(SMALL.but(page_path="series/港/", stem="series/港/feed"))
    assert links(root, "self") == [
        {
            "rel": "self",
            "type": "application/atom+xml",
            "href": "https://example.com/series/%E6%B8%AF/feed.atom",
        }
    ]
    assert links(root, "alternate")[0]["href"] == "https://example.com/series/%E6%B8%AF/"


def test_entries_stand_in_the_order_given() -> None:
    assert [texts(each, "id") for each in entries(SMALL)] == [[f"{TAG}a/{n}"] for n in (3, 2, 1)]


def test_the_feed_was_updated_with_its_newest_edit() -> None:
    assert texts(parsed(SMALL), "updated") == ["2025-06-01T00:00:00+00:00"]


def test_an_empty_feed_was_updated_on_the_day_of_its_identity() -> None:
    assert texts(parsed(EMPTY), "updated") == ["2025-04-01T00:00:00+00:00"]


def test_an_empty_feed_with_another_identity_was_never_updated() -> None:
    assert texts(parsed(EMPTY.but(uid="urn:x:y")), "updated") == ["1970-01-01T00:00:00+00:00"]


def test_dates_of_entries_are_their_own_in_whole_seconds() -> None:
    first = entries(SMALL)[2]
    assert texts(first, "published") == ["2025-05-16T09:30:01+00:00"]
    assert texts(first, "updated") == ["2025-06-01T00:00:00+00:00"]


def test_a_date_without_a_zone_is_refused() -> None:
    naive = datetime(2025, 5, 16, 9, 30, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="timezone"):
        write(feed([entry(3, ALONE, published=naive)]))


def test_parts_answer_the_part_before() -> None:
    second = entries(SMALL)[1].find(REPLY)
    assert second is not None
    assert second.get("ref") == f"{TAG}a/1"
    assert second.get("href") == links(entries(SMALL)[2], "alternate")[0]["href"]
    assert entries(SMALL)[2].find(REPLY) is None


def test_parts_are_related_to_the_other_published_parts() -> None:
    assert [link["title"] for link in links(entries(SMALL)[1], "related")] == [FIRST.title]
    assert [link["title"] for link in links(entries(SMALL)[2], "related")] == ["夜の荷役 & 朝の船"]


def test_in_a_long_series_only_near_parts_are_related() -> None:
    parts = tuple(Part(n, f"Part {n}", n, f"s-{n}", f"{TAG}a/{n}") for n in range(1, 51))
    middle = entry(25, ALONE, series=Series("long", "Long", parts), part=25)
    titles = [link["title"] for link in links(entries(feed([middle]))[0], "related")]
    expected = [f"Part {n}" for n in range(25 - NEAR, 26 + NEAR) if n != 25]
    assert titles == expected


def test_languages_are_those_of_feed_and_article() -> None:
    root = parsed(SMALL)
    assert root.get(LANGUAGE) == "ja"
    assert [each.get(LANGUAGE) for each in entries(SMALL)] == ["en", "ja", "ja"]


def test_an_author_is_always_named() -> None:
    names = [each.findtext(f"{ATOM}author/{ATOM}name") for each in entries(SMALL)]
    assert names == ["M. Moon", "編集部", "編集部"]
    assert parsed(SMALL.but(author="")).findtext(f"{ATOM}author/{ATOM}name") == "港と潮"


def test_content_is_html_and_summary_is_text() -> None:
    second = entries(SMALL)[1]
    content, summary = second.find(f"{ATOM}content"), second.find(f"{ATOM}summary")
    assert content is not None
    assert summary is not None
    assert content.get("type") == "html"
    assert (summary.get("type", "text"), summary.text) == ("text", "重さ < 速さ。荷役の現場から。")


def test_an_article_without_a_summary_has_no_summary_element() -> None:
    assert texts(entries(SMALL)[0], "summary") == []


def test_titles_are_plain_text() -> None:
    assert texts(entries(SMALL)[0], "title") == ["Why <b>tides</b> matter"]


def test_a_title_of_nothing_visible_is_replaced_by_the_slug() -> None:
    assert texts(entries(feed([entry(4, Article("\x00\ud800"))]))[0], "title") == ["slug-4"]


def test_the_generator_is_named_without_a_version() -> None:
    generator = parsed(SMALL).find(f"{ATOM}generator")
    assert generator is not None
    assert (generator.text, dict(generator.attrib)) == ("syndicate", {})


def test_no_stylesheet_is_asked_for() -> None:
    assert b"<?xml-stylesheet" not in write(SMALL)


def test_a_part_of_a_series_that_only_has_announced_parts_answers_nobody() -> None:
    announced = Series("s", "S", (Part(1, "First"), SERIES.parts[1]))
    only = entries(feed([entry(2, FIRST, series=announced, part=2)]))[0]
    assert only.find(REPLY) is None
    assert links(only, "related") == []


def test_what_was_removed_stands_before_the_first_entry_and_only_then_is_its_namespace() -> None:
    namespace = b"http://purl.org/atompub/tombstones/1.0"
    data = write(WHOLE)
    assert namespace in data
    assert namespace not in write(SMALL)
    assert data.index(b"<at:deleted-entry") < data.index(b"<entry")
    (removed,) = etree.fromstring(data).findall(f"{{{namespace.decode()}}}deleted-entry")
    assert dict(removed.attrib) == {"ref": f"{TAG}a/9", "when": "2025-06-01T00:00:00+00:00"}
