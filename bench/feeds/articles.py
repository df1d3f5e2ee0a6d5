"""Articles to be written, and the same values for programs that know nothing of articles."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from syndicate.feeds import Item
from syndicate.model import Article, Citation, Entry, Feed, Metadata, Publication, Section

TAG = "tag:example.com,2025-04-01:"
FIRST = datetime(2025, 5, 16, 9, 30, tzinfo=UTC)
ABOUT = Publication("港と潮", "https://example.com", author="編集部", description="海辺の連載。")
HEAD = Feed(
    uid=f"{TAG}feed",
    title=ABOUT.title,
    description=ABOUT.description,
    language="ja",
    author=ABOUT.author,
    base_url=ABOUT.base_url,
    page_path="",
    stem="feed",
    updated=FIRST,
)
_SOURCES = (
    Citation("Harbour News", "https://news.example/night?number=1&page=2"),
    Citation("港湾日報", "https://port.example/%E8%A8%98%E4%BA%8B"),
)
_HTML = "".join(
    f"<p>Paragraph {number}: cranes & ships, <em>all night</em>, as "
    f'<a href="https://news.example/{number}">somebody</a> wrote down. {"The sea comes back. " * 8}</p>\n'
    for number in range(7)
).replace(" & ", " &amp; ")
_LINES = tuple(f"{number}行目。{'クレーンは朝まで止まらない。' * 7}" for number in range(7))


def entries(count: int) -> Iterator[Entry]:
    """Make entries, every other with markup of 2 KB and with as much of Japanese lines."""
    for number in range(count):
        moment = FIRST - timedelta(minutes=number)
        yield Entry(
            number, f"{TAG}a/{number}", f"harbour-{number}", 1, moment, moment, _article(number)
        )


def _article(number: int) -> Article:
    markup = number % 2 == 0
    return Article(
        f"The harbour & the night, {number}" if markup else f"夜の荷役 & 朝の船 {number}",
        "What moves < what rests." if markup else "重さ < 速さ。荷役の現場から。",
        ("Nothing rests.", "一晩で千個。"),
        sections=(Section(sources=_SOURCES, body=() if markup else _LINES),),
        language="en" if markup else "ja",
        metadata=Metadata(authors=("M. Moon",), tags=("Tides", "Night")),
        html=_HTML if markup else None,
    )


def values(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Say what each entry holds that every writer can write."""
    return [
        {
            "id": one.uid,
            "title": one.title,
            "address": one.address,
            "summary": one.summary,
            "content": one.content,
            "author": one.authors[0],
            "published": one.published.isoformat(),
            "updated": one.updated.isoformat(),
            "tags": one.tags,
            "sources": [{"name": source.name, "url": source.url} for source in one.sources],
        }
        for one in items
    ]
