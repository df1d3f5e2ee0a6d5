"""Lists of pages as sites give them, and answers as the files that they become."""

import gzip
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.content.web import names, revisit, sitemap, wordpress
from syndicate.content.web.feed import read_feed
from syndicate.content.web.listing import AnswerRefused, ListingRefused, good
from syndicate.content.web.mirror import Mirror
from syndicate.content.web.page import read_page, sidecar
from syndicate.content.web.sitemap import newest_first, read_sitemap
from syndicate.errors import SyndicateError
from syndicate.net import Answer, Unreachable
from tests.conftest import NOW

HERE = "https://www.example.com/sitemap.xml"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def answer(body: str | bytes, address: str = HERE, **more: str) -> Answer:
    return Answer(address, 200, body.encode() if isinstance(body, str) else body, **more)  # type: ignore[arg-type]


def urlset(*pages: tuple[str, str]) -> str:
    entries = (f"<url><loc> {loc} </loc><lastmod>{at}</lastmod></url>" for loc, at in pages)
    return f'<?xml version="1.0"?><urlset {XMLNS}>{"".join(entries)}</urlset>'


def nowhere(address: str) -> Answer:
    raise Unreachable(f"{address}: does not answer")


def test_a_sitemap_lists_the_pages_of_its_own_site() -> None:
    text = urlset(
        ("https://example.com/a#top", "2026-01-01"),
        ("https://other.example/b", "2026-01-01"),
        ("javascript:alert(1)", ""),
        ("https://example.com:99999/port", ""),
        ("http://[", ""),
        ("/c", ""),
    )
    listing = read_sitemap(answer(text), nowhere)
    assert [(one.address, one.version) for one in listing.pages] == [
        ("https://example.com/a", "2026-01-01"),
        ("https://www.example.com/c", None),
    ]
    assert not listing.whole


@pytest.mark.parametrize("host", ["日本語.jp", "www.日本語.jp", "xn--wgv71a119e.jp"])
def test_a_host_is_the_same_in_letters_and_as_it_is_asked_for(host: str) -> None:
    text = urlset((f"https://{host}/a", ""), (f"https://{'語' * 99}.jp/b", ""))
    listing = read_sitemap(answer(text, "https://xn--wgv71a119e.jp/map"), nowhere)
    assert [one.address for one in listing.pages] == [f"https://{host}/a"]


def test_an_index_is_read_with_what_it_names_gzip_too_and_a_broken_part_holds_up_no_other() -> None:
    index = (
        f"<sitemapindex {XMLNS}><sitemap><loc>/1.xml.gz</loc></sitemap>"
        "<sitemap><loc>/2.xml</loc></sitemap></sitemapindex>"
    )

    def get(address: str) -> Answer:
        if address.endswith("/2.xml"):
            return nowhere(address)
        return answer(gzip.compress(urlset(("/a", "")).encode()), address)

    listing = read_sitemap(answer(index), get)
    assert [one.address for one in listing.pages] == ["https://www.example.com/a"]
    assert listing.index
    assert listing.faults == ("https://www.example.com/2.xml: does not answer",)


def index(count: int) -> str:
    entries = "".join(f"<sitemap><loc>/{number}.xml</loc></sitemap>" for number in range(count))
    return f"<sitemapindex {XMLNS}>{entries}</sitemapindex>"


@pytest.mark.parametrize(("status", "asked"), [(None, 4), (500, 4), (503, 2), (429, 2), (404, 20)])
def test_a_site_that_is_down_is_not_asked_for_all_that_its_index_names(
    status: int | None, asked: int
) -> None:
    addresses = []

    def get(address: str) -> Answer:
        addresses.append(address)
        if len(addresses) == 1:
            return answer(urlset(("/a", "")), address)
        return good(Answer(address, status, b"")) if status else nowhere(address)

    listing = read_sitemap(answer(index(20)), get)
    assert [one.address for one in listing.pages] == ["https://www.example.com/a"]
    assert len(addresses) == asked
    assert len(listing.faults) == asked - 1


def test_an_index_of_more_pages_than_anybody_keeps_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sitemap, "PAGES", 3)
    listing = read_sitemap(
        answer(index(9)), lambda address: answer(urlset((f"{address}/a", ""), ("b", "")), address)
    )
    assert len(listing.pages) == 3
    assert listing.faults == ("the index lists more pages than the first 3, which are read",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>/&a;</loc></url></urlset>', "DTD"),
        ('<!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset/>', "DTD"),
        ("<html><body/></html>", "is no sitemap"),
        ("not xml", "is no XML"),
        ("", "is no XML"),
    ],
)
def test_what_is_no_sitemap_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ListingRefused, match=reason):
        read_sitemap(answer(text), nowhere)


