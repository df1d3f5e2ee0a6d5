"""What an editor is told of articles, when they are picked up and by `check`: wishes, and missing marks."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from syndicate.articles.members import Concern
from syndicate.jobs import declared
from syndicate.model import Metadata, Notice
from syndicate.store import articles, namesakes
from syndicate.store.database import Transaction


class Advised(Struct, frozen=True):
    """What an article says that advice is about; `last` is as in a Transcript, `is_new` before any change."""

    article_id: int
    title: str
    title_key: str
    last: str | None
    metadata: Metadata
    is_new: bool


def advise(tx: Transaction, some: Sequence[Advised], zone: str, now: datetime) -> Iterator[Concern]:
    """Say of some hundred articles that are kept what their pages wish and do not get, or seem to mean."""
    yield from _ungranted(tx, some, zone, now)
    yield from _unmarked(tx, some)


def _ungranted(
    tx: Transaction, some: Sequence[Advised], zone: str, now: datetime
) -> Iterator[Concern]:
    """Say what pages declare of themselves and did not get."""
    wishing = [
        one
        for one in some
        if declared.wishes(one.metadata, declared.times(one.metadata, zone, now), now)
    ]
    rows = articles.some(tx, [one.article_id for one in wishing])
    for one in wishing:
        row = rows[one.article_id]
        for notice in declared.notices(one.metadata, row, zone, now, is_new=one.is_new):
            yield Concern(notice, row.id)


def _unmarked(tx: Transaction, some: Sequence[Advised]) -> Iterator[Concern]:
    """Name pages whose last line is another page's title, without the mark of the next page."""
    last: dict[str, list[Advised]] = {}
    for one in some:
        if one.last is not None:
            last.setdefault(one.last, []).append(one)
    for key in sorted({*namesakes.titled(tx, sorted(last)).values()}):
        for one in last[key]:
            if key == one.title_key:
                continue
            message = (
                f"“{one.title}” ends with the title of another page, which is text there. If that "
                "page is its next part, write “次のページを読む ⇒” or “Next page ⇒” before it."
            )
            yield Concern(Notice("next-unmarked", message), one.article_id)
