"""Articles written down and read back: nothing is lost, and the same text has the same hash."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.articles import content_hash, from_record, to_record, transcribe
from syndicate.model import Article, Citation, Image, Metadata, Notice, Section
from syndicate.site.search import block_files, block_of
from tests.site.samples import ENGLISH

_ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=9)), timezone(-timedelta(hours=3))])
_ARTICLES = st.builds(
    Article,
    sections=st.lists(st.from_type(Section), max_size=2).map(tuple),
    images=st.lists(st.from_type(Image), max_size=2).map(tuple),
    warnings=st.lists(st.from_type(Notice), max_size=2).map(tuple),
    metadata=st.builds(
        Metadata,
        authors=st.lists(st.text(), max_size=3).map(tuple),
        published=st.none() | st.datetimes(timezones=_ZONES),
        updated=st.none() | st.datetimes(timezones=_ZONES),
    ),
)
ARTICLE = Article(
    "Title",
    sections=(Section("Heading", source_date=date(2026, 1, 5), sources=(Citation("N", "U"),)),),
    language="en",
    warnings=(Notice("no-summary", "Message."),),
)


@given(_ARTICLES)
def test_an_article_comes_back_from_its_record_as_it_was(article: Article) -> None:
    assert from_record(json.loads(json.dumps(to_record(article)))) == article


def test_a_record_has_the_keys_of_the_parse_command_in_their_order() -> None:
    record = to_record(replace(ARTICLE, images=(Image("cat.png"),)))
    shape = {
        key: value[0] if isinstance(value, list) and value else value
        for key, value in record.items()
    }
    assert list(record) == [
        "title", "summary", "highlights", "lead", "sections", "images", "next_title", "language",
        "warnings",
    ]  # fmt: skip
    assert shape["sections"] == {
        "heading": "Heading",
        "teaser_question": None,
        "teaser_answer": None,
        "intro": [],
        "source_date": "2026-01-05",
        "key_points": [],
        "sources": [{"name": "N", "url": "U"}],
        "body": [],
    }
    assert isinstance(shape["sections"], dict)
    assert list(shape["sections"]) == [
        "heading", "teaser_question", "teaser_answer", "intro", "source_date", "key_points", "sources",
        "body",
    ]  # fmt: skip
    assert shape["images"] == {
        "url": "cat.png", "alt": "", "width": None, "height": None, "caption": "", "lead": False,
    }  # fmt: skip
    assert shape["warnings"] == {"code": "no-summary", "message": "Message."}


def test_metadata_comes_last_and_only_where_there_is_any() -> None:
    about = Metadata(published=datetime(2026, 1, 5, tzinfo=UTC), tags=("sea",), draft=True)
    record = to_record(replace(ARTICLE, metadata=about))
    assert list(record)[-1] == "metadata"
    assert record["metadata"] == {
        "published": "2026-01-05T00:00:00+00:00",
        "tags": ["sea"],
        "draft": True,
    }
    assert "metadata" not in to_record(ARTICLE)


def test_the_path_that_the_command_adds_does_not_matter() -> None:
    assert from_record({"path": "page.txt", **to_record(ARTICLE)}) == ARTICLE


def test_the_hash_of_a_text_is_the_same_for_ever() -> None:
    assert (
        content_hash(ARTICLE) == "19c434f0b2be27239f71031b22d2560f03a3a5a14a73a626a1898067f30c3dd4"
    )


def test_warnings_do_not_change_the_hash() -> None:
    assert content_hash(replace(ARTICLE, warnings=())) == content_hash(ARTICLE)


@pytest.mark.parametrize(
    "other",
    [
        replace(ARTICLE, title="Titlé"),
        replace(ARTICLE, lead=("",)),
        replace(ARTICLE, language="ja"),
        replace(ARTICLE, next_title=""),
        replace(ARTICLE, sections=()),
        replace(ARTICLE, metadata=Metadata(part=1)),
    ],
)
def test_everything_else_does(other: Article) -> None:
    assert content_hash(other) != content_hash(ARTICLE)


@pytest.mark.parametrize(
    "other",
    [
        replace(ARTICLE, title="Titlé"),
        replace(ARTICLE, summary="Said in short."),
        replace(ARTICLE, highlights=("A point.",)),
        replace(ARTICLE, language="ja"),
    ],
)
def test_what_is_found_and_shown_without_the_text_changes_the_gist(other: Article) -> None:
    assert transcribe(other).gist != transcribe(ARTICLE).gist


@given(_ARTICLES)
def test_of_one_gist_the_search_index_shows_the_same(article: Article) -> None:
    bare = Article(article.title, article.summary, article.highlights, language=article.language)
    assert transcribe(article).gist == transcribe(bare).gist
    block = block_of(0, 1)
    one, other = (replace(ENGLISH, article=its) for its in (article, bare))
    assert block_files(block, [one]) == block_files(block, [other])


def test_one_author_is_a_text_and_several_are_a_list() -> None:
    """So it was before an article had several: its hash stays, and nothing looks changed."""
    for authors, written in ((("Ann",), "Ann"), (("Ann", "Ben"), ["Ann", "Ben"])):
        record = to_record(replace(ARTICLE, metadata=Metadata(authors=authors)))
        assert record["metadata"] == {"author": written}