def test_entities_that_multiply_are_refused_at_once() -> None:
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    text = (
        f'<!DOCTYPE urlset [<!ENTITY a0 "ha">{laughs}]><urlset><url><loc>&a12;</loc></url></urlset>'
    )
    with pytest.raises(ListingRefused, match="no XML that can be read"):
        read_sitemap(answer(text), nowhere)


def test_a_packed_sitemap_that_swells_is_refused() -> None:
    with pytest.raises(Unreachable, match="once unpacked"):
        read_sitemap(answer(gzip.compress(b" " * 60_000_000)), nowhere)


def test_of_more_pages_than_are_kept_those_that_changed_last_count() -> None:
    text = urlset(("/old", "2020-01-01"), ("/new", "2026-01-01"), ("/middle", "2023-01-01"))
    ordered = newest_first(read_sitemap(answer(text), nowhere).pages)
    assert [one.version for one in ordered] == ["2026-01-01", "2023-01-01", "2020-01-01"]


RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title>
<link>https://news.example.com/</link>
<item><title>A</title><link>https://news.example.com/a</link>
<pubDate>Mon, 02 Mar 2026 10:00:00 +0900</pubDate></item>
<item><title>B</title><link>https://elsewhere.example/b</link></item>
<item><title>C</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link href="https://news.example.com/"/>
<entry><title>A</title><link href="/a"/><published>2026-03-02T01:00:00Z</published>
<updated>2026-03-03T01:00:00Z</updated></entry></feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://news.example.com/",
        "items": [
            {"url": "https://news.example.com/a", "date_published": "2026-03-02T10:00:00+09:00"},
            {"url": "https://elsewhere.example/b"},
            {"id": "no address"},
            7,
        ],
    }
)


@pytest.mark.parametrize("text", [RSS, ATOM, JSON])
def test_feeds_of_each_kind_list_the_pages_of_their_site(text: str) -> None:
    (one,) = read_feed(answer(text, "https://news.example.com/feed")).pages
    assert one.address == "https://news.example.com/a"
    assert one.published == datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_a_feed_kept_elsewhere_lists_the_site_that_it_says_it_belongs_to() -> None:
    (one,) = read_feed(answer(RSS, "https://feeds.example.org/t")).pages
    assert one.address == "https://news.example.com/a"


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>no feed</body></html>",
        "{}",
        "{",
        '{"items": 7}',
        '{"items": ' + "[" * 100_000,
        "/etc/passwd",
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0"/>',
    ],
)
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(ListingRefused):
        read_feed(answer(text))


def posts(*said: dict[str, object]) -> bytes:
    return json.dumps(said).encode()


def post(number: int, body: str = "<p>Text</p>") -> dict[str, object]:
    return {
        "id": number,
        "link": f"https://example.com/{number}/",
        "date_gmt": "2026-03-02T01:00:00",
        "modified_gmt": "2026-03-03T01:00:00",
        "title": {"rendered": "Salt &amp; <em>sea</em>"},
        "content": {"rendered": body},
    }


def test_wordpress_lists_its_posts_a_hundred_at_a_time() -> None:
    asked = []

    def get(address: str) -> Answer:
        asked.append(address)
        rest = range(101, 104) if "&page=2&" in address else range(1, 101)
        return replace(answer(posts(*map(post, rest))), headers={"x-wp-totalpages": "2"})

    endpoint = wordpress.endpoint("https://example.com/blog/")
    assert endpoint == "https://example.com/blog/wp-json/wp/v2/posts"
    listing = wordpress.read_list(endpoint, get, 1000)
    assert (len(listing.pages), listing.whole, len(asked)) == (103, True, 2)
    assert (listing.pages[0].key, listing.pages[0].version) == ("post-1", "2026-03-03T01:00:00")
    cut = wordpress.read_list(endpoint, get, 50)
    assert (len(cut.pages), cut.whole) == (50, False)
    assert "more posts than the newest 50" in cut.faults[0]


def test_wordpress_that_gives_the_same_posts_for_ever_is_not_taken_for_whole() -> None:
    same = answer(posts(*map(post, range(1, 101))))
    listing = wordpress.read_list("https://example.com", lambda _: same, 1000)
    assert (len(listing.pages), listing.whole) == (100, False)
    assert listing.faults == ("example.com/: gives no other posts as page 2: ask its site why.",)


@pytest.mark.parametrize(
    "mark", ["<!--nextpage-->", "<p><!--nextpage--></p>", "<p>\n<!-- NextPage --></p>"]
)
def test_a_post_in_several_pages_is_a_part_a_page(mark: str) -> None:
    body = f"<p>One</p>{mark}<p>Two</p>{mark}<p>Three</p>"
    (one,) = wordpress.read_posts(
        "https://x.example", ["post-7"], lambda _: answer(posts(post(7, body)))
    )
    assert one.title == "Salt & sea"
    assert ["One" in one.parts[0], "Two" in one.parts[1], "Three" in one.parts[2]] == [True] * 3
    assert "nextpage" not in "".join(one.parts).lower()
    assert "<h1>Salt &amp; sea (2)</h1>" in one.parts[1]
    assert one.part_address(1) == "https://example.com/7/"
    assert one.part_address(2) == "https://example.com/7/2/"


