"""A letter's two parts: what a reader finds there, whatever the articles hold."""

import re
from pathlib import Path

import pytest
from lxml.html import HtmlElement, document_fromstring
from msgspec.structs import replace

from syndicate.digests.error import DigestError
from syndicate.digests.render import Rendered, render
from syndicate.model import Article, Citation, Digest, Entry, Legal, Part, Publication, Section
from tests.digests.samples import (
    EDITION,
    ENTRIES,
    ENVIRONMENT,
    LENS,
    PUBLICATION,
    SERIES,
    TIDES,
    digest,
    entry,
    environment,
    long_series,
)

CLIPPED = 102_400  # bytes of HTML that Gmail shows
HOSTILE = (
    "{{ 7 * 7 }} {% raw %}",
    "<script>alert(1)</script>",
    '" onmouseover="x" \'',
    "&amp; <b>bold</b> &nbsp;",
    "\u202eשלום\u202c مرحبا",
    "👩\u200d👩\u200d👧\u200d👦 zwj",
    "]]> --> <!-- ",
    "長" * 400,
    "x" * 400,
    "a\x00b\x0cc\ud800d\ufffe",
)


def rendered(
    *entries: Entry, language: str = "ja", publication: Publication = PUBLICATION
) -> Rendered:
    return render(digest(*entries, language=language), publication, ENVIRONMENT)


def page(letter: Rendered) -> HtmlElement:
    return document_fromstring(letter.html)


def links(letter: Rendered) -> dict[str, str]:
    return {" ".join(a.text_content().split()): a.attrib["href"] for a in page(letter).iter("a")}


LETTER = rendered(*ENTRIES)


def test_headings_are_in_order() -> None:
    headings = [
        (e.tag, e.text_content().strip()) for e in page(LETTER).xpath("//h1|//h2|//h3|//h4")
    ]
    assert headings == [
        ("h1", "灯台の手帖 だより"),
        ("h2", LENS.title),
        ("h3", "この連載の一覧"),
        ("h2", TIDES.title),
    ]


def test_a_part_says_which_it_is_of_how_many() -> None:
    assert page(LETTER).xpath("string(//p[@class='eyebrow'])").split() == [
        "第3部／全4部",
        "灯台と人のこれから",
    ]
    assert "Part 3 of 4" in rendered(ENTRIES[0], language="en").text


def test_every_button_names_what_it_opens() -> None:
    buttons = [a.text_content() for a in page(LETTER).xpath("//a[@class='press']")]
    assert buttons == ["第3部を読む", "『How a harbour town learned to read the…』を読む"]


def test_published_parts_are_links_and_the_announced_one_says_that_it_comes() -> None:
    rows = page(LETTER).xpath("//li[@class='part']")
    assert [row.xpath("count(.//a)") for row in rows] == [1, 1, 1, 0]
    assert [bool(row.xpath(".//*[@aria-current]")) for row in rows] == [False, False, True, False]
    assert [row.text_content().replace("\n", "") for row in rows[2:]] == [
        f"第3部{LENS.title} 今回",
        f"第4部{SERIES.parts[3].title} 近日公開",
    ]
    assert f"{SERIES.parts[3].title} (近日公開)" in LETTER.text


@pytest.mark.parametrize("count", [1, 60])
def test_no_part_of_a_series_is_dropped(count: int) -> None:
    letter = rendered(*long_series(count))
    targets = [a.get("href") for a in page(letter).xpath("//li[@class='part']//a")]
    assert len(targets) == len(set(targets)) == count
    assert all(f"  {target}\n" in letter.text for target in targets)
    assert "旅の終わりに" in letter.html
    assert letter.html_size < CLIPPED


def test_the_highlights_are_a_list_and_the_bulb_is_not_read_aloud() -> None:
    items = page(LETTER).xpath("//ul[@class='points']/li")
    assert len(items) == 5
    assert all(item[0].get("aria-hidden") == "true" and item[0].text == "💡" for item in items)
    assert LETTER.text.count("\n💡 ") == 5


def test_sources_are_named_links_and_each_stands_once() -> None:
    found = links(LETTER)
    assert found["岬の新聞"] == "https://news.example/lens?page=1&part=2"
    assert found["港町資料館"] == "https://museum.example/%E3%83%AC%E3%83%B3%E3%82%BA"
    assert LETTER.html.count("岬の新聞") == 1


def test_a_source_that_is_no_web_address_is_a_name_without_a_link() -> None:
    article = Article("t", sections=(Section(sources=(Citation("N", "javascript:alert(1)"),)),))
    letter = rendered(entry(1, article, "t"))
    assert "N" not in links(letter)
    assert ">N</span>" in letter.html
    assert "javascript" not in letter.html + letter.text


def test_the_foot_says_why_from_whom_and_how_to_leave() -> None:
    text = page(LETTER).xpath("string(//td[contains(@class,'foot')])")
    for said in (
        "灯台の手帖 だより",
        "岬町1-2-3",
        "編集室",
        "henshu@example.com",
        "配信を停止する",
    ):
        assert said in text
        assert said in LETTER.text
    assert links(LETTER)["ブラウザーで読む"] == EDITION.address


