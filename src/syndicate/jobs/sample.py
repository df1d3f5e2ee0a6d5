"""Articles that nobody wrote, to try templates on: a series whose last part is announced, and one alone."""

from datetime import datetime

from syndicate.model import Article, Citation, Entry, Metadata, Part, Section
from syndicate.model import Series as SeriesRecord

_TITLES = ("A sample", "Its second part", "What comes next")
_ARTICLE = Article(
    _TITLES[0],
    "A sample summary.",
    ("A highlight",),
    metadata=Metadata(tags=("sample",), authors=("Nobody",)),
    sections=(
        Section(
            "A heading", key_points=("A point",), sources=(Citation("A", "https://a.example"),)
        ),
    ),
)


def sample_entries(now: datetime) -> tuple[Entry, ...]:
    """Return the sample articles, all published now."""
    parts = tuple(
        Part(n, title, n, f"sample-{n}", f"tag:{n}") for n, title in enumerate(_TITLES[:2], 1)
    )
    series = SeriesRecord("sample", "A sample series", (*parts, Part(3, _TITLES[2])))
    return (
        Entry(1, "tag:1", "sample-1", 1, now, now, _ARTICLE, series, 1),
        Entry(2, "tag:2", "sample-2", 2, now, now, Article(_TITLES[1]), series, 2),
        Entry(4, "tag:4", "sample-4", 1, now, now, Article("Alone")),
    )
