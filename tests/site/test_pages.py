from urllib.parse import quote, unquote

import pytest
from msgspec.structs import replace

from syndicate import site
from syndicate.model import Article, DigestGroup, DigestItem, Metadata, Part, Series
from syndicate.site import Front
from syndicate.site.assets import marks
from tests.site.reading import Reading, read
from tests.site.samples import (
    DIGEST,
    ENGLISH,
    ENTRIES,
    ENVIRONMENT,
    FIRST,
    PUBLICATION,
    SECOND,
    SERIES,
    pages,
)

_FILES = (
    *("index", "article-first", "article-second", "article-english", "series", "edition"),
    *("archive", "tag", "tags", "editions", "search"),
)
_SEARCH = f"../assets/search.js?v={marks(ENVIRONMENT, PUBLICATION.theme)['search.js']}"
_SECOND_TITLE = SECOND.article.title
_ANYWHERE = ("404", "unsubscribe", "unsubscribed", "problem")


def _page(name: str) -> Reading:
    return read(pages()[f"{name}.html"])


@pytest.mark.parametrize("name", [*_FILES, *_ANYWHERE])
def test_page_is_well_formed_and_has_its_landmarks(name: str) -> None:
    page = _page(name)
    assert page.one("html").attributes["lang"]
    assert page.one("title").text.strip()
    assert page.one("main").attributes["id"] == "content"
    assert page.one("a", "skip").attributes["href"] == "#content"
    assert len(page.all("header", "masthead")) == len(page.all("footer")) == 1
    assert page.one("h1").text.strip()


@pytest.mark.parametrize("name", [*_FILES, *_ANYWHERE])
def test_page_loads_nothing_from_elsewhere_and_runs_nothing(name: str) -> None:
    page = _page(name)
    assert not [e for e in page.elements if e.tag in {"style", "img", "iframe"}]
    scripts = [e for e in page.all("script") if e.attributes.get("type") != "application/ld+json"]
    assert [e.attributes["src"] for e in scripts] == ([_SEARCH] if name == "search" else [])
    assert not [e for e in scripts if e.text]
    assert not [e for e in page.elements if "style" in e.attributes]
    assert not [href for href in page.links("stylesheet") if href and "//" in href]


@pytest.mark.parametrize("name", _FILES)
def test_links_of_published_pages_are_relative_and_name_a_file(name: str) -> None:
    page = _page(name)
    links = [e.attributes["href"] or "" for e in page.elements if "href" in e.attributes]
    ours = [link.partition("?v=")[0] for link in links if not link.startswith(("https://", "#"))]
    assert ours
    for link in ours:
        assert not link.startswith("/")
        assert link.partition("#")[0].rsplit(".", 1)[-1] in {
            "html",
            "css",
            "svg",
            "atom",
            "rss",
            "json",
            "webmanifest",
            "opml",
        }


@pytest.mark.parametrize("name", _ANYWHERE)
def test_links_of_pages_answered_anywhere_start_at_the_base_path(name: str) -> None:
    for address in _page(name).addresses():
        assert address.startswith(("/chizu/", "#content"))


@pytest.mark.parametrize("name", [*_FILES, *_ANYWHERE])
def test_addresses_are_percent_encoded(name: str) -> None:
    for address in _page(name).addresses():
        assert address.isascii()
        assert quote(unquote(address), safe="/:#?=&") == address


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("index", ""),
        ("article-english", "articles/why-the-last-ferry/"),
        ("series", f"series/{quote(SERIES.slug)}/"),
        ("edition", "editions/weekly/12/"),
        ("archive", "archive/"),
        ("tag", f"tags/{quote('水路')}/"),
    ],
)
def test_canonical_address_is_absolute_and_without_a_file_name(name: str, canonical: str) -> None:
    assert _page(name).links("canonical") == [f"https://example.com/chizu/{canonical}"]


@pytest.mark.parametrize("name", _ANYWHERE)
def test_pages_answered_anywhere_have_no_canonical_address_and_are_not_indexed(name: str) -> None:
    page = _page(name)
    assert page.links("canonical") == []
    robots = [e for e in page.all("meta") if e.attributes.get("name") == "robots"]
    assert [e.attributes["content"] for e in robots] == ["noindex"]


def test_canonical_address_is_the_source_when_links_go_there() -> None:
    publication = replace(PUBLICATION, links="source")
    metadata = Metadata(canonical="https://source.example/水路")
    entry = replace(FIRST, article=replace(FIRST.article, metadata=metadata))
    page = read(site.article_page(publication, entry, ENVIRONMENT))
    assert page.links("canonical") == ["https://source.example/%E6%B0%B4%E8%B7%AF"]


def test_canonical_address_is_ours_when_the_source_has_no_web_address() -> None:
    publication = replace(PUBLICATION, links="source")
    entry = replace(FIRST, article=replace(FIRST.article, metadata=Metadata(canonical="data:,x")))
    page = read(site.article_page(publication, entry, ENVIRONMENT))
    assert page.links("canonical")[0] == f"https://example.com/chizu/articles/{quote(FIRST.slug)}/"


