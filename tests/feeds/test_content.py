from msgspec.structs import replace

from syndicate.feeds.content import entry_content
from syndicate.markup import overview
from syndicate.model import Article, Metadata
from tests.feeds.samples import ABOUT, ALONE, FIRST, SECOND, SERIES, SMALL, entry

ORIGINAL = "https://news.example/tides"


def test_content_begins_with_summary_and_highlights() -> None:
    content = entry_content(ABOUT, SMALL.entries[2])
    assert content.startswith(overview(FIRST))


def test_content_is_the_full_article() -> None:
    content = entry_content(ABOUT, SMALL.entries[2])
    for text in (*FIRST.lead, *FIRST.sections[0].key_points, *FIRST.sections[0].body):
        assert text in content


def test_content_ends_with_the_place_in_the_series() -> None:
    assert entry_content(ABOUT, entry(2, SECOND, series=SERIES, part=2)).endswith(
        '\n<p class="series">第2部／全3部 · 前の部: '
        '<a href="https://example.com/articles/'
        "%E6%B8%AF%E3%81%AF%E3%81%AA%E3%81%9C%E7%9C%A0%E3%82%89%E3%81%AA%E3%81%84%E3%81%AE%E3%81%8B/"
        '">港はなぜ眠らないのか</a> · 次の部: 潮が引くとき</p>'
    )


def test_the_first_part_links_to_the_next() -> None:
    content = entry_content(ABOUT, entry(1, FIRST, series=SERIES, part=1))
    assert "前の部" not in content
    assert '/">夜の荷役 &amp; 朝の船</a></p>' in content


def test_an_article_outside_a_series_has_no_place() -> None:
    assert "series" not in entry_content(ABOUT, entry(3, ALONE))


def test_a_series_of_one_part_is_not_counted() -> None:
    single = replace(SERIES, parts=SERIES.parts[:1])
    assert "series" not in entry_content(ABOUT, entry(1, FIRST, series=single, part=1))


def test_the_wording_is_in_the_language_of_the_article() -> None:
    article = replace(FIRST, language="en-GB")
    content = entry_content(ABOUT, entry(1, article, series=SERIES, part=1))
    assert "Part 1 of 3 · Next part: <a " in content
    assert "Source: <a " in content


def test_a_language_without_a_catalogue_reads_in_english() -> None:
    article = replace(FIRST, language="tlh")
    assert "Part 1 of 3" in entry_content(ABOUT, entry(1, article, series=SERIES, part=1))


def test_links_within_an_article_lead_to_its_page_or_to_the_original_under_its_own_names() -> None:
    article = Article(
        "T", html='<p><a href="#at-n">x</a></p>', metadata=Metadata(canonical=ORIGINAL)
    )
    apart = replace(ABOUT, links="source")
    assert 'href="https://example.com/articles/slug-7/#at-n"' in entry_content(
        ABOUT, entry(7, article)
    )
    assert f'href="{ORIGINAL}#n"' in entry_content(apart, entry(7, article))
    nowhere = replace(article, metadata=Metadata())
    assert "<a>x</a>" in entry_content(replace(apart, site="off"), entry(7, nowhere))


def test_addresses_are_absolute_and_percent_encoded() -> None:
    content = entry_content(ABOUT, SMALL.entries[2])
    assert (
        'href="https://news.example/%E8%A8%98%E4%BA%8B?%E7%95%AA%E5%8F%B7=1&amp;%E9%A0%81=2"'
        in content
    )