def test_what_is_not_known_leaves_no_trace() -> None:
    bare = replace(PUBLICATION, legal=Legal())
    silent = replace(digest(entry(1, Article("題"), "t")), number=None, address=None, preheader="")
    letter = render(silent, bare, ENVIRONMENT)
    assert "None" not in letter.html + letter.text
    for part in ("preheader", "tint", "summary", "eyebrow", "sources", "part"):
        assert not page(letter).xpath(f"//*[@class='{part}']")
    for said in ("お問い合わせ", "ブラウザー", "第12号", "\n\n\n", "💡"):
        assert said not in letter.text


def test_languages_are_marked_where_they_change() -> None:
    root = page(LETTER)
    assert (root.get("lang"), root.xpath("string(//body/div/@lang)")) == ("ja", "ja")
    assert [h.get("lang") for h in root.iter("h2")] == [None, "en"]


def test_a_language_without_words_of_ours_is_written_in_english() -> None:
    letter = rendered(ENTRIES[1], language="fr")
    assert page(letter).get("lang") == "en"
    assert "Unsubscribe" in links(letter)


def test_links_lead_to_the_original_where_the_publication_wants_it() -> None:
    metadata = replace(TIDES.metadata, canonical="https://courier.example/original")
    elsewhere = entry(1, replace(TIDES, metadata=metadata), "t")
    both = rendered(elsewhere, ENTRIES[0], publication=replace(PUBLICATION, links="source"))
    buttons = [a.get("href") for a in page(both).xpath("//a[@class='press']")]
    assert buttons[0] == "https://courier.example/original"
    assert buttons[1].startswith("https://example.com/todai/articles/")


def test_every_address_is_absolute_and_there_are_no_pictures_or_scripts() -> None:
    targets = [a.attrib["href"] for a in page(LETTER).iter("a")]
    marks = set(LETTER.sentinels)
    assert all(target.startswith("https://") or target in marks for target in targets)
    assert not page(LETTER).xpath("//img|//script|//link|//form|//iframe")


def test_layout_tables_are_named_as_such() -> None:
    assert all(table.get("role") == "presentation" for table in page(LETTER).iter("table"))


def test_what_mail_programs_need_is_there() -> None:
    for needed in (
        '<meta name="color-scheme" content="light dark">',
        '<meta name="supported-color-schemes" content="light dark">',
        "@media (prefers-color-scheme: dark)",
        "[data-ogsc] .",
        "<!--[if mso]><table",
        'width="600"',
    ):
        assert needed in LETTER.html
    head = LETTER.html.partition("</head>")[0]
    assert len("".join(re.findall("<style.*?</style>", head, re.DOTALL)).encode()) < 16_384


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    article = Article(
        title=text,
        summary=text,
        highlights=(text,),
        sections=(Section(sources=(Citation(text, "https://example.com/?q=<\"'>"),)),),
    )
    series = replace(SERIES, title=text, parts=(Part(1, text, 1, "s"), Part(2, text)))
    letter = rendered(replace(entry(1, article, "s"), series=series, part=1), ENTRIES[1])
    shown = re.sub("[\x00\x0c\ud800\ufffe]", "", text)
    root = page(letter)
    assert root.xpath("string(//h2)").strip() == shown.strip()
    assert root.xpath("string(//li[@class='point'])").removeprefix("💡").strip() == shown.strip()
    assert not root.xpath("//script|//b|//*[@onmouseover]")
    assert shown.strip() in letter.text
    assert len(root.xpath("//td[contains(@class,'foot')]")) == 1
    letter.html.encode()


def test_the_recipients_field_cannot_be_guessed_from_outside() -> None:
    mark = next(iter(LETTER.sentinels))
    again = rendered(replace(ENTRIES[0], article=replace(LENS, summary=mark)))
    assert mark not in again.sentinels
    assert all(mark.isascii() and mark.isalnum() for mark in again.sentinels)


def test_an_operator_overrides_one_block(tmp_path: Path) -> None:
    folder = tmp_path / "digest"
    folder.mkdir()
    for ending in ("html", "txt"):
        (folder / f"weekly.{ending}").write_text(
            f'{{% extends "digest/digest.{ending}" %}}{{% block masthead %}}OURS{{% endblock %}}',
            encoding="utf-8",
        )
    letter = render(EDITION, PUBLICATION, environment(tmp_path), "weekly")
    assert "OURS" in letter.html
    assert letter.text.startswith("OURS\n")
    assert "第3部を読む" in letter.html
    assert 'class="name"' not in letter.html


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{{ nothing }} {{ unsubscribe_url }}", "'nothing' is undefined"),
        ("\n{% if %}", "line 2 does not work"),
        ("<p>bye</p>", "does not show {{ unsubscribe_url }}"),
    ],
)
def test_a_template_that_does_not_work_is_named(
    tmp_path: Path, template: str, problem: str
) -> None:
    (tmp_path / "digest").mkdir()
    (tmp_path / "digest" / "mine.html").write_text(template, encoding="utf-8")
    with pytest.raises(DigestError) as refused:
        render(EDITION, PUBLICATION, environment(tmp_path), "mine")
    assert problem in str(refused.value)
    assert "digest/mine.html" in str(refused.value)


def test_a_template_that_is_missing_is_named() -> None:
    with pytest.raises(DigestError, match=r"digest/absent\.html"):
        render(EDITION, PUBLICATION, ENVIRONMENT, "absent")


def test_an_edition_without_articles_still_has_its_foot() -> None:
    empty = Digest("だより", 1, "ja", EDITION.date, (), "だより", "")
    assert "配信を停止する" in render(empty, PUBLICATION, ENVIRONMENT).text
