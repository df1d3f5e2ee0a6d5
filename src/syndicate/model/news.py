"""A newsletter's news, and what of them a letter holds (DELIVERY.md, "What a reader is due")."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class NewsKind(StrEnum):
    """Why an article stands in a newsletter's news log."""

    NEW = "new"
    CORRECTED = "corrected"
    OMNIBUS = "omnibus"


class ItemKind(StrEnum):
    """Why an article stands in a letter."""

    NEW = "new"
    CORRECTED = "corrected"  # it changed significantly since this reader was mailed it
    OMNIBUS = "omnibus"  # a part of a series that is complete now, shown once more
    CATCH_UP = "catch-up"  # an earlier part, for who joined in the middle of its series


class News(Struct, frozen=True):
    """One row of a newsletter's append-only news log; `seq` has no gaps."""

    newsletter: str
    seq: int
    article_id: int
    revision: int
    kind: NewsKind


class Story(Struct, frozen=True):
    """What is asked of a published article to choose it: `series` is a slug, `tags` are keys."""

    article_id: int
    revision: int
    language: str
    tags: frozenset[str] = frozenset()
    series: str | None = None
    part: int | None = None


class Log(Struct, frozen=True):
    """A newsletter's news up to a cut, and the articles behind them.

    `rows` are oldest first; of articles that have a row, and of all others of their series. `stories`
    are those of these articles that may be mailed now; `series` is the series of all of them.
    """

    rows: tuple[News, ...]
    stories: Mapping[int, Story]
    series: Mapping[int, str]


class Item(Struct, frozen=True):
    """An article in a letter: at which revision, as which part, and why."""

    article_id: int
    revision: int
    part: int | None
    kind: ItemKind
