"""Markdown and HTML pages: read as the text page of the same article, without what stands around."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.articles import from_record, parse, to_record
from syndicate.articles.decode import lines_of
from syndicate.articles.sources import is_source, read_source
from syndicate.errors import PageRefused
from syndicate.model import Article, Citation, Image, Metadata, Page
from tests.articles.samples import MODEL, PAGES, codes

CONTENT = sorted((Path(__file__).parents[2] / "content").glob("*.txt"))
each_page = pytest.mark.parametrize(
    "file",
    [*CONTENT, PAGES / "oven.txt", PAGES / "trains.txt", *([MODEL] if MODEL.is_file() else [])],
    ids=lambda file: file.stem,
)
AROUND = """<!doctype html><html><head><title>Site</title></head><body>
<nav><ul><li>💡 menu</li></ul></nav><main><article>{}
<div class="related-posts"><p>✅ Published: 2020-01-01</p></div></article></main>
<div id="comments"><p>💡 me too</p></div><aside>✅ aside</aside><footer>⇒</footer></body></html>"""


def read(name: str, text: str, sidecar: str | None = None) -> Article:
    return parse(Page(name, text.encode(), sidecar.encode() if sidecar else None), "en")


def html_line(line: str) -> str:
    if not is_source(line):
        return f"<p>{escape(line)}</p>"
    source = read_source(line)
    mark = line[: line.index("⇒") + 1]
    link = f'<a href="{escape(source.citation.url)}">{escape(source.citation.name)}</a>'
    again = f'出典/画像元: <a href="{escape(source.citation.url)}">link</a>'
    return f"<p>{mark}{link} {again}{escape(source.rest)}</p>"


@each_page
def test_markdown_says_what_the_text_says(file: Path) -> None:
    text = file.read_text("utf-8")
    first, *others = lines_of(text)
    expected = read("a.txt", text)
    for joint in ("\n", "\n\n"):
        assert read("a.md", joint.join([f"# {first}\n", *others])) == expected


@each_page
def test_html_says_what_the_text_says(file: Path) -> None:
    text = file.read_text("utf-8")
    first, *others = lines_of(text)
    page = AROUND.format("\n".join([f"<h1>{escape(first)}</h1>", *map(html_line, others)]))
    assert replace(read("a.html", page), warnings=()) == replace(read("a.txt", text), warnings=())


def test_front_matter_says_what_the_text_does_not() -> None:
    about = "date: 2026-01-02\ntags: [a, b]\nseries: Boats\npart: 2\ndraft: true\nslug: one\nx: {}"
    page = read(
        "a.md",
        f"---\ntitle: T\nsummary: S\nimage: cat.png\nimage_alt: A cat\n{about}\n---\n# T\n\nS\n\nBody",
    )
    metadata = page.metadata
    assert (page.title, page.summary, page.lead, page.warnings) == ("T", "S", ("Body",), ())
    assert page.images == (Image("cat.png", "A cat", lead=True),)
    assert metadata.published == datetime(2026, 1, 2)  # noqa: DTZ001 - in the publication's zone
    assert (metadata.tags, metadata.series, metadata.part) == (("a", "b"), "Boats", 2)
    assert (metadata.draft, metadata.slug) == (True, "one")
    assert from_record(to_record(page)) == page
    assert read("a.md", '+++\ntitle = "T"\ndate = 2026-01-02\n+++\nS').metadata == replace(
        metadata, tags=(), series=None, part=None, draft=False, slug=None
    )


@pytest.mark.parametrize("name", ["a.md", "a.html"])
def test_links_that_lead_nowhere_are_named(name: str) -> None:
    links = ("other.md", "/articles/x/", "https://a.example/", "#there", "mailto:a@b.example")
    text = " ".join(f'<a href="{link}">w</a>' for link in (*links, "shown.png"))
    (notice,) = [
        one
        for one in read(name, f"<h1>T</h1>\n\n<p>S</p>\n\n<p>{text}</p>").warnings
        if "link" in one.code
    ]
    assert notice.message.startswith("these links are only text: other.md, /articles/x/. ")
    told = f'<link rel="canonical" href="https://a.example/t"><h1>T</h1><p>S</p><p>{text}</p>'
    assert "link-relative" not in codes(read("a.html", told))


def test_yaml_that_cannot_be_read_is_named_by_the_line_of_the_page() -> None:
    with pytest.raises(PageRefused, match=r"mapping values are not allowed .* in line 3, column 9"):
        read("a.md", "---\ndate: 2026-01-02\ntitle: A: B\n---\nText")


@pytest.mark.parametrize("more", ["", f"more: {'x' * 2000}\n"])  # libyaml reads what is short
def test_a_day_that_no_calendar_has_is_named_by_its_line(more: str) -> None:
    said = r"\(2026-02-31 is no date: day is out of range for month in line 3, column 7\)"
    with pytest.raises(PageRefused, match=said):
        read("a.md", f"---\ntitle: T\ndate: 2026-02-31\n{more}---\nText")


def test_a_misspelt_key_is_named_with_the_right_one_and_not_read() -> None:
    page = read("a.md", "---\ndraf: true\nauthr: Ann\nDate: 2026-01-02\n---\n# T\n\nS\n\nText")
    said = [one.message for one in page.warnings if one.code == "metadata-unknown"]
    assert said == [
        "draf in its YAML front matter: this key is not read; did you mean draft?",
        "authr in its YAML front matter: this key is not read; did you mean author?",
    ]
    assert (page.metadata.draft, page.metadata.authors) == (False, ())
    page = read("a.txt", "T\nS\nText", 'taggs = ["a"]\ndrft = true\nlayout = "x"\nlang = "en"\n')
    said = [one.message for one in page.warnings if one.code == "metadata-unknown"]
    assert said[:2] == [
        "taggs in its sidecar a.txt.toml: this key is not read; did you mean tags?",
        "drft in its sidecar a.txt.toml: this key is not read; did you mean draft?",
    ]
    assert said[2].startswith("layout in its sidecar a.txt.toml: this key is not read; there are: ")


def test_keys_of_other_programs_in_front_matter_are_left_to_them() -> None:
    keys = "layout subtitle categories publishDate images lastmod permalink parent updated_at state"
    said = "".join(f"{key}: x\n" for key in keys.split())
    page = read("a.md", f"---\n{said}---\n# T\n\nS\n\nText")
    assert "metadata-unknown" not in codes(page)


def test_a_wrong_value_is_named_and_left_out() -> None:
    page = read("a.md", "---\npart: first\ndate: soon\n---\nT\n\nText")
    assert codes(page) == ["metadata-invalid"] * 2
    assert "part" in page.warnings[1].message or "part" in page.warnings[0].message


def test_what_is_neither_true_nor_false_keeps_a_page_back() -> None:
    page = read("a.md", "---\ndraft: maybe\n---\nT\n\nText")
    assert page.metadata.draft
    assert page.warnings[0].message == (
        "draft in its YAML front matter has to be true or false, not “maybe”. "
        "The page is taken as a draft until it is mended."
    )


_DAY, _TIME = datetime(2019, 4, 5), datetime(2019, 4, 5, 10, 30)  # noqa: DTZ001 - as written


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((one, _DAY) for one in ("2019/04/05", "2019-4-5", "2019.04.05", "2019年4月5日（金）")),
        *((one, _DAY) for one in ("２０１９／４／５", "20190405", "April 5, 2019", "5 Apr 2019")),
        *(
            (one, _TIME)
            for one in ("2019/4/5 10:30", "2019年4月5日 10時30分", "2019-4-5T10:30:00.5")
        ),
        *(
            (one, _TIME.replace(tzinfo=UTC))
            for one in (
                "2019-04-05 10:30:00 UTC",
                "2019-4-5 19:30 JST",
                "2019/04/05 19:30:00 +0900",
                "Fri, 05 Apr 2019 10:30:00 GMT",
            )
        ),
    ],
)
def test_dates_are_read_as_people_and_programs_write_them(written: str, meant: datetime) -> None:
    pages = (
        read("a.md", f"---\ndate: '{written}'\n---\nT\n\nText"),
        read("a.html", f'<meta name="article:published_time" content="{written}"><h1>T</h1>Text'),
        read("a.txt", "T\nS\nText", f'date = "{written}"'),
    )
    for page in pages:
        assert page.metadata.published == meant
        assert "metadata-invalid" not in codes(page)


def test_a_date_of_html_that_cannot_be_read_is_told_and_hides_no_other() -> None:
    head = """<meta property="article:published_time" content="2019-04-05"><meta name="keywords" content="a">
    <script type="application/ld+json">{"@type": "Article", "datePublished": "soon", "keywords": ""}
    </script><h1>T</h1><p>Text</p>"""
    page = read("a.html", head)
    assert (page.metadata.published, page.metadata.tags, codes(page)) == (_DAY, ("a",), [])
    page = read("a.html", head.replace("2019-04-05", "5th of May"))
    assert codes(page) == ["metadata-invalid"]
    assert "date in its markup has to be a date such as" in page.warnings[0].message
    assert "“soon”" in page.warnings[0].message


@pytest.mark.parametrize("zone", ["Z", "+09:00", ""])
def test_a_date_of_the_year_one_is_none_and_one_at_the_end_of_time_is_far_away(zone: str) -> None:
    """Programs write the first for a date that they do not know, people the second for never."""
    none, never = f"0001-01-01T00:00:00{zone}", f"9999-12-31T23:59:59{zone.replace('+', '-')}"
    assert codes(read("a.md", f"---\ndate: {none}\n---\nT\n\nText")) == ["metadata-invalid"]
    markup = '<meta property="article:published_time" content="{}"><h1>T</h1><p>Text</p>'
    for date, published in ((none, None), (never, datetime(9999, 1, 1, tzinfo=UTC))):
        assert read("a.html", markup.format(date)).metadata.published == published


@pytest.mark.parametrize(
    "front",
    [
        "---\na: [\n---\n",
        "---\na: &a [1]\nb: [*a, *a]\n---\n",
        "---\njust words\n---\n",
        "---\ndate: 2026-13-45\n---\n",
        "---\na: " + "[" * 5000 + "\n---\n",
        "+++\na = \n+++\n",
    ],
)
def test_front_matter_that_cannot_be_read_refuses_the_page(front: str) -> None:
    with pytest.raises(PageRefused, match=r"^a\.md: its (YAML|TOML) front matter cannot be read"):
        read("a.md", f"{front}T\n\nText")


@pytest.mark.parametrize("more", ["", "note: '*'\n", "x: [" + "1, " * 1000 + "]\n"])
def test_a_key_that_comes_twice_refuses_the_page_by_its_name(more: str) -> None:
    with pytest.raises(PageRefused, match="the key “date” twice"):
        read("a.md", f"---\ndate: 2019-04-05\n{more}date: 2026-01-01\n---\nT\n\nText")
    page = read("a.md", f"---\n{more}a: {{date: 1}}\nb: {{date: 1}}\n<<: {{b: 2}}\n---\nT\n\nText")
    assert page.title == "T"


def test_a_sidecar_goes_before_the_page_whatever_its_shape() -> None:
    for name, text in (
        ("a.txt", "T\nS\nText"),
        ("a.md", "# T\nS\n\nText"),
        ("a.html", "<h1>T</h1>S"),
    ):
        page = read(name, text, 'title = "Other"\nauthor = ["A", "B"]')
        assert (page.title, page.summary, page.metadata.authors) == ("Other", "S", ("A", "B"))
    with pytest.raises(PageRefused, match=r"^a\.txt: its sidecar a\.txt\.toml cannot be read"):
        read("a.txt", "T", "title = ")


def test_the_markup_of_a_page_tells_of_it() -> None:
    head = """<html lang="ja"><head><title>T | Site</title>
    <link rel="canonical" href="https://x.example/a"><meta name="description" content="Of th…">
    <meta property="article:published_time" content="2026-01-02T12:00:00+09:00">
    <script type="application/ld+json">{broken</script>
    <script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "no"},
    {"@type": ["NewsArticle"], "author": [{"name": "Ann &amp; Co"}], "keywords": ["k"],
    "image": {"url": "https://x.example/lead.jpg"}}]}</script></head>"""
    body = """<article><h1>T</h1><p>Of the sea.</p><h2>H</h2><p>One<br>two</p>
    <figure><img src="data:," data-src="/b.png" alt="B" width="4"><figcaption>C</figcaption></figure>
    <iframe src="https://v.example/1" title="Film"></iframe>
    <a href="javascript:x()">link</a><script>bad()</script></article>"""
    page = read("a.html", f"{head}<body>{body}</body></html>")
    assert (page.title, page.summary, page.language, page.warnings) == (
        "T",
        "Of the sea.",
        "ja",
        (),
    )
    assert [one.body for one in page.sections] == [("One", "two", "Film", "link")]
    assert page.metadata.canonical == "https://x.example/a"
    assert page.metadata.published == datetime(2026, 1, 2, 3, tzinfo=UTC)
    assert (page.metadata.authors, page.metadata.tags) == (("Ann & Co",), ("k",))
    assert page.images == (
        Image("https://x.example/lead.jpg", lead=True),
        Image("/b.png", "B", 4, None, "C"),
    )
    assert page.html is not None
    assert '<img src="/b.png" alt="B" width="4"' in page.html
    assert '<a href="https://v.example/1">Film</a>' in page.html
    assert not {"Of the sea", "bad()", "javascript", "data:"} & {
        word for word in ("Of the sea", "bad()", "javascript", "data:") if word in page.html
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.md", "First of all.\n\nSecond.\n"), ("a.html", "<p>First of all.</p><p>Second.</p>")],
)
def test_a_title_from_a_sidecar_takes_no_paragraph_away(name: str, text: str) -> None:
    page = read(name, text, 'title = "Bees"')
    assert (page.title, page.summary, page.lead) == ("Bees", "First of all.", ("Second.",))


def test_a_heading_far_below_that_repeats_the_title_stays_one() -> None:
    body = "Words.\n\n## Before\n\nMore.\n\n## Release notes\n\n- An item\n"
    for page in (
        read("a.md", f"---\ntitle: Release notes\n---\n{body}"),
        read("a.md", body, 'title = "Release notes"'),
    ):
        assert page.title == "Release notes"
        assert [(one.heading, one.body) for one in page.sections] == [
            ("Before", ("More.",)),
            ("Release notes", ("An item",)),
        ]


@pytest.mark.parametrize(
    ("front", "beside", "draft"),
    [("true", "false", False), ("false", "true", True), ("true", "", True), ("", "false", False)],
)
def test_a_sidecar_says_whether_a_page_is_a_draft(front: str, beside: str, draft: bool) -> None:
    matter = f"---\ndraft: {front}\n---\n" if front else ""
    page = read("a.md", f"{matter}T\n\nText", f"draft = {beside}" if beside else "tags = []")
    assert page.metadata.draft is draft


def test_an_ordinary_page_lacks_nothing() -> None:
    page = read("a.md", "# T\n\nFirst.\n\nLead.\n\n## H\n\nBody **b**.\n\n## Empty\n")
    assert (page.summary, page.lead, page.highlights) == ("First.", ("Lead.",), ())
    assert [(one.heading, one.body) for one in page.sections] == [
        ("H", ("Body b.",)),
        ("Empty", ()),
    ]
    assert page.warnings == ()
    assert read("b.md", "# T\n\n**x** y\n\nLead.\n").html == "<p>Lead.</p>"
    assert page.html == "<p>Lead.</p>\n<h2>H</h2>\n<p>Body <strong>b</strong>.</p>\n<h2>Empty</h2>"


def test_a_linked_source_in_markdown_is_a_source() -> None:
    head = "# T\n\nS\n\nHeading\n\nWhy?\n\nSo.\n\nPublished: 2026-01-01\n\n"
    page = read("a.md", f"{head}Read more ⇒[The Name](https://e.example/A)Text glued.\n\nMore")
    assert page.sections[0].sources == (Citation("The Name", "https://e.example/A"),)
    assert page.sections[0].body == ("Text glued.", "More")


def test_text_after_the_next_title_is_kept() -> None:
    page = read("a.md", "# T\n\nS\n\n## H\n\nBody\n\nNext page ⇒[Two](two.md)\n\nStray")
    assert (page.next_title, page.sections[0].body) == ("Two", ("Body", "Stray"))
    assert codes(page) == ["text-after-next"]
    assert page.html
    assert "Stray" in page.html
    assert "Two" not in page.html


_CODE = "💡 Not a highlight\nPublished: 2026-10-01\nNext page ⇒\nMore"


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("md", f"# T\n\nS\n\n```\n{_CODE}\n```\n\nEnd\n\nNext page ⇒ Two\n\nStray\n"),
        ("html", f"<h1>T</h1><p>S<pre><code>{_CODE}</code></pre>End<p>Next page ⇒ Two<p>Stray"),
    ],
)
def test_a_program_has_no_marks(ending: str, text: str) -> None:
    page = read(f"a.{ending}", text)
    assert (page.summary, page.highlights, page.next_title) == ("S", (), "Two")
    assert page.lead == (*_CODE.split("\n"), "End", "Stray")
    assert _CODE in (page.html or "")


@pytest.mark.parametrize(
    "first",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "- a\n- b",
        "    a",
        '<iframe src="https://v.example/1" title="a"></iframe>',
    ],
)
def test_what_is_no_paragraph_is_no_summary_and_stays_whole(first: str) -> None:
    page = read("a.md", f"# T\n\n{first}\n\nText.\n")
    assert page.summary is None
    assert (page.lead[0], page.lead[-1]) == ("a", "Text.")
    assert "a<" in (page.html or "").replace("\n", "")


def test_readings_are_shown_in_brackets_and_are_no_text() -> None:
    bare, whole = (
        "<ruby>蜂<rt>はち</rt></ruby>",
        "<ruby>蜂<rp>（</rp><rt>はち</rt><rp>）</rp></ruby>",
    )
    for ruby in (bare, whole):
        page = read("a.html", f"<h1>{ruby}</h1><p>{ruby}です。<p>{ruby}が飛ぶ。")
        assert (page.title, page.summary, page.lead) == ("蜂", "蜂です。", ("蜂が飛ぶ。",))
        assert (page.html or "").endswith(f"<p>{whole}が飛ぶ。</p>")
        assert (page.html or "").count("はち") == 1


def test_the_day_above_a_text_is_no_summary() -> None:
    page = read("a.html", "<h1>T</h1><p><time>2026-11-20</time></p><p>Text.</p>")
    assert (page.summary, page.lead) == ("Text.", ("2026-11-20",))


def test_a_list_in_lists_is_whole_or_the_page_is_refused() -> None:
    listed = "".join(f"{'  ' * depth}- item {depth}\n" for depth in range(45))
    assert read("a.md", f"# T\n\nS\n\n{listed}").lead[-1] == "item 44"
    assert read("a.md", "# T\n\nS\n\n" + ">" * 400 + " deep\n").lead == ("deep",)
    with pytest.raises(PageRefused, match="nested too deeply"):
        read("a.md", "# T\n\nS\n\n" + ">" * 600 + " deep\n")


def test_footnotes_are_text_also_where_they_have_no_blanks() -> None:
    note = "[^1]: これは脚注です。"
    page = read("a.md", f"# 蜂\n\n要約。\n\n蜂です[^1]。\n\n{note}\n\n[a]: https://example.com/\n")
    assert page.lead == ("蜂です[^1]。", note)


def test_what_stands_apart_from_the_text_has_no_marks_of_footnotes() -> None:
    note = "[^1]: A note.\n\n> [^b c]: Another.\n"
    page = read("a.md", f"# T[^1]\n\nSum[^1] of [^2].[^b c]\n\n💡 High [^1]\n\nText.[^1]\n\n{note}")
    assert (page.title, page.summary, page.highlights) == ("T", "Sum of [^2].", ("High",))
    assert page.lead == ("Text.[^1]", "[^1]: A note.", "[^b c]: Another.")
    assert read("a.md", "# T\n\nSum [^1].\n\nText.\n").summary == "Sum [^1]."


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("See https://x.example/a?b=1&c=2.", '<a href="{0}">{0}</a>.'),
        ("（https://x.example/a?b=1&c=2）です", '（<a href="{0}">{0}</a>）です'),
        ("https://x.example/a?b=1&c=2です。", '<a href="{0}">{0}</a>です。'),
        ("**https://x.example/a?b=1&c=2**", '<strong><a href="{0}">{0}</a></strong>'),
        ('so "https://x.example/a?b=1&c=2"', 'so "<a href="{0}">{0}</a>"'),
        ("<xmp>https://x.example/</xmp>", "<li>https://x.example/</li>"),
        ("a\nhttps://x.example/a?b=1&c=2\nb", 'a\n<a href="{0}">{0}</a>\nb'),
        ("`https://x.example/a?b=1&c=2`", "<code>{0}</code>"),
        ("[https://x.example/a?b=1&c=2](https://y.example)", '<a href="https://y.example">{0}</a>'),
        ("a <kbd>https://x.example/a?b=1&c=2</kbd>", "<kbd>{0}</kbd>"),
        ("javascript://x.example ftp://x.example", "javascript://x.example ftp://x.example"),
    ],
)
def test_addresses_in_the_running_text_of_markdown_are_links(written: str, html: str) -> None:
    shown = read("a.md", f"# T\n\nS\n\n- {written.replace(chr(10), chr(10) + '  ')}\n").html or ""
    assert html.format("https://x.example/a?b=1&amp;c=2") in shown


def test_what_is_struck_out_stays_so_however_it_is_written() -> None:
    struck = "<p><s>a</s> <s>b</s> <del>c</del></p>"
    page = read(
        "a.html", "<h1>T</h1><p>S</p><p><s>a</s> <strike class=x>b</strike> <del>c</del></p>"
    )
    assert page.html == struck
    led = read("a.html", '<h1>T</h1><p>S</p><p><a href="#n">x</a> <strike>y</strike></p><h2>N</h2>')
    assert "<s>y</s>" in (led.html or "")


@pytest.mark.parametrize(
    "body",
    [
        "<div class=right-sidebar><main><h1>T</h1><p>Text.</main><div class=sidebar>No</div></div>",
        "<div class=content-sidebar><h1>T</h1><p>Text.</p></div>",
        "<article><p>Another one, and much longer.</article><article><h1>T</h1>Text.</article>",
    ],
)
def test_a_layout_called_after_its_sidebar_is_no_sidebar(body: str) -> None:
    page = read("a.html", f"<title>T | Site</title>{body}")
    assert (page.title, page.summary, page.lead) == ("T", "Text.", ())


def test_words_of_yaml_stay_as_they_are_written() -> None:
    front = "---\ntitle: 007\nlang: no\ntags: [yes, 1.0, 12:30,,]\npart: 2\ndraft: off\n---\nS"
    page = read("a.md", front.replace(",,", ", ~"))
    assert (page.title, page.language, page.warnings) == ("007", "no", ())
    assert page.metadata == Metadata(tags=("yes", "1.0", "12:30"), part=2)


def test_front_matter_may_stand_below_blank_lines_and_a_rule_is_none() -> None:
    assert read("a.md", "\n \n---\ntitle: T\ndraft: true\n---\nS").metadata.draft
    assert read("a.md", "\n---\n\n# T\n\nS\n\n---\n\nMore\n").title == "T"


_UNCLOSED = [
    *(
        f"---\ntitle: The leak\ndraft: true\n{end}\nText.\n"
        for end in ("", "--", "----", "+++", " ---")
    ),
    *(f"+++\ntitle = 'The leak'\ndraft = true\n{end}\nText." for end in ("", "++", "---")),
    *(
        f"{line}\ndraft: true\n{line}\nText."
        for line in ("--", "----", " ---", "++++", "—", "\u3000---")
    ),
    *("---\r\ndraft: true\r\n\r\nText.", "\ufeff\n---\ndraft: true", "---\n\n \ndraft: true\n"),
    *("\n---\n\ndraft: true\n---\nText.", "---\n# Not yet\ndraft: true\n", "---\n  draft: true\n"),
    *("---\n'draft': true\n", "---\n下書き: true\n", "+++\nparams.draft = true\n"),
]


@pytest.mark.parametrize("text", _UNCLOSED)
def test_front_matter_that_is_not_closed_refuses_the_page(text: str) -> None:
    """Its `draft: true` was text once, and the page was mailed."""
    line = text.strip("\ufeff\n\u3000 ").split()[0]
    expected = rf"^a\.md: its front matter, from “{re.escape(line)}” on, does not stand between two lines ---"
    with pytest.raises(PageRefused, match=expected):
        read("a.md", text)


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
@pytest.mark.parametrize(
    "text", [*_UNCLOSED, "---\ntitle: T\ndraft: true\n---\nT\n", "+++\ndraft = true\n+++\nT\n"]
)
def test_front_matter_in_a_page_of_another_shape_refuses_it(name: str, text: str) -> None:
    with pytest.raises(
        PageRefused, match=rf"^{name}: begins with front matter .* into {name}\.toml"
    ):
        read(name, text)


@pytest.mark.parametrize("line", ["---", "+++", "----", "—"])
@pytest.mark.parametrize(
    "below",
    [
        *(
            "Boats sail: slowly.",
            "# Boats\n\nNote: slowly.",
            "- boats: slowly",
            "10:30, and no boat",
        ),
        *("https://a.example/boats", ""),
    ],
)
def test_a_rule_above_text_is_no_front_matter(line: str, below: str) -> None:
    for gap in ("\n", "\n\n"):
        for name in ("a.md", "a.txt", "a.html"):
            page = read(name, f"{line}{gap}{below}\n\nMore of boats.")
            assert "More of boats." in repr(to_record(page))


@pytest.mark.parametrize("piece", ["\n", "#\n", "# ", " ", "\u3000\n", "-", "—", "a", "a ", "'"])
def test_what_begins_like_front_matter_and_never_ends_is_told_soon(piece: str) -> None:
    begun = time.process_time()
    for text in (f"---\n{piece * 500_000}", f"---\n\n# {piece * 500_000}", f"{piece * 500_000}---"):
        with suppress(PageRefused):
            read("a.txt", text)
    assert time.process_time() - begun < 5


_HOSTILE = (
    *("a", "[", "*", ">", "> ", "<", "`", "- ", "<b>", "<ul><li>", "</p>", "&", "![", "<!--"),
    *("a\n\n", "- 💡 a\n"),
)


@pytest.mark.parametrize("ending", ["md", "html"])
@pytest.mark.parametrize("piece", _HOSTILE)
def test_a_long_run_of_one_thing_is_read_or_refused_soon(ending: str, piece: str) -> None:
    begun = time.process_time()
    with suppress(PageRefused):
        parse(Page(f"a.{ending}", piece.encode() * (200_000 // len(piece.encode()))), "en")
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("page", "piece"),
    [
        ("a{}b\nc", " "),
        ("a\nb\n\n```\n{}b\n```\n", "\t"),
        ("a{}b\n", "\u3000"),
        ("{}b\n", "\u3000"),
        ("{}b\n", "a\n\u3000\n"),
        ("<div>\n{}\n</div>", "<table><thead>"),
        ("a{}b\nc", "\\\n"),
        ("{}", "\n \t"),
        ("a~{}", "https://%"),
        ("{}", "[^"),
        ("{}", " 💡 a\n"),
        ("{}", "  - 💡 a\n"),
    ],
)
def test_a_long_run_in_markdown_takes_no_longer_each(page: str, piece: str) -> None:
    begun = time.process_time()
    with suppress(PageRefused):
        read("a.md", "# T\n\nS.\n\n" + page.format(piece * (200_000 // len(piece))))
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("page", "piece"),
    [
        ("<div class=ads>{}</div><p>Text.", "<article>x</article>"),
        ("<article><h1>T</h1><p>Text.<div class=ads>{}</div></article>", "<img src=a{}.png>"),
        ("<article><h1>T</h1><p>Text.<figure>{}</figure></article>", "<img src=a{}.png>"),
        ("<h1>T</h1><p>Text." + "<div>" * 400 + "{}", "<p><img src=a{}.png>"),
        ("<h1>T</h1><p>Text." + "<div>" * 400 + "{}", "<article>x</article>"),
    ],
)
def test_many_things_in_one_take_no_longer_each(page: str, piece: str) -> None:
    begun = time.process_time()
    read("a.html", page.format("".join(piece.format(at) for at in range(20_000))))
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("ending", ["md", "html"])
def test_deep_nesting_is_refused(ending: str) -> None:
    with pytest.raises(PageRefused, match="nested too deeply"):
        read(f"a.{ending}", "<div>" * 100_000)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["md", "html"]),
    st.lists(
        st.sampled_from(
            [
                "T",
                "\n",
                "\n\n",
                "# ",
                "💡 ",
                "✅ ",
                "⇒",
                "さらに読む ⇒",
                "次のページを読む ⇒",
                "---",
                "+++",
                "Published: 2026-01-01",
                "?",
                "[a](https://e.example/)",
                "<p>",
                "<h1>",
                "</h1>",
                "<br>",
                "<article>",
                "<a href=x rel=next>",
                "<img srcset=',' data-src=a>",
                "<noscript>",
                "<iframe",
                " src=https://e/>",
                "<table><td>",
                "<script>",
                "&#0;",
                "\x00",
                "\u2028",
                "<pre>\n",
                "a: b\n",
            ]
        ),
        max_size=30,
    ),
)
def test_a_parser_raises_nothing_but_its_refusal(ending: str, pieces: list[str]) -> None:
    try:
        page = read(f"a.{ending}", "".join(pieces))
    except PageRefused as error:
        assert str(error).startswith(f"a.{ending}: ")  # noqa: PT017 - most are no refusals
    else:
        assert from_record(to_record(page)) == page


WRAPPED = """# Title

