"""A small feed that the tests of every format share: a series of two parts and one page alone."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from syndicate.feeds import FeedFormat, item
from syndicate.model import (
    Article,
    Citation,
    Entry,
    Feed,
    Image,
    Metadata,
    Part,
    Publication,
    Removed,
    Section,
    Series,
)

TAG = "tag:example.com,2025-04-01:"
PUBLISHED = datetime(2025, 5, 16, 9, 30, 0, 654321, UTC)
EDITED = datetime(2025, 6, 1, 0, 0, 0, tzinfo=UTC)

ABOUT = Publication("港と潮", "https://example.com", author="編集部", description="海辺の連載。")

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
    metadata=Metadata(authors=("M. Moon",)),
)


def entry(number: int, article: Article, **values: object) -> Entry:
    """Make an entry, published `number` seconds after PUBLISHED and never edited."""
    moment = PUBLISHED + timedelta(seconds=number)
    slug = SERIES.parts[number - 1].slug if number < 3 else f"slug-{number}"
    assert slug is not None
    made = Entry(number, f"{TAG}a/{number}", slug, 1, moment, moment, article)
    return replace(made, **values)


class Sample(Struct, frozen=True):
    """A feed and its entries, before they are written in any format."""

    head: Feed
    entries: tuple[Entry, ...]
    about: Publication = ABOUT
    short: bool = False

    def write(self, form: FeedFormat) -> bytes:
        items = [item(self.about, one, short=self.short) for one in self.entries]
        return form.write(self.head, map(form.entry, items))

    def but(self, **values: object) -> "Sample":
        """Return the same with another head."""
        return replace(self, head=replace(self.head, **values))


def feed(entries: Sequence[Entry], about: Publication = ABOUT) -> Sample:
    """Make the main feed of `entries`."""
    head = Feed(
        uid=TAG + "feed",
        title=about.title,
        description=about.description,
        language="ja",
        author=about.author,
        base_url=about.base_url,
        page_path="",
        stem="feed",
        updated=max((one.updated for one in entries), default=None),
    )
    return Sample(head, tuple(entries), about)


SMALL = feed(
    [
        entry(3, ALONE),
        entry(2, SECOND, series=SERIES, part=2),
        entry(1, FIRST, series=SERIES, part=1, updated=EDITED),
    ]
)
EMPTY = feed([])

# Everything that a feed can hold: a picture, tags, hubs, what was removed, and documents before it.
PICTURED = replace(
    ALONE,
    images=(
        Image("media/0123456789abcdef.png", "Low <tide>", 640, 480, size=5432),
        Image("https://pictures.example/潮.jpg?size=2", lead=True),
    ),
    metadata=Metadata(
        authors=("M. Moon",), tags=("Tides", "C++", "Tides"), canonical="https://old.example/潮"
    ),
)
WHOLE = feed([entry(3, PICTURED), entry(1, FIRST, series=SERIES, part=1)]).but(
    hubs=("https://hub.example/",),
    older="archive/2",
    removed=(Removed(f"{TAG}a/9", EDITED),),
)
CLOSED = feed([entry(2, SECOND, series=SERIES, part=2)]).but(
    stem="archive/2", older="archive/1", current="feed"
)
