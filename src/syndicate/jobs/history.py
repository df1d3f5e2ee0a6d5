"""Keep the history of the main feed: what was published first, in documents that are closed when full.

A closed document says for ever what its entries said on that day, so that it can be fetched once and
kept (RFC 5005, 4). An old article that is edited significantly enters the open document once more.
"""

import json
from collections.abc import Container, Mapping

from syndicate.model import Part, Publication, Series
from syndicate.store import archives, articles, series
from syndicate.store.archives import Closed, Kept
from syndicate.store.articles import Row
from syndicate.store.database import Transaction

SIZE = 100  # first publications in a document: what readers take at once (FEEDS.md, "history")
NEAR = 12  # parts to each side that are kept of a series: more than any entry names


def keep_history(tx: Transaction, about: Publication) -> None:
    """Enter what was published first or edited since, and close each document that is full."""
    number = archives.last(tx) + 1
    inside, entering = archives.inside(tx, number), archives.entering(tx, number)
    known = series.load(tx)
    for article_id, first in entering:
        inside[article_id] = first
        if sum(inside.values()) == SIZE:
            _save(tx, number, inside, known)
            head = (about.title, about.description, about.author, about.language)
            archives.close(tx, Closed(number, *head))
            number, inside = number + 1, {}
    _save(tx, number, inside, known)


def _save(
    tx: Transaction, number: int, inside: Mapping[int, int], known: Mapping[int, Series]
) -> None:
    rows, kept = articles.some(tx, list(inside)), []
    for article_id, first in inside.items():
        row = rows[article_id]
        around, dates = _around(row, known), (row.published, row.updated)
        place = (row.part, _write(around, row.part)) if around and row.part else (None, None)
        kept.append(Kept(number, row.id, first, row.revision, *dates, *place))
    archives.save(tx, kept)


def _around(row: Row, known: Mapping[int, Series]) -> Series | None:
    """Return the series that an article is a part of; one that is down is a part of none."""
    one = known.get(row.series_id) if row.series_id is not None else None
    return one if one and any(part.article_id == row.id for part in one.parts) else None


def _write(around: Series, part: int) -> str:
    """Write a series down, with the parts that an entry of it can name."""
    near = [
        [one.number, one.title, one.article_id, one.slug, one.uid, one.canonical]
        for one in around.parts[max(part - 1 - NEAR, 0) : part + NEAR]
    ]
    said = {"slug": around.slug, "title": around.title, "total": around.total, "parts": near}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def read_series(text: str, standing: Container[int | None]) -> Series:
    """Read what was written down of a series; parts that stand no more have no name and no address."""
    said = json.loads(text)
    parts = {number: Part(number, "") for number in range(1, said["total"] + 1)}
    for part in named_parts(text):
        if part.article_id is None or part.article_id in standing:
            parts[part.number] = part
    return Series(said["slug"], said["title"], tuple(parts.values()))


def named_parts(text: str) -> list[Part]:
    """Return the parts that were written down of a series."""
    return [Part(*values) for values in json.loads(text)["parts"]]
