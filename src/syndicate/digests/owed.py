"""What one reader is due of a newsletter's news (DELIVERY.md, "What a reader is due").

Each rule stands since a history failed without it; `tests/news` has one for each.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from syndicate.model import EVERYTHING, Filters, Item, ItemKind, Log, News, NewsKind, Story

_NEW, _OMNIBUS = NewsKind.NEW, NewsKind.OMNIBUS


class Reader(Struct, frozen=True):
    """Where a subscription stands: its news are those after `cursor`, the log was at `start` when it began.

    `held` are the newest revisions of articles in letters that arrived, or may have; only those of
    articles that have more than one row are asked.
    """

    cursor: int
    start: int = 0
    filters: Filters = EVERYTHING
    held: Mapping[int, int] = field(default_factory=dict)


class Owed(Struct, frozen=True):
    """What a letter holds: `items` are empty where nothing in it would be news.

    `waits`: a correction is due, and stays so until there is news to go with it.
    """

    items: tuple[Item, ...] = ()
    waits: bool = False


def owed(log: Log, reader: Reader) -> Owed:
    """Choose what a reader is due, each article once: news, corrections, a closing series, catching up."""
    chosen = {item.article_id: item for item in _later(log, reader)}
    news = [item for item in chosen.values() if item.kind is ItemKind.NEW]
    if not news:
        return Owed(waits=any(item.kind is ItemKind.CORRECTED for item in chosen.values()))
    for story in (*_closing(log, reader), *_missed(log, reader, news)):
        chosen.setdefault(story[0].article_id, _item(*story))
    return Owed(tuple(chosen.values()))


def corrections(log: Log, reader: Reader) -> Owed:
    """Choose what changed of what a reader holds, wherever the cursor stands."""
    items = _later(log, Reader(0, filters=reader.filters, held=reader.held))
    return Owed(tuple(item for item in items if item.kind is ItemKind.CORRECTED))


def fresh(log: Log, cursor: int, filters: Filters) -> tuple[Item, ...]:
    """Return the news after a cursor as nobody in particular gets them: no corrections, no catching up."""
    items = _later(log, Reader(cursor, filters=filters))
    return tuple(item for item in items if item.kind is ItemKind.NEW)


def _later(log: Log, reader: Reader) -> Iterator[Item]:
    """Yield what the rows after the cursor bring, in the order of their articles' first row there.

    Who holds an article gets it once more only as a correction, and only of an older revision.
    """
    by_article: dict[int, list[News]] = {}
    for row in _after(log, reader.cursor):
        if row.kind is not _OMNIBUS:
            by_article.setdefault(row.article_id, []).append(row)
    for number, rows in by_article.items():
        story = log.stories.get(number)
        if story is None or not _passes(reader, story):
            continue
        held = reader.held.get(number)
        if held is None and any(row.kind is _NEW for row in rows):
            yield _item(story, ItemKind.NEW)
        elif held is not None and held < max(row.revision for row in rows):
            yield _item(story, ItemKind.CORRECTED)


def _closing(log: Log, reader: Reader) -> Iterator[tuple[Story, ItemKind]]:
    """Yield all parts of the series that are complete since the cursor."""
    done = {
        log.series[row.article_id]
        for row in _after(log, reader.cursor)
        if row.kind is _OMNIBUS and row.article_id in log.stories and row.article_id in log.series
    }
    for story in _parts(log, reader):
        if story.series in done:
            yield story, ItemKind.OMNIBUS


def _missed(log: Log, reader: Reader, news: list[Item]) -> Iterator[tuple[Story, ItemKind]]:
    """Yield parts of the series with news that came before the reader, or were nobody's news.

    Once: only when no news of the series lies between the start and the cursor.
    """
    with_news = {log.series[item.article_id] for item in news if item.article_id in log.series}
    firsts: dict[int, int] = {}
    for row in log.rows:
        if row.kind is _NEW:
            firsts.setdefault(row.article_id, row.seq)
            if reader.start < row.seq <= reader.cursor:
                with_news.discard(log.series.get(row.article_id, ""))
    for story in _parts(log, reader):
        if story.series in with_news and firsts.get(story.article_id, 0) <= reader.start:
            yield story, ItemKind.CATCH_UP


def _parts(log: Log, reader: Reader) -> list[Story]:
    """Return the parts of series that pass, in part order."""
    parts = [one for one in log.stories.values() if one.series and _passes(reader, one)]
    return sorted(parts, key=lambda one: (one.series, one.part or 0, one.article_id))


def _passes(reader: Reader, story: Story) -> bool:
    return reader.filters.passes(story.language, story.tags, story.series)


def _after(log: Log, cursor: int) -> tuple[News, ...]:
    return log.rows[bisect_right(log.rows, cursor, key=lambda row: row.seq) :]


def _item(story: Story, kind: ItemKind) -> Item:
    return Item(story.article_id, story.revision, story.part, kind)