@pytest.mark.parametrize("body", [b"<html>", b'{"code": "rest_no_route"}', b"[" * 100_000])
def test_what_is_no_wordpress_is_refused(body: bytes) -> None:
    with pytest.raises(ListingRefused, match="no list of WordPress posts"):
        wordpress.read_list("https://example.com", lambda _: answer(body), 10)


PAGE = "<html><head>{head}</head><body><p>日本語の記事です。</p>{body}</body></html>"


@pytest.mark.parametrize(
    ("said", "real"),
    [
        ("utf-8", "utf-8"),
        ("shift_jis", "cp932"),
        ("euc-jp", "euc_jp"),
        ("iso-2022-jp", "iso2022_jp"),
    ],
)
def test_what_the_server_says_of_the_text_goes_before_what_the_page_says(
    said: str, real: str
) -> None:
    text = PAGE.format(head='<meta charset="us-ascii">', body="")
    page = read_page(answer(text.encode(real), media="text/html", charset=said))
    assert page.data == b"\xef\xbb\xbf" + text.encode()


@pytest.mark.parametrize("said", ["", "iso-8859-1", "utf-8", "x-unknown", "us-ascii"])
def test_a_wrong_charset_of_the_server_leaves_the_text_as_it_is(said: str) -> None:
    data = PAGE.format(head='<meta charset="shift_jis">', body="").encode("cp932")
    assert read_page(answer(data, media="text/html", charset=said)).data == data


def test_pages_are_named_by_what_they_are_and_pictures_are_none() -> None:
    assert read_page(answer("a", media="text/plain")).ending == ".txt"
    assert read_page(answer("a", media="text/markdown")).ending == ".md"
    assert read_page(answer("a", media="application/xhtml+xml")).ending == ".html"
    with pytest.raises(ListingRefused, match="is image/png, not a page"):
        read_page(answer(b"\x89PNG", media="image/png"))


def test_a_page_leads_to_its_next_parts_on_the_same_site() -> None:
    head = '<link rel="canonical" href="/c"><link rel="next" href="/a/2#x">'
    body = (
        '<a rel="nofollow next" href="https://other.example/3">n</a><a href="/4">前のページ</a>'
        '<p>次のページを読む ⇒ <a href="https://example.com/5">続き</a></p>'
        '<a href="javascript:next()">Next page</a><a href="/6">Next page ⇒ More</a>'
        '<p>Next page by page <a href="/7">x</a></p>'
    )
    here = "https://www.example.com/a/"
    page = read_page(answer(PAGE.format(head=head, body=body), here, media="text/html"))
    assert page.canonical == "https://www.example.com/c"
    assert page.following == (
        "https://www.example.com/a/2",
        "https://example.com/5",
        "https://www.example.com/6",
    )


@pytest.mark.parametrize(
    ("here", "there", "is_next"),
    [
        ("/a/", "/a/2/", True),
        ("/a/2/", "/a/3/", True),
        ("/archives/123", "/archives/123/2", True),
        ("/a", "/a/page/2", True),
        ("/a.html", "/a_2.html", True),
        ("/a001_2.html", "/a001_3.html", True),
        ("/a-1.html", "/a-2.html", True),
        ("/a", "/a?page=2", True),
        ("/a?p=7", "/a?p=7&page=2", True),
        ("/?id=7&page=2", "/?page=3&id=7", True),
        ("/a/", "/b/", False),
        ("/a/", "/page/2/", False),
        ("/a001.html", "/a002.html", False),
        ("/archives/123", "/archives/124", False),
        ("/2026/11/27/", "/2026/11/28/", False),
        ("/entry/2026-11-27", "/entry/2026-11-28", False),
        ("/?p=7", "/?p=8", False),
        ("/a?page=2", "/b?page=3", False),
    ],
)
def test_the_next_page_of_an_article_is_told_from_the_next_article(
    here: str, there: str, is_next: bool
) -> None:
    base = "https://example.com"
    assert names.is_next_page(f"{base}{here}", f"https://www.example.com{there}") is is_next
    head = f'<link rel="next" href="{there}">'
    page = read_page(answer(PAGE.format(head=head, body=""), f"{base}{here}", media="text/html"))
    assert page.following == ((f"{base}{there}",) if is_next else ())


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="next" title="Two" href="/2/">',
        '<nav class="navigation post-navigation"><div><a rel="next" href="/2/">Two</a></div></nav>',
    ],
)
def test_a_link_that_calls_itself_the_next_post_is_not_followed(link: str) -> None:
    text = PAGE.format(head="", body=link)
    assert read_page(answer(text, "https://example.com/1/", media="text/html")).following == ()