The first paragraph
is wrapped by hand.

- 💡 One that
  goes on
- 💡 Two

これは折り返した
文章です。[A link](https://e.example/)
with more
✅ no mark of an ordinary page
"""


def test_paragraphs_wrapped_by_hand_are_one_line_and_one_summary() -> None:
    article = read("a.md", WRAPPED)
    assert article.summary == "The first paragraph is wrapped by hand."
    assert article.highlights == ("One that goes on", "Two")
    assert article.lead == (
        "これは折り返した文章です。A link with more",
        "✅ no mark of an ordinary page",
    )
    assert article.html
    assert "これは折り返した文章です。" in article.html
    assert "<br" not in article.html
    assert "wrapped by hand" not in article.html


@pytest.mark.parametrize("mark", ["- ", "1. ", ""])
def test_text_right_below_a_highlight_is_text_and_what_is_indented_goes_on_in_it(mark: str) -> None:
    article = read(
        "a.md",
        f"# Title\n\nA summary.\n\n{mark}💡 One that\n    goes on\n{mark}💡 Two\nText right below.\n"
        "It goes on.\n\nMore.\n",
    )
    assert article.highlights == ("One that goes on", "Two")
    assert article.lead == ("Text right below. It goes on.", "More.")
    assert article.html
    assert article.html.startswith("<p>Text right below.")


def test_lines_of_a_program_stay_as_they_are() -> None:
    article = read("a.md", "# Title\n\nA summary.\n\nText.\n\n```\n💡 one\ntwo\n```\n")
    assert article.html
    assert "💡 one\ntwo" in article.html


def test_a_page_of_the_shape_keeps_its_lines() -> None:
    article = read(
        "a.md", f"{WRAPPED}Heading\nWhy?\nSo.\nPublished: 2026-10-01\nBody one\nBody two\n"
    )
    assert article.summary == "The first paragraph"
    assert article.sections[0].body == ("Body one", "Body two")


HOST = "[a-z]{1,6}(?:[.-][a-z]{1,5}){0,3}"


@given(st.from_regex(f"https?://{HOST}(?:/[A-Za-z0-9._~/é-]*)?", fullmatch=True))
def test_an_address_is_written_as_addresses_are(address: str) -> None:
    written = address.replace("é", "%C3%A9")
    said = read("page.md", f"# Title\n\nFirst.\n\nSee [x]({address}) there.").html
    assert f'<a href="{written}">x</a>' in (said or "")


@pytest.mark.parametrize(
    ("written", "html"),
    [
        (
            "<https://例え.jp/庭>",
            '<a href="https://xn--r8jz45g.jp/%E5%BA%AD">https://例え.jp/庭</a>',
        ),
        ("[a](https://%FF.jp/)", "<a>a</a>"),
        ("10~20時、30~40時", "10~20時、30~40時"),
        ("~~a~~ ~b~ `~c~`", "<s>a</s> ~b~ <code>~c~</code>"),
        (
            "[a](https://x.example/~b) `<~c>~~`~~d~~",
            '<a href="https://x.example/~b">a</a> <code>&lt;~c&gt;~~</code><s>d</s>',
        ),
        ("<https://x.example/~b>", '<a href="https://x.example/~b">https://x.example/~b</a>'),
        ("⁓a⁓ ~~b~~", "⁓a⁓ <s>b</s>"),
        (
            "![a](https://例え.jp/庭.png)",
            '<img src="https://xn--r8jz45g.jp/%E5%BA%AD.png" alt="a">',
        ),
        ("![a ![b](c.png) d\ne](f.png)", '<img src="f.png" alt="a b d e">'),
        ("![a&#x205f;&#1;b](c.png)", '<img src="c.png" alt="a\u205fb">'),
        ("a\nb&#2; `&#1;`", "a\nb <code>&amp;#1;</code>"),
        ("a~b and &#x2053;", "a~b and ⁓"),
        (
            "~ [a](https://example.com/%E2%81%93)",
            '~ <a href="https://example.com/%E2%81%93">a</a>',
        ),
        ("<del>a</del> ~~b~~ `<del>`", "<del>a</del> <s>b</s> <code>&lt;del&gt;</code>"),
        ("\u2003a\u00a0", "a"),
        ("a&nbsp;", "a&nbsp;"),
        ("\u3000\na\n\u3000", "a"),
        ("a ![one\ntwo](b.png) c", 'a <img src="b.png" alt="one two"> c'),
        (
            "[one\ntwo][] [one\ntwo]\n\n[one two]: /a",
            '<a href="/a">one\ntwo</a> <a href="/a">one\ntwo</a>',
        ),
        ("a\n*\n**\nb", "a\n*\n**\nb"),
        ("  \u3000一字下げ\u3000", "一字下げ"),
    ],
)
def test_what_one_line_of_markdown_is(written: str, html: str) -> None:
    assert read("a.md", f"# T\n\nS\n\n{written}\n").html == f"<p>{html}</p>"


def test_a_table_in_markdown_is_one_in_html() -> None:
    page = read("a.md", "# T\n\nS\n\n| a | b |\n|--:|---|\n| c~d | <del>e</del> |\n\nEnd.\n")
    assert page.lead == ("a", "b", "c~d", "e", "End.")
    cells = "<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>c~d</td>\n<td><del>e</del></td>"
    assert page.html == (f"<table>\n<thead>\n<tr>\n{cells}\n</tr>\n</tbody>\n</table>\n<p>End.</p>")


def test_a_table_with_a_head_alone_has_no_rows() -> None:
    page = read("a.md", "# T\n\nS\n\n| a\u2003 |\n|---|\n")
    assert page.html == "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table>"


def test_wide_blanks_at_the_ends_of_list_items_go() -> None:
    page = read("a.md", "# T\n\nS\n\n- a\u00a0\n  - \u2003b\u3000\n")
    assert page.html == "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"


def test_a_paragraph_that_ends_with_a_picture_ends() -> None:
    assert read("a.md", "# T\n\nS\n\nOne.\n![b](b.png)\n\nTwo.\n").lead == ("One.", "Two.")
