"""Pages that nobody would write: each is read or refused, and none takes long."""

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.articles import content_hash, from_record, parse, title_key, to_record
from syndicate.articles.decode import decode, lines_of
from syndicate.errors import PageRefused
from syndicate.model import Page
from tests.articles.samples import DATE, HEAD, OPENING, codes, read
from tests.conftest import CHECKOUT

MILLION = 1_000_000
_SOURCE = "さらに読む ⇒N出典/画像元: "


def _section(line: str) -> str:
    return "\n".join([*HEAD, *OPENING, DATE, line])


@pytest.mark.parametrize(
    "text",
    [
        "a" * MILLION,
        "あ" * (MILLION // 3),
        "👩\u200d🔬" * 90_000,
        "a" + "\u0301\u0323" * (MILLION // 4),
        " " * MILLION + "x",
        "Title\n" + "\u3000" * (MILLION // 3) + "x",
        "a\n" * (MILLION // 2),
        "?\n" * (MILLION // 2),
        "a.\nb?\n" * (MILLION // 6) + DATE,
        "T\nS\n" + "💡\n" * (MILLION // 5),
        "T\nS\n💡" + " " * MILLION + "H",
        _section("✅" + "\u3000" * (MILLION // 3) + "x"),
        "T\nS\n" + "公開日:\n" * 30_000,
        "T\nS\n公開日" + " " * MILLION,
        "T\nS\n公開日:" + "1" * MILLION,
        "T\nS\n次のページを読む" + " " * MILLION + "x",
        "T\nS\n" + "Next page ⇒\n" * (MILLION // 15),
        _section("さらに読む" + " " * MILLION + "x"),
        _section("さらに読む ⇒" + "出典/画像元:" * (MILLION // 17)),
        _section("さらに読む ⇒" + "出典/画像元:    " * (MILLION // 20)),
        _section(_SOURCE + " " * MILLION + "x"),
        _section(_SOURCE + "https://" + "a" * MILLION),
        _section(_SOURCE + "https://a.example/" + "%41" * (MILLION // 3)),
        _section(_SOURCE + "https://a.example/" + "%41" * (MILLION // 3) + "%"),
        _section(_SOURCE + "https://a.example/a.html" + "A" * MILLION),
        _section(_SOURCE + "https://a.example/a.html" + "A'" * (MILLION // 2) + "1"),
        _section(_SOURCE + "https://a.example/a.html" + "A'b" * (MILLION // 3) + "1"),
        _section(_SOURCE + "https://a.example" + "/A" * (MILLION // 2) + " b"),
        _section(_SOURCE + ".html" * (MILLION // 5)),
        "\n".join([*HEAD, *[*OPENING, DATE, _SOURCE + "https://a.example/本文。"] * 10_000]),
        "word " * (3 * MILLION // 5),
    ],
    ids=range(31),
)
def test_a_page_of_a_megabyte_ends(text: str) -> None:
    article = parse(Page("page.txt", text.encode()), "en")
    assert article.title
    assert title_key(article.title)
    assert from_record(to_record(article)) == article


def test_random_bytes_are_refused() -> None:
    data = random.Random(1).randbytes(3 * MILLION)
    with pytest.raises(PageRefused, match=r"^page\.txt: "):
        parse(Page("page.txt", data), "en")


@pytest.mark.parametrize("title", ["長い題" * 133 + "終", "👨\u200d👩\u200d👧\u200d👦" * 57 + "!"])
def test_a_title_of_four_hundred_characters_is_kept_whole(title: str) -> None:
    assert len(title) == 400
    article = read(title, "S", "L", "Next page ⇒", title)
    assert (article.title, article.next_title) == (title, title)


def test_bidirectional_overrides_cannot_hide_what_a_title_says() -> None:
    article = read("Pay \u202e100\u202c euros", "S", "L")
    assert article.title == "Pay 100 euros"
    assert codes(article) == ["control-characters"]


def test_messages_are_one_line_each_whatever_they_quote() -> None:
    article = read(*HEAD, "Heading \u2028 of\x85many\tlines", DATE, "Next page ⇒ N", "a\u2029b")
    assert codes(article)[0] == "heading-guessed"
    assert all(len(notice.message.splitlines()) == 1 for notice in article.warnings)


# --- fuzz ---------------------------------------------------------------------------------------

_NOISE = st.sampled_from(
    [
        "",
        "",
        "",
        "\u2028",
        "a\tb",
        "👩\u200d🔬",
        "\u3000",
        "\ufeff",
        "\x00",
        "\u202e",
        "💡",
        "✅ ",
        "⇒",
        "%",
    ]
)
_END = st.sampled_from(["", "", "。", ".", "！", "?", "？"])
_MARK = st.sampled_from(
    ["", "", "", "💡 ", "💡\ufe0f", "✅ ", "✅", "Next page ⇒ ", "次のページを読む ⇒"]
)
_BREAK = st.sampled_from(["\n", "\r\n", "\n\n", " \n\u3000\n"])


def _text_line(mark: str, before: str, after: str, end: str) -> Callable[[int], str]:
    return lambda number: f"{mark}{before}<line {number}a>{after}{end}"


def _source_line(name: str, ending: str, glued: str, end: str) -> Callable[[int], str]:
    return lambda number: (
        f"さらに読む ⇒{name}<line {number}a>出典/画像元: https://a.example/({number}b){ending}{glued}<{number}c>{end}"
    )


def _bare_line(text: str) -> Callable[[int], str]:
    return lambda _number: text


_LINES = st.lists(
    st.one_of(
        st.builds(_text_line, _MARK, _NOISE, _NOISE, _END),
        st.builds(_source_line, _NOISE, st.sampled_from(["", ".html", "/", "%41"]), _NOISE, _END),
        st.builds(
            _bare_line,
            st.sampled_from(
                [DATE, "公開日:2025/5/1", "公開日:2025/99/1", "💡", "✅", "Next page ⇒", "公開日："]
            ),
        ),
    ),
    min_size=1,
    max_size=25,
)


@given(_LINES, _BREAK)
def test_whatever_the_order_of_its_lines_no_text_of_a_page_is_lost_or_doubled(
    lines: list[Callable[[int], str]], line_end: str
) -> None:
    text = line_end.join(line(number) for number, line in enumerate(lines))
    article = parse(Page("page.txt", text.encode()), "en")
    record = to_record(article)
    record["warnings"] = []
    written = repr(record)
    for number, line in enumerate(lines):
        for token in (f"<line {number}a>", f"({number}b)", f"<{number}c>"):
            assert written.count(token) == (token in line(number))


@given(_LINES)
def test_every_date_line_is_a_date_a_warning_or_text(lines: list[Callable[[int], str]]) -> None:
    texts = [line(number) for number, line in enumerate(lines)]
    article = parse(Page("page.txt", "\n".join(texts).encode()), "en")
    kept = repr({**to_record(article), "warnings": ()})
    for raw, written in (("公開日:2025/5/1", "'2025-05-01'"), (DATE, "'2026-01-15'")):
        assert texts.count(raw) == kept.count(f"'{raw}'") + kept.count(written)
    impossible = sum(texts.count(raw) for raw in ("公開日:2025/99/1", "公開日："))
    as_text = kept.count("'公開日:2025/99/1'") + kept.count("'公開日：'")
    assert impossible == as_text + codes(article).count("date-invalid")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        article = parse(Page("page.txt", data), "en")
    except PageRefused:
        return
    assert from_record(to_record(article)) == article
    assert len(content_hash(article)) == 64


_PAGES = [path.read_bytes() for path in sorted((CHECKOUT / "content").glob("*.txt"))]
_INSERTED = st.sampled_from(
    [
        b"",
        b"\x00",
        b"\xff",
        b"\xe3\x80",
        b"\n",
        b"\r\n",
        "\u2028".encode(),
        "💡".encode(),
        "✅ ".encode(),
        "公開日:".encode(),
        "⇒".encode(),
        b"---\n",
        b"<p>",
        b"</article>",
        b"]]>",
        b"<!--",
        b"[",
        b"`" * 9,
    ]
)
_EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), _INSERTED), min_size=1, max_size=12
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_PAGES), _EDITS, st.sampled_from(["txt", "md", "html"]))
def test_real_pages_that_were_mutilated_are_read_or_refused(
    page: bytes, edits: list[tuple[float, int, bytes]], ending: str
) -> None:
    for at, cut, inserted in edits:
        place = int(at * len(page))
        page = page[:place] + inserted + page[place + cut :]
    try:
        article = parse(Page(f"page.{ending}", page), "ja")
    except PageRefused as error:
        assert str(error).startswith(f"page.{ending}: ")  # noqa: PT017 - most are no refusals
        return
    assert from_record(to_record(article)) == article
    if ending == "txt":
        kept = repr({**to_record(article), "warnings": ()})
        lost = [line for line in lines_of(decode(Page("page.txt", page))[0]) if is_lost(line, kept)]
        assert lost == []


def is_lost(line: str, kept: str) -> bool:
    """Whether the longest run of Japanese letters of a line is nowhere in what was kept of its page."""
    words = re.findall(r"[ぁ-んァ-ヶ一-龠々ー]{3,}", line.replace("出典", " "))
    longest = max(words, key=len, default="")
    marks = ("公開日", "次のページを読む", "さらに読む", "画像元")
    return bool(longest) and longest not in marks and longest not in kept