@pytest.mark.parametrize("many", ["<a href=/x>yy</a>", "<object><p>", "<object><p><a href=/x>"])
def test_a_page_of_very_many_links_or_lines_is_read_in_no_time(many: str) -> None:
    body = f"<p>Next page: <a href=/x>y</a>{many * 40_000}"  # a minute, if each read all others
    page = read_page(answer(PAGE.format(head="", body=body), media="text/html"))
    assert page.following == ("https://www.example.com/x",)


def test_what_is_known_besides_is_toml() -> None:
    import tomllib

    said = sidecar(date=NOW, canonical=None, series='A "quoted"\n\\ 海\x7f', part=2)
    assert tomllib.loads(said.decode()) == {
        "date": NOW,
        "series": 'A "quoted"\n\\ 海\x7f',
        "part": 2,
    }


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.com/2026/灯台", "example.com/2026-灯台"),
        ("https://example.com/", "example.com/index"),
        ("https://example.com/../../etc/passwd", "example.com/etc-passwd"),
        ("https://example.com/%2e%2e%2f_x.txt", "example.com/x.txt"),
        ("https://example.com:8080/_draft", "example.com/draft"),
    ],
)
def test_files_are_named_by_address_and_lie_below_their_host(address: str, name: str) -> None:
    assert names.stem(address, address) == PurePosixPath(f"{name}~{names.mark(address)}")


@pytest.mark.parametrize(
    "address", ["https://example.com/" + "灯" * 500, "https://x.example/a%00b/\x07"]
)
def test_no_address_makes_a_name_that_no_file_can_have(address: str, tmp_path: Path) -> None:
    stem = names.stem(address, address)
    Mirror(tmp_path).keep(stem, {".html": b"a"}, {".html": b""})
    assert (tmp_path / f"{stem}.html").read_bytes() == b"a"


def test_a_mirror_writes_what_differs_and_sweeps_what_is_not_known(tmp_path: Path) -> None:
    one = Mirror(tmp_path)
    stem = names.stem("https://example.com/a", "https://example.com/a")
    assert one.keep(stem, {".txt": b"a"}, {".txt": b""}) == ((f"{stem}.txt",), True)
    before = (tmp_path / f"{stem}.txt").stat().st_mtime_ns
    assert one.keep(stem, {".txt": b"a"}, {".txt": b""}) == ((f"{stem}.txt",), False)
    assert (tmp_path / f"{stem}.txt").stat().st_mtime_ns == before
    (tmp_path / "example.com" / "mine.txt").write_text("put there by hand")
    one.sweep({names.mark("https://example.com/a")})
    assert one.has([f"{stem}.txt"])
    one.sweep(set())
    assert [file.name for file in (tmp_path / "example.com").iterdir()] == ["mine.txt"]


def test_waits_grow_and_what_changes_seldom_is_asked_seldom() -> None:
    minutes = [(revisit.after_failure(n, NOW) - NOW).total_seconds() / 60 for n in range(1, 8)]
    assert minutes == [1, 2, 5, 15, 30, 60, 60]
    later = NOW.replace(year=2027)
    assert revisit.after_failure(1, NOW, later) == later
    assert revisit.after_failure(100, NOW).day == NOW.day + 1
    hour = revisit.after_success(NOW - NOW.replace(hour=5), NOW, NOW)
    assert (hour - NOW).total_seconds() == 3600
    old = revisit.after_success(hour - NOW, NOW.replace(year=2020), NOW)
    assert (old - NOW).days == 7


@given(
    st.sampled_from([RSS, ATOM, JSON, urlset(("/a", "2026-01-01")), PAGE]),
    st.lists(st.tuples(st.integers(0, 900), st.binary(max_size=9), st.integers(0, 30)), max_size=6),
)
@settings(max_examples=150)
def test_whatever_a_site_gives_is_read_or_refused(
    text: str, changes: list[tuple[int, bytes, int]]
) -> None:
    data = text.encode()
    for at, put, cut in changes:
        data = data[:at] + put + data[at + cut :]
    for read in (read_feed, lambda one: read_sitemap(one, nowhere), read_page, _wordpress):
        with suppress(SyndicateError):
            read(answer(data, media="text/html", charset="euc-jp"))


def _wordpress(one: Answer) -> None:
    wordpress.read_list("https://example.com", lambda _: one, 10)


def test_an_answer_that_is_refused_says_when_to_come_again() -> None:
    refused = AnswerRefused(Answer("https://example.com/a?secret", 429, retry=NOW))
    assert (str(refused), refused.retry) == ("example.com/a: answers 429.", NOW)