_WHOLE = ["feed.atom", "feed.rss", "feed.json"]
_SERIES = [f"series/{quote(SERIES.slug)}/{name}" for name in _WHOLE]


@pytest.mark.parametrize(
    ("name", "feeds"),
    [
        ("index", _WHOLE),
        ("article-first", [f"../../{path}" for path in _WHOLE + _SERIES]),
        ("article-english", [f"../../{path}" for path in _WHOLE]),
        ("series", [f"../../{path}" for path in _SERIES]),
        ("edition", [f"../../../{path}" for path in _WHOLE]),
        ("archive", [f"../{path}" for path in _WHOLE]),
        (
            "tag",
            [f"../../tags/{quote('水路')}/{path}" for path in _WHOLE]
            + [f"../../{path}" for path in _WHOLE],
        ),
        ("404", [f"/chizu/{path}" for path in _WHOLE]),
    ],
)
def test_page_announces_its_feeds(name: str, feeds: list[str]) -> None:
    page = _page(name)
    assert page.links("alternate") == feeds
    announced = [e for e in page.all("link") if e.attributes["rel"] == "alternate"]
    assert [e.attributes["type"] for e in announced[:3]] == [
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
    ]
    assert len({e.attributes["title"] for e in announced}) == len(announced)


def test_index_lists_entries_in_the_order_given_with_summaries_the_first_with_highlights() -> None:
    page = _page("index")
    assert [e.text for e in page.all("h3")] == [entry.article.title for entry in ENTRIES]
    assert [e.text for e in page.all("p", "summary")] == [e.article.summary for e in ENTRIES]
    highlights = list(ENTRIES[0].article.highlights)
    assert [e.text.removeprefix("💡 ") for e in page.all("li") if "💡" in e.text] == highlights


def test_empty_index_says_so() -> None:
    page = read(site.index_page(PUBLICATION, Front(()), ENVIRONMENT))
    assert "記事はまだありません。" in page.one("main").text
    assert [e.text for e in page.all("h2")] == ["新着記事", "フィード"]


def test_series_page_lists_full_titles_in_part_order_as_unbroken_text() -> None:
    markup = pages()["series.html"]
    places = [markup.index(f">{part.title}</") for part in SERIES.parts]
    assert places == sorted(places)


def test_announced_part_is_named_and_not_linked() -> None:
    page = _page("series")
    coming = page.one("li", "coming")
    assert SERIES.parts[2].title in coming.text
    assert "近日公開" in coming.text
    linked = {unquote(e.attributes["href"] or "") for e in page.all("a")}
    assert {f"../../articles/{p.slug}/index.html" for p in SERIES.parts[:2]} <= linked
    assert SERIES.parts[2].title not in {e.text for e in page.all("a")}


def test_series_page_lists_parts_whose_entries_it_was_not_given() -> None:
    page = read(site.series_page(PUBLICATION, SERIES, (), ENVIRONMENT))
    titles = [e.text for e in page.all("h2")]
    assert titles == [*(part.title for part in SERIES.parts), "この連載を購読する"]


def test_middle_part_names_its_place_and_its_neighbours() -> None:
    page = _page("article-second")
    assert page.one("p", "eyebrow").text == "第2部／全3部"
    assert SERIES.parts[0].title in page.one("div", "previous").text
    assert "次回予告" in page.one("div", "coming").text
    assert SERIES.parts[2].title in page.one("div", "coming").text
    (previous,) = [e for e in page.all("a") if e.attributes.get("rel") == "prev"]
    assert unquote(previous.attributes["href"] or "") == f"../../articles/{FIRST.slug}/index.html"
    assert not [e for e in page.all("a") if e.attributes.get("rel") == "next"]


def test_first_part_links_to_the_next_alone() -> None:
    page = _page("article-first")
    assert page.all("div", "previous") == []
    (following,) = [e for e in page.all("a") if e.attributes.get("rel") == "next"]
    assert following.text == SERIES.parts[1].title


def test_withdrawn_part_before_is_named_and_not_linked() -> None:
    gap = replace(SERIES, parts=(Part(1, "消えた回"), *SERIES.parts[1:]))
    page = read(site.article_page(PUBLICATION, replace(SECOND, series=gap), ENVIRONMENT))
    assert "消えた回" in page.one("div", "previous").text
    assert not [e for e in page.all("a") if e.attributes.get("rel") == "prev"]


def test_article_outside_a_series_has_no_part_navigation() -> None:
    assert _page("article-english").all("nav", "course") == []


def test_an_article_lists_all_parts_of_its_series_and_marks_itself() -> None:
    page = _page("article-second")
    whole = page.one("details", "all")
    places = [whole.text.index(part.title) for part in SERIES.parts]
    assert places == sorted(places)
    assert [e.text for e in page.all("b") if "aria-current" in e.attributes] == [_SECOND_TITLE]
    assert "近日公開" in whole.text


