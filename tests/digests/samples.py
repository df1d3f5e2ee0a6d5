"""An edition for the tests: a Japanese series of four, its last part announced, and an English page."""

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from msgspec.structs import replace

from syndicate.digests.letter import Recipient, Sender, message_id
from syndicate.digests.selection import group, preheader, subject
from syndicate.model import (
    Article,
    Citation,
    Digest,
    DigestItem,
    Entry,
    Legal,
    Part,
    Publication,
    Section,
    Series,
)

TEMPLATES = Path(__file__).parents[2] / "templates"
EXPECTED = Path(__file__).parent / "expected"


def environment(*folders: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


ENVIRONMENT = environment()
MOMENT = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)  # the 23rd in Tokyo

PUBLICATION = Publication(
    title="灯台の手帖",
    base_url="https://example.com/todai",
    language="ja",
    zone="Asia/Tokyo",
    legal=Legal(
        sender="灯台の手帖 編集室",
        address="〒100-0000 東京都架空区岬町1-2-3",
        contact="henshu@example.com",
    ),
)

SENDER = Sender(
    address="letters@example.com",
    name="灯台の手帖",
    reply_to="henshu@example.com",
    list_id="digest.example.com",
    feedback_id="digest",
    domain="example.com",
    links="https://example.com/todai/u/",
    preferences="https://example.com/todai/preferences/",
    token_key="a1b2c3",
)

_TITLES = (
    "灯台守のいない夜：無人化から二十年、光は誰が守っているのか？",
    "霧笛が止んだ日：音の道しるべは、なぜ役目を終えたのか？",
    "レンズを磨く人：百年前のガラスを、いまも回しつづける技とは？",
    "岬に泊まる：灯台が宿になるまでと、その先の話",
)

SERIES = Series(
    slug="灯台守のいない夜",
    title="灯台と人のこれから",
    parts=(
        Part(1, _TITLES[0], 1, "灯台守のいない夜", "tag:example.com,2026:1"),
        Part(2, _TITLES[1], 2, "霧笛が止んだ日", "tag:example.com,2026:2"),
        Part(3, _TITLES[2], 3, "レンズを磨く人", "tag:example.com,2026:3"),
        Part(4, _TITLES[3]),
    ),
)

LENS = Article(
    title=_TITLES[2],
    summary=(
        "直径二メートルを超えるガラスの輪は、一枚ずつ手で外し、手で磨く。部品をつくる会社はもうない。"
        "それでも光が途切れないのは、三つの港町に残った職人たちが、図面にない手順を書き残してきたからだ。"
    ),
    highlights=(
        "レンズの点検は年に二度、凪の日だけに行われる。",
        "欠けた一枚を直すのに、型づくりから数えて七か月かかった。",
        "手順書は三つの港町で写しあい、どこか一つが失われても残るようにしている。",
    ),
    sections=(
        Section(
            heading="図面にない手順",
            sources=(
                Citation("岬の新聞", "https://news.example/lens?page=1&part=2"),
                Citation("港町資料館", "https://museum.example/レンズ"),
            ),
        ),
        Section(
            heading="七か月",
            sources=(Citation("岬の新聞", "https://news.example/lens?page=1&part=2"),),
        ),
    ),
)

TIDES = Article(
    title="How a harbour town learned to read the tide again",
    summary=(
        "When the printed tables stopped coming, the ferry crews of one small port built their own "
        "from a ruler, a notebook and a winter of patience."
    ),
    highlights=(
        "The tables had been printed for 112 years before the office closed.",
        "A home-made gauge is now right to within four centimetres.",
    ),
    sections=(Section(sources=(Citation("The Quay Courier", "https://courier.example/tide"),)),),
    language="en",
)


def entry(number: int, article: Article, slug: str, hour: int = 0) -> Entry:
    published = datetime(2026, 11, 21, hour, tzinfo=UTC)
    return Entry(number, f"tag:example.com,2026:{number}", slug, 1, published, published, article)


ENTRIES = (
    replace(entry(3, LENS, "レンズを磨く人", 3), series=SERIES, part=3),
    entry(9, TIDES, "how-a-harbour-town-learned", 7),
)


def digest(*entries: Entry, language: str = "ja", title: str = "灯台の手帖 だより") -> Digest:
    groups = group([DigestItem(one) for one in entries])
    return Digest(
        newsletter_title=title,
        number=12,
        language=language,
        date=MOMENT,
        groups=groups,
        subject=subject(groups, title, language),
        preheader=preheader(groups),
        address="https://example.com/todai/editions/digest/12/",
    )


EDITION = digest(*ENTRIES)

RECIPIENT = Recipient(
    address="reader@example.com",
    message_id=message_id("e:1:1", "example.com"),
    date=MOMENT,
    unsubscribe_url="https://example.com/todai/u/abcDEF_123-456?a=1&b=2",
    preferences_url="https://example.com/todai/preferences/abcDEF?a=1&b=3",
)


def long_series(count: int) -> tuple[Entry, ...]:
    """The newest part of a series of `count`, all published but an announced one more."""
    parts = [
        Part(n, f"{n}番目の灯台をたずねて", n, f"{n}番目の灯台をたずねて")
        for n in range(1, count + 1)
    ]
    series = Series("灯台めぐり", "灯台めぐり", (*parts, Part(count + 1, "旅の終わりに")))
    return (
        replace(
            entry(count, replace(LENS, title=parts[-1].title), parts[-1].slug or ""),
            series=series,
            part=count,
        ),
    )
