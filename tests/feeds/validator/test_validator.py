"""Each rule of the validator: a valid document, made wrong in one place, breaks that rule alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import syndicate.feeds.validator as room
from syndicate.feeds import FORMATS, FeedFormat
from syndicate.feeds.validator import LARGEST, Fault, validate
from tests.feeds.samples import CLOSED, EMPTY, SMALL, WHOLE

VALID = Path(__file__).parent / "valid"

# What is replaced, by what, and the rule that is broken then.
ATOM = [
    ("<title>Harbours</title>", "<title>Harbours", "well-formed"),
    ("<feed ", "<!DOCTYPE feed [<!ENTITY a 'b'>]>\n<feed ", "doctype"),
    ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "format"),
    ("  <id>tag:example.com,2026:feed</id>\n", "", "missing"),
    ("<title>Harbours</title>", "<title> </title>", "missing"),
    ("<title>Harbours</title>", "<title>A</title><title>B</title>", "repeated"),
    (
        "<generator>syndicate</generator>",
        "<generator>a</generator><generator>b</generator>",
        "repeated",
    ),
    ("<generator>syndicate</generator>", "<modified>2026</modified>", "unknown"),
    ("<id>tag:example.com,2026:feed</id>", "<id>feed</id>", "absolute-iri"),
    ("<icon>https://example.com/icon.svg</icon>", "<icon>/icon.svg</icon>", "absolute-iri"),
    (
        "  <updated>2026-03-02T10:00:00Z</updated>\n  <author>",
        "  <updated>2026-03-02</updated>\n  <author>",
        "date",
    ),
    ("<published>2026-03-02T10:00:00+09:00", "<published>2026-02-30T10:00:00+09:00", "date"),
    ("<published>2026-03-02T10:00:00+09:00", "<published>2026-03-02t10:00:00z", "date"),
    (
        "  <updated>2026-03-02T10:00:00Z</updated>\n  <author>",
        "  <updated>2025-03-02T10:00:00Z</updated>\n  <author>",
        "feed-updated",
    ),
    ('xml:lang="en">\n  <at', 'xml:lang="english_uk">\n  <at', "language"),
    ("<name>A. Reed</name>", "", "missing"),
    ("<uri>https://example.com/reed</uri>", "<uri>reed</uri>", "absolute-iri"),
    ("reed@example.com", "reed", "mail-address"),
    (
        "  <author><name>A. Reed</name><uri>https://example.com/reed</uri><email>reed@example.com</email></author>\n",
        "",
        "missing",
    ),
    ('rel="self"', 'rel="edit"', "self-link"),
    ('href="https://example.com/"/>', 'href="/"/>', "absolute-iri"),
    (' href="https://example.com/"/>', "/>", "missing"),
    (
        'rel="alternate" type="text/html" href="https://example.com/"',
        'rel="ho me" href="https://example.com/"',
        "choice",
    ),
    ('type="image/png" length="12"', 'type="image" length="12"', "media-type"),
    ('length="12"', 'length="about 12"', "number"),
    ('hreflang="en"', 'hreflang="en_GB"', "language"),
    (
        '<link rel="self"',
        '<link type="text/html" href="https://example.com/b"/><link rel="self"',
        "alternate",
    ),
    ('rel="current"', 'rel="prev-archive"', "history"),
    ('<link rel="current" href="https://example.com/feed.atom"/>', "<fh:archive/>", "history"),
    ("<generator>syndicate</generator>", "<fh:complete/>", "history"),
    ("https://example.com/archive/1.atom", "https://example.com/feed.atom", "history"),
    ('ref="tag:example.com,2026:a/9" ', "", "missing"),
    ('when="2026-03-01T00:00:00Z"', 'when="yesterday"', "date"),
    (
        '<thr:in-reply-to ref="tag:example.com,2026:a/1"/>',
        '<thr:in-reply-to ref="1"/>',
        "absolute-iri",
    ),
    ("<id>tag:example.com,2026:a/1</id>", "<id>tag:example.com,2026:a/2</id>", "duplicate-id"),
    ("    <title>Night shift</title>\n", "", "missing"),
    ('<category term="ports"/>', "<category>ports</category>", "missing"),
    ("<summary>Cranes at night.</summary>", "<description>Cranes</description>", "unknown"),
    ("<summary>Cranes at night.</summary>", '<summary type="markdown">Cranes</summary>', "choice"),
    ("<summary>Cranes at night.</summary>", "<summary>Cranes <b>x</b></summary>", "text-construct"),
    ('<div xmlns="http://www.w3.org/1999/xhtml">Day shift</div>', "Day shift", "text-construct"),
    ("    <summary>Ships by day.</summary>\n", "", "content"),
    (
        'src="https://example.com/articles/day/"/>',
        'src="https://example.com/articles/day/">x</content>',
        "content",
    ),
    ('src="https://example.com/articles/day/"', 'src="/articles/day/"', "absolute-iri"),
    (
        (
            '    <link href="https://example.com/articles/day/"/>\n    <summary>Ships by day.</summary>\n'
            '    <content type="text/html" src="https://example.com/articles/day/"/>\n'
        ),
        "",
        "content",
    ),
    ('<content type="html">', '<content type="markup">', "media-type"),
    ("&lt;p&gt;Cranes", "&lt;script&gt;1&lt;/script&gt;&lt;p&gt;Cranes", "active-content"),
    ("&lt;p&gt;Cranes", '&lt;p onclick="a()"&gt;Cranes', "active-content"),
    ("https://news.example/1", "java&#9;script:a()", "active-content"),
    ("https://news.example/1", "/1", "relative-address"),
    (
        'media:content url="https://example.com/media/a.png"',
        'media:content url="/media/a.png"',
        "absolute-iri",
    ),
    ('type="image/png" medium', 'type="png" medium', "media-type"),
    ('medium="image"', 'medium="picture"', "choice"),
    ('width="3"', 'width="3px"', "number"),
]
RSS = [
    ("<channel>", "<channel><", "well-formed"),
    ('version="2.0" xmlns:atom', 'version="0.92" xmlns:atom', "choice"),
    ("channel>", "kanal>", "missing"),
    ("    <description>About ports</description>\n", "", "missing"),
    ("<ttl>30</ttl>", "<ttl>30</ttl><ttl>60</ttl>", "repeated"),
    ("<ttl>30</ttl>", "<tll>30</tll>", "unknown"),
    (
        "<link>https://example.com/</link>\n    <desc",
        "<link>example.com</link>\n    <desc",
        "absolute-iri",
    ),
    ("https://www.rssboard.org/rss-specification", "rss-specification", "absolute-iri"),
    ("Mon, 02 Mar 2026 10:00:00 GMT", "2026-03-02T10:00:00Z", "date"),
    ("Mon, 02 Mar 2026 10:00:00 GMT", "Tue, 02 Mar 2026 10:00:00 GMT", "date"),
    ("Mon, 02 Mar 2026 10:00:00 GMT", "Mon, 02 Mar 26 10:00:00 GMT", "date"),
    ("Mon, 02 Mar 2026 10:00:00 GMT", "Mon, 32 Mar 2026 10:00:00 GMT", "date"),
    ("reed@example.com (A. Reed)", "A. Reed", "mail-address"),
    ("<language>en-GB</language>", "<language>en_GB</language>", "language"),
    ("<ttl>30</ttl>", "<ttl>half an hour</ttl>", "number"),
    ("<hour>23</hour>", "<hour>24</hour>", "choice"),
    ("<hour>23</hour>", "<hour>0</hour>", "choice"),
    ("<day>Sunday</day>", "<day>So</day>", "choice"),
    ("<image><url>https://example.com/i.png</url>", "<image>", "missing"),
    ("https://example.com/i.png", "/i.png", "absolute-iri"),
    ("<width>144</width>", "<width>200</width>", "number"),
    ("<sy:updatePeriod>hourly", "<sy:updatePeriod>often", "choice"),
    ("sy:updatePeriod", "sy:UpdatePeriod", "unknown"),
    ("<sy:updateFrequency>2", "<sy:updateFrequency>0", "number"),
    ('rel="self" type', 'rel="edit" type', "self-link"),
    ('rel="prev-archive"', 'rel="self"', "repeated"),
    ("https://example.com/archive/1.rss", "https://example.com/feed.rss", "history"),
    ('href="https://example.com/archive/1.rss"', 'href="archive/1.rss"', "absolute-iri"),
    ("<title>Day shift</title>\n", "<title/>\n", "missing"),
    ("<category>ports</category>", "<category/>", "missing"),
    ("<dc:creator>A. Reed</dc:creator>", "<dc:creator/>", "missing"),
    (
        "<link>https://example.com/articles/night/</link>",
        "<link>/articles/night/</link>",
        "absolute-iri",
    ),
    ("https://example.com/articles/night/#talk", "#talk", "absolute-iri"),
    ("<author>reed@example.com</author>", "<author>A. Reed</author>", "mail-address"),
    (
        'enclosure url="https://example.com/media/a.png"',
        'enclosure url="ftp://example.com/a"',
        "absolute-iri",
    ),
    (' length="12"', "", "number"),
    ('length="12" type="image/png"', 'length="12"', "media-type"),
    ('<guid isPermaLink="false">', "<guid>", "guid"),
    ('isPermaLink="false"', 'isPermaLink="no"', "choice"),
    ("<guid>https://example.com/articles/day/</guid>", "", "guid"),
    (">tag:example.com,2026:a/2<", "><", "missing"),
    (
        "<guid>https://example.com/articles/day/",
        '<guid isPermaLink="false">tag:example.com,2026:a/2',
        "duplicate-id",
    ),
    ("Mon, 02 Mar 2026 10:00:00 +0900", "yesterday", "date"),
    ('<source url="https://news.example/feed">', "<source>", "absolute-iri"),
    (
        "<comments>https://example.com/articles/night/#talk</comments>",
        "<content:encoded>x</content:encoded>",
        "repeated",
    ),
    ("      <description>Cranes at night.</description>\n", "", None),
    ("<author>reed@example.com</author>", "<summary>x</summary>", "unknown"),
    (
        "Cranes at night.",
        "&lt;iframe src='https://a.example/'&gt;&lt;/iframe&gt;",
        "active-content",
    ),
    ('img src="https://example.com/media/a.png"', 'img src="media/a.png"', "relative-address"),
]
JSON = [
    ('"title": "Harbours",', '"title": "Harbours"', "well-formed"),
    ('"version": "https://jsonfeed.org/version/1.1"', '"version": "1.1"', "choice"),
    ('"title": "Harbours",', "", "missing"),
    ('"title": "Harbours",', '"title": "",', "missing"),
    ('"title": "Harbours",', '"title": "Harbours", "title": "Ports",', "repeated"),
    ('"title": "Harbours"', '"title": 7', "kind"),
    ('"expired": false', '"expired": "no"', "kind"),
    ('"description": "About ports"', '"subtitle": "About ports"', "unknown"),
    ('"home_page_url": "https://example.com/"', '"home_page_url": "/"', "absolute-iri"),
    (' "feed_url": "https://example.com/feed.json",\n', "", "self-link"),
    ("https://example.com/archive/1.json", "https://example.com/feed.json", "history"),
    ('"language": "en",\n "expired"', '"language": "en_GB",\n "expired"', "language"),
    ('"name": "A. Reed", "url": "https://example.com/reed"', "", "person"),
    ('"authors": [{"name"', '"author": {"name": "A. Reed"}, "authors": [{"name"', "deprecated"),
    ('"authors": [{"name"', '"authors": ["A. Reed", {"name"', "kind"),
    ('"type": "WebSub", ', "", "missing"),
    ('"id": "tag:example.com,2026:a/1", ', "", "missing"),
    ('"id": "tag:example.com,2026:a/1"', '"id": 1', "kind"),
    ("2026:a/1", "2026:a/2", "duplicate-id"),
    (', "content_text": "Ships by day."', "", "content"),
    ('"date_published": "2026-03-02T10:00:00+09:00"', '"date_published": "2026-03-02"', "date"),
    ('"tags": ["ports"]', '"tags": "ports"', "kind"),
    ('"mime_type": "audio/mpeg", ', "", "missing"),
    ('"audio/mpeg"', '"mp3"', "media-type"),
    ('"size_in_bytes": 12', '"size_in_bytes": "12"', "number"),
    ("<p>Cranes", "<form>Cranes</form><p>", "active-content"),
    ("#top", "top", "relative-address"),
]


def cases() -> Iterator[tuple[str, str, str, str | None]]:
    for ending, table in (("atom", ATOM), ("rss", RSS), ("json", JSON)):
        for old, new, rule in table:
            yield ending, old, new, rule


def broken(ending: str, old: str, new: str) -> bytes:
    text = (VALID / f"feed.{ending}").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new).encode()


@pytest.mark.parametrize("ending", ["atom", "rss", "json"])
def test_a_valid_document_has_no_faults(ending: str) -> None:
    assert validate((VALID / f"feed.{ending}").read_bytes()) == ()


@pytest.mark.parametrize(("ending", "old", "new", "rule"), list(cases()))
def test_a_broken_rule_is_named(ending: str, old: str, new: str, rule: str | None) -> None:
    assert {one.rule for one in validate(broken(ending, old, new))} == ({rule} if rule else set())


def test_every_rule_has_a_case() -> None:
    """The rules are the first argument of every `error` and `warning` in the room."""
    written = set[str]()
    for file in Path(str(room.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                first = node.args[0] if node.args else None
                if node.func.attr in {"error", "warning"} and isinstance(first, ast.Constant):
                    written.add(str(first.value))
    assert written - {"size", "order"} <= {rule for *_, rule in cases() if rule}


def test_a_document_that_readers_would_not_take_is_too_large() -> None:
    assert [one.rule for one in validate(b" " * (LARGEST + 1))] == ["size"]


def test_a_description_after_the_content_is_warned_of() -> None:
    text = (VALID / "feed.rss").read_text(encoding="utf-8")
    line = "      <description>Cranes at night.</description>\n"
    moved = text.replace(line, "").replace("      <author>", f"{line}      <author>")
    found = validate(moved.encode())
    assert [(one.rule, one.level) for one in found] == [("order", "warning")]


def test_a_fault_names_its_place_its_entry_and_who_says_so() -> None:
    found = validate(
        broken(
            "atom",
            "<summary>Cranes at night.</summary>",
            "<summary>a</summary><summary>b</summary>",
        )
    )
    assert found == (
        Fault(
            "repeated",
            "entry 1",
            "has 2 <summary>, and may have one",
            "RFC 4287, 4.1.2",
            "error",
            "tag:example.com,2026:a/2",
        ),
    )


def test_an_id_that_stands_in_two_formats_is_the_same_entry() -> None:
    for ending, old in (("rss", "<category>ports</category>"), ("json", '"tags": ["ports"]')):
        new = "<category/>" if ending == "rss" else '"tags": 1'
        assert validate(broken(ending, old, new))[0].entry == "tag:example.com,2026:a/2"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"<html/>", b"\xff\xfe", b"\x00", b"null"])
def test_what_is_no_feed_is_said_to_be_none(data: bytes) -> None:
    assert len(validate(data)) == 1


def test_entities_are_not_resolved() -> None:
    bomb = broken(
        "atom", "<feed ", "<!DOCTYPE feed [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>\n<feed "
    )
    assert [one.rule for one in validate(bomb.replace(b"Night shift", b"&a;"))] == ["doctype"]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_our_own_feeds_have_no_faults(form: FeedFormat) -> None:
    for feed in (SMALL, EMPTY, WHOLE, CLOSED):
        assert validate(feed.write(form)) == ()