def test_dates_are_seen_from_the_publications_zone() -> None:
    times = [
        e for e in _page("article-second").all("time") if "T" in (e.attributes["datetime"] or "")
    ]
    assert [(e.attributes["datetime"], e.text) for e in times] == [
        ("2026-03-05T22:00:00+00:00", "2026年3月6日"),
        ("2026-03-08T03:00:00+00:00", "2026年3月8日"),
    ]


def test_an_article_that_changed_after_its_publication_says_so() -> None:
    assert (
        _page("article-second").one("p", "correction").text.startswith("公開後に内容を改めました")
    )
    assert _page("article-first").all("p", "correction") == []


def test_author_of_the_page_comes_before_the_publications() -> None:
    article = replace(ENGLISH.article, metadata=Metadata(authors=("Ada Rowe", "Ben Moss")))
    page = read(site.article_page(PUBLICATION, replace(ENGLISH, article=article), ENVIRONMENT))
    assert "Ada Rowe, Ben Moss" in page.one("p", "byline").text
    assert PUBLICATION.author not in page.one("p", "byline").text


def test_pages_lead_to_the_newsletter_where_there_is_one_and_else_to_the_feeds() -> None:
    def follow(letters: bool) -> str | None:
        publication = replace(PUBLICATION, letters=letters)
        page = read(site.article_page(publication, FIRST, ENVIRONMENT))
        return page.one("a", "follow").attributes["href"]

    assert follow(letters=True) == "https://example.com/chizu/subscribe"
    assert follow(letters=False) == "../../index.html#feeds"


def test_article_page_speaks_the_articles_language() -> None:
    page = _page("article-english")
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("a", "follow").text == "Subscribe"
    assert page.one("p", "brand").attributes["lang"] == "ja"


def test_words_in_another_language_than_the_pages_are_marked() -> None:
    marked = {e.text: e.attributes.get("lang") for e in _page("index").all("h3")}
    assert marked == {
        FIRST.article.title: None,
        ENGLISH.article.title: "en",
        SECOND.article.title: None,
    }


def test_language_without_a_catalogue_is_marked_inside_an_english_page() -> None:
    article = Article(title="Unser Kanal", summary="Ein Satz.", language="de")
    page = read(site.article_page(PUBLICATION, replace(ENGLISH, article=article), ENVIRONMENT))
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("h1").attributes["lang"] == "de"
    assert page.one("div", "body").attributes["lang"] == "de"


def test_regional_language_tag_is_kept() -> None:
    article = replace(ENGLISH.article, language="en-GB")
    page = read(site.article_page(PUBLICATION, replace(ENGLISH, article=article), ENVIRONMENT))
    assert page.one("html").attributes["lang"] == "en-GB"
    assert "lang" not in page.one("h1").attributes


def test_edition_shows_its_groups_in_order() -> None:
    page = _page("edition")
    shown = [e.text for e in page.elements if e.tag in {"h2", "h3"}]
    assert shown == [SERIES.title, FIRST.article.title, SECOND.article.title, ENGLISH.article.title]
    assert "第12号" in page.one("title").text


def test_edition_without_number_or_address_is_a_page_all_the_same() -> None:
    digest = replace(
        DIGEST, number=None, address=None, groups=(DigestGroup(None, (DigestItem(ENGLISH),)),)
    )
    page = read(site.edition_page(PUBLICATION, digest, ENVIRONMENT))
    assert page.links("canonical") == []
    assert page.one("title").text == "まちの地図帖 週報 | まちの地図帖"


def test_article_of_a_title_alone_has_a_page() -> None:
    bare = replace(ENGLISH, article=Article(title="題だけの記事"))
    assert read(site.article_page(PUBLICATION, bare, ENVIRONMENT)).one("h1").text == "題だけの記事"


def test_an_article_leads_to_its_versions_in_other_languages() -> None:
    versions = [
        site.Version("en", "articles/canal/"),
        site.Version("ja", f"articles/{FIRST.slug}/"),
    ]
    page = read(site.article_page(PUBLICATION, FIRST, ENVIRONMENT, versions))
    told = {
        e.attributes["hreflang"]: e.attributes["href"]
        for e in page.all("link")
        if "hreflang" in e.attributes
    }
    assert told == {
        "en": "https://example.com/chizu/articles/canal/",
        "ja": f"https://example.com/chizu/articles/{quote(FIRST.slug)}/",
    }
    (english,) = [e for e in page.all("a") if "hreflang" in e.attributes]
    assert (english.text, english.attributes["href"]) == (
        "English",
        "../../articles/canal/index.html",
    )


def test_same_input_gives_the_same_pages() -> None:
    assert pages() == pages()


def test_part_numbers_stand_apart_from_titles() -> None:
    long = Series("s", "S", tuple(Part(n, f"T{n}", n, f"t{n}", f"u{n}") for n in range(1, 13)))
    page = read(site.series_page(PUBLICATION, long, (), ENVIRONMENT))
    assert [e.text for e in page.all("span", "number")] == [str(n) for n in range(1, 13)]
    assert [e.text for e in page.all("h2")][:12] == [f"T{n}" for n in range(1, 13)]
