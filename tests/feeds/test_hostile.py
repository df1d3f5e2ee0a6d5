"""No text that an article can hold breaks a feed, and what XML can hold of it arrives."""

import json
from html import unescape
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from syndicate.feeds import FORMATS, FeedFormat
from syndicate.feeds.content import entry_content
from syndicate.feeds.validator import validate
from syndicate.markup import xml_text
from syndicate.model import Article, Citation, Metadata, Part, Section, Series
from tests.feeds.samples import ABOUT, Sample, entry, feed

NASTY = (
    "]]>",
    "<script>alert(1)</script>",
    "&amp;&lt;&#0;&nbsp;",
    "<![CDATA[x]]>",
    "<!-- -->",
    "<?xml version='1.0'?>",
    "\"'",
    "\x00\x08\x0b\x1f\x7f\x85\ufffe\uffff",
    "\ud800",
    "👩‍💻🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "\u202eשלום\u202c",
    "が\u2028\u2029",
    "%s{0}{number}",
)
TEXT = st.lists(
    st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=()))), max_size=4
).map("".join)
NAMESPACE = "{http://www.w3.org/2005/Atom}"
ATOM, RSS, JSON = FORMATS


def hostile(text: str) -> Sample:
    """Make a feed of one entry with `text` wherever a page's own words can stand."""
    parts = (Part(1, text, 1, "s-1", "tag:x,2025:1"), Part(2, text, 3, "s-3"), Part(3, text))
    source = Citation(text, f"https://example.com/{text}")
    section = Section(text, text, text, (text,), None, (text,), (source,), (text,))
    author = Metadata(authors=(text,))
    article = Article(text, text, (text,), (text,), (section,), metadata=author)
    series = Series("s", text, parts)
    return feed([entry(3, article, series=series, part=2)])


@given(TEXT)
def test_atom_stays_well_formed_and_keeps_the_text(text: str) -> None:
    written = hostile(text)
    item = etree.fromstring(written.write(ATOM)).find(f"{NAMESPACE}entry")
    assert item is not None
    kept = xml_text(text).strip()
    assert item.findtext(f"{NAMESPACE}title") == (kept or "slug-3")
    assert item.findtext(f"{NAMESPACE}summary", "") == kept
    assert item.findtext(f"{NAMESPACE}content") == entry_content(ABOUT, written.entries[0])


@given(TEXT)
def test_rss_stays_well_formed_and_keeps_the_text(text: str) -> None:
    written = hostile(text)
    item = etree.fromstring(written.write(RSS)).find("channel/item")
    assert item is not None
    kept = xml_text(text).strip()
    assert item.findtext("title") == (kept or "slug-3")
    assert unescape(item.findtext("description", "")) == (
        f"{kept}\n💡 {kept}" if kept else "slug-3"
    )


@given(TEXT)
def test_json_feed_is_utf_8_and_keeps_the_text(text: str) -> None:
    item = json.loads(hostile(text).write(JSON))["items"][0]
    kept = xml_text(text).strip()
    assert item["title"] == (kept or "slug-3")
    assert item.get("_highlights", []) == ([kept] if kept else [])


@pytest.mark.parametrize("text", NASTY)
def test_known_nasty_texts_give_every_format(text: str) -> None:
    for form in FORMATS:
        assert hostile(text).write(form) == hostile(text).write(form)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_strict_validator_finds_nothing_in_ten_thousand_hostile_articles(
    form: FeedFormat,
) -> None:
    """None is lost either; the seed is fixed, so that a failure can be repeated."""
    dice = Random(5)
    seen = set[str]()
    for start in range(0, 10_000, 500):
        numbers = range(start + 10, start + 510)
        made = feed(
            [replace(hostile(_scribble(dice)).entries[0], uid=f"tag:x,2025:{n}") for n in numbers]
        )
        data = made.write(form)
        assert validate(data) == ()
        seen |= {f"tag:x,2025:{n}" for n in numbers if f"tag:x,2025:{n}".encode() in data}
    assert len(seen) == 10_000


def _scribble(dice: Random) -> str:
    """Some nasty pieces, and code points from anywhere in Unicode, surrogates too."""
    anywhere = [chr(dice.randrange(0x110000)) for _ in range(dice.randrange(6))]
    return "".join(dice.sample(NASTY, dice.randrange(4)) + anywhere)
