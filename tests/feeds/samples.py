"""A small feed that the tests of every format share: a series of two parts and one page alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from syndicate.model import Article, Citation, Entry, Feed, Metadata, Part, Section, Series

TAG = "tag:example.com,2025-04-01:"
PUBLISHED = datetime(2025, 5, 16, 9, 30, 0, 654321, UTC)
EDITED = datetime(2025, 6, 1, 0, 0, 0, tzinfo=UTC)

SERIES = Series(
    "港の話",
    "港の話",
    (
        Part(1, "港はなぜ眠らないのか", 1, "港はなぜ眠らないのか", TAG + "a/1"),
        Part(2, "夜の荷役 & 朝の船", 2, "夜の荷役", TAG + "a/2"),
        Part(3, "潮が引くとき"),
    ),
)

SECTION = Section(
    heading="灯りの下で",
    teaser_question="夜の港では何が動いているのか?",
    teaser_answer="人と機械である。",
    intro=("岸壁の一夜を追う。",),
    source_date=date(2025, 5, 2),
    key_points=("荷役は夜に集中する。", "船は朝に出る。"),
    sources=(Citation("港湾日報", "https://news.example/記事?番号=1&頁=2"),),
    body=("クレーンは朝まで止まらない。",),
)

FIRST = Article(
    "港はなぜ眠らないのか",
    "夜の港をめぐる連載の第一回。",
    ("港は夜も動く。", "船は待たない。"),
    ("港の一日は夜に始まる。",),
    (SECTION,),
    next_title="夜の荷役 & 朝の船",
)
SECOND = Article(
    "夜の荷役 & 朝の船",
    "重さ < 速さ。荷役の現場から。",
    ("一晩で千個。",),
    sections=(
        replace(
            SECTION, heading=None, sources=(*SECTION.sources, Citation("", "https://port.example/"))
        ),
    ),
)
ALONE = Article(
    "Why <b>tides</b> matter",
    lead=("The sea comes back.",),
    language="en",
    metadata=Metadata(author="M. Moon"),
)


def entry(number: int, article: Article, **values: object) -> Entry:
    """Make an entry, published `number` seconds after PUBLISHED and never edited."""
    moment = PUBLISHED + timedelta(seconds=number)
    slug = SERIES.parts[number - 1].slug if number < 3 else f"slug-{number}"
    assert slug is not None
    made = Entry(number, f"{TAG}a/{number}", slug, 1, moment, moment, article)
    return replace(made, **values)  # type: ignore[arg-type]


def feed(entries: Sequence[Entry]) -> Feed:
    """Make the main feed of `entries`."""
    return Feed(
        uid=TAG + "feed",
        title="港と潮",
        description="海辺の連載。",
        language="ja",
        author="編集部",
        base_url="https://example.com",
        page_path="",
        stem="feed",
        entries=tuple(entries),
    )


SMALL = feed(
    [
        entry(3, ALONE),
        entry(2, SECOND, series=SERIES, part=2),
        entry(1, FIRST, series=SERIES, part=1, updated=EDITED),
    ]
)
EMPTY = feed([])
