"""Lists, and what a page tells machines of itself."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from msgspec.structs import replace

from syndicate import site
from syndicate.model import Image, Metadata
from syndicate.site import Place
from tests.site.reading import Reading, read
from tests.site.samples import ARCHIVE, ENGLISH, ENVIRONMENT, FIRST, PUBLICATION, SERIES, pages


def page(name: str) -> Reading:
    return read(pages()[f"{name}.html"])


def told(reading: Reading) -> dict[str, dict[str, object]]:
    """What a page's JSON-LD says, by type."""
    found = [json.loads(one.text) for one in reading.all("script")]
    return {one["@type"]: one for one in found}


def test_a_list_has_a_heading_for_each_month_and_leads_to_earlier_pages() -> None:
    archive = page("archive")
    assert [e.text for e in archive.all("h2")] == ["2026年3月", "過去の一覧"]
    assert [e.text for e in archive.all("time")] == ["6日", "4日", "2日"]
    older = [e.attributes["href"] for e in archive.all("a") if "page-" in str(e.attributes)]
    assert older == ["../archive/page-2/index.html", "../archive/page-1/index.html"]


def test_an_earlier_page_says_how_far_it_reaches_and_leads_on() -> None:
    newer, older = ARCHIVE.leaves
    listing = replace(ARCHIVE, here=newer, newer="archive/", leaves=(older,))
    reading = read(site.list_page(PUBLICATION, listing, ENVIRONMENT))
    assert "2024年1月〜2025年2月" in reading.one("title").text
    assert [
        e.attributes["href"] for e in reading.all("a") if e.attributes.get("rel") == "prev"
    ] == ["../../archive/index.html"]
    assert reading.links("canonical") == ["https://example.com/chizu/archive/page-2/"]


def test_a_page_of_a_tag_shows_its_articles_with_their_summaries() -> None:
    tag = page("tag")
    assert tag.one("h1").text == "水路"
    assert len(tag.all("p", "summary")) == 2


def test_words_of_another_language_are_marked_on_lists() -> None:
    marked = {e.text: e.attributes.get("lang") for e in page("archive").all("a")}
    assert marked[ENGLISH.article.title] == "en"
    assert marked[FIRST.article.title] is None


def test_an_article_names_its_sources_dates_and_series_to_search_engines() -> None:
    said = told(page("article-first"))
    article = said["Article"]
    assert article["@id"] == FIRST.uid
    assert article["datePublished"] == "2026-03-01T22:00:00+00:00"
    assert article["inLanguage"] == "ja"
    assert article["position"] == 1
    assert [one["name"] for one in article["citation"]] == [  # type: ignore[attr-defined]
        "みどり市水路台帳",
        "みどり消防団だより",
        "水門の手引き",
    ]
    trail = said["BreadcrumbList"]["itemListElement"]
    assert [one["name"] for one in trail] == [  # type: ignore[attr-defined]
        PUBLICATION.title,
        SERIES.title,
        FIRST.article.title,
    ]


def test_an_article_tells_those_who_show_a_link_to_it_what_it_is() -> None:
    metadata = Metadata(tags=("水路", "C++"), authors=("Ada Rowe",))
    entry = replace(FIRST, article=replace(FIRST.article, metadata=metadata))
    reading = read(site.article_page(PUBLICATION, entry, ENVIRONMENT))
    said = [
        (e.attributes.get("property"), e.attributes["content"])
        for e in reading.all("meta")
        if "content" in e.attributes
    ]
    assert ("og:type", "article") in said
    assert ("og:title", FIRST.article.title) in said
    assert ("article:tag", "C++") in said
    ada = {"@type": "Person", "name": "Ada Rowe"}
    assert told(reading)["Article"]["author"] == ada
    both = replace(metadata, authors=("Ada Rowe", "Ben Moss"))
    entry = replace(FIRST, article=replace(FIRST.article, metadata=both))
    reading = read(site.article_page(PUBLICATION, entry, ENVIRONMENT))
    assert told(reading)["Article"]["author"] == [ada, {"@type": "Person", "name": "Ben Moss"}]
    tags = [e.attributes["href"] for e in reading.all("a") if e.attributes.get("rel") == "tag"]
    assert tags == ["../../tags/%E6%B0%B4%E8%B7%AF/index.html", "../../tags/c-cedb1bac/index.html"]


def test_the_picture_of_an_article_is_shown_with_a_link_to_it() -> None:
    image = Image("media/00112233445566ff.jpg", "A canal", 1200, 630, lead=True)
    entry = replace(FIRST, article=replace(FIRST.article, images=(image,)))
    reading = read(site.article_page(PUBLICATION, entry, ENVIRONMENT))
    said = {e.attributes.get("property"): e.attributes.get("content") for e in reading.all("meta")}
    assert said["og:image"] == "https://example.com/chizu/media/00112233445566ff.jpg"
    assert (said["og:image:alt"], said["og:image:width"]) == ("A canal", "1200")
    assert told(reading)["Article"]["image"] == said["og:image"]


def test_a_page_that_search_engines_are_not_to_keep_tells_them_nothing() -> None:
    assert page("404").all("script") == []


_SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_a_sitemap_gives_absolute_addresses_and_dates() -> None:
    changed = datetime(2026, 3, 1, 22, tzinfo=UTC)
    text = site.sitemap(PUBLICATION, [Place("articles/水路&c/", changed), Place("")])
    root = ET.fromstring(text)
    assert [one.text for one in root.iter(f"{_SITEMAPS}loc")] == [
        "https://example.com/chizu/articles/%E6%B0%B4%E8%B7%AF%26c/",
        "https://example.com/chizu/",
    ]
    assert [one.text for one in root.iter(f"{_SITEMAPS}lastmod")] == ["2026-03-01T22:00:00+00:00"]


def test_sitemaps_are_listed_by_another() -> None:
    root = ET.fromstring(site.sitemap_index(PUBLICATION, ["sitemap-1.xml", "sitemap-2.xml"]))
    assert [one.text for one in root.iter(f"{_SITEMAPS}loc")] == [
        "https://example.com/chizu/sitemap-1.xml",
        "https://example.com/chizu/sitemap-2.xml",
    ]


def test_robots_are_kept_from_readers_own_pages_and_told_where_the_others_are() -> None:
    text = site.robots(PUBLICATION)
    assert "Disallow: /chizu/u/\n" in text
    assert text.endswith("Sitemap: https://example.com/chizu/sitemap.xml\n")


def test_the_manifest_says_how_the_site_is_called() -> None:
    said = json.loads(site.manifest(PUBLICATION))
    assert (said["name"], said["start_url"], said["lang"]) == ("まちの地図帖", "/chizu/", "ja")
