"""Page files as they were last found."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import bindparam, select, update

from syndicate.model import Notice
from syndicate.store import marks
from syndicate.store.database import Transaction
from syndicate.store.found import KnownPage
from syndicate.store.schema.content import page
from syndicate.store.statement import Statement
from syndicate.store.types import from_micros
from syndicate.store.upsert import upsert_many

# The digest of what is no article alone: of very many others it would fill the memory.
_KNOWN = Statement(
    "SELECT path, size, modified_ns, "
    "CASE WHEN refused IS NULL AND double IS NULL THEN '' ELSE digest END, "
    "article, refused, gone, double FROM page"
)


def known(tx: Transaction) -> dict[str, KnownPage]:
    """Return every page ever found, by its path; those that hold an article without their digests."""
    rows = _KNOWN(tx, {}).fetchall()
    found = {row[0]: KnownPage(*row) for row in rows}
    for path, gone in ((row[0], row[6]) for row in rows if row[6] is not None):
        found[path] = replace(found[path], gone=from_micros(gone))
    return found


def version(tx: Transaction) -> int:
    """Return a number that is another one as soon as anything is noted of any page."""
    return marks.get(tx, marks.PAGES)


def save(
    tx: Transaction, found: Sequence[tuple[KnownPage, Sequence[Notice]]], now: datetime
) -> None:
    """Note how pages were found, and what an editor should look at in each."""
    marks.count(tx, marks.PAGES)
    rows = [_values(one, notices, now) for one, notices in found]
    upsert_many(tx, page, rows, keys=("path",))


def _values(found: KnownPage, notices: Sequence[Notice], now: datetime) -> dict[str, object]:
    said = [[one.code, one.message] for one in notices]
    return {
        "path": found.path,
        "size": found.size,
        "modified_ns": found.modified_ns,
        "digest": found.digest,
        "article": found.article_id,
        "refused": found.refused,
        "double": found.double,
        "notices": json.dumps(said, ensure_ascii=False) if said else None,
        "seen": now,
        "gone": found.gone,
    }


def mark_gone(tx: Transaction, paths: Sequence[str], now: datetime) -> None:
    """Note that pages are no longer there."""
    if paths:
        marks.count(tx, marks.PAGES)
        statement = update(page).where(page.c.path == bindparam("gone_path")).values(gone=now)
        tx.execute(statement, [{"gone_path": path} for path in paths])


def refused(tx: Transaction) -> dict[str, str]:
    """Return the reason for every page that is there and is no article."""
    rows = tx.execute(
        select(page.c.path, page.c.refused)
        .where(page.c.refused.is_not(None), page.c.gone.is_(None))
        .order_by(page.c.path)
    )
    return {row.path: row.refused for row in rows}


def notices(tx: Transaction) -> Iterator[tuple[str, Notice]]:
    """Yield what an editor should look at in the pages that are there, as they were last read."""
    rows = tx.execute(
        select(page.c.path, page.c.notices)
        .where(page.c.notices.is_not(None), page.c.gone.is_(None), page.c.refused.is_(None))
        .order_by(page.c.path)
    )
    for row in rows:
        yield from ((row.path, Notice(*one)) for one in json.loads(row.notices))


def articles_at(tx: Transaction, paths: Collection[str]) -> Iterator[tuple[str, int, bool]]:
    """Yield which article each file of these names holds, or held last, and whether it is gone."""
    rows = tx.execute(
        select(page.c.path, page.c.article, page.c.gone).where(
            page.c.path.in_(list(paths)), page.c.article.is_not(None), page.c.double.is_(None)
        )
    )
    return ((row.path, row.article, row.gone is not None) for row in rows)


def last_paths(tx: Transaction) -> dict[int, str]:
    """Return the file that holds each article, or held it last."""
    rows = tx.execute(
        select(page.c.article, page.c.path)
        .where(page.c.article.is_not(None), page.c.double.is_(None))
        .order_by(page.c.gone.is_(None), page.c.gone, page.c.path.desc())
    )
    return {row.article: row.path for row in rows.all()}


def dotted(tx: Transaction) -> bool:
    """Whether the path of any page has a dot more than that of its ending."""
    return tx.scalar(select(page.c.path).where(page.c.path.like("%.%.%")).limit(1)) is not None


def paths_of(tx: Transaction, article_id: int) -> list[str]:
    """Return the files that hold an article now."""
    rows = tx.scalars(
        select(page.c.path)
        .where(page.c.article == article_id, page.c.gone.is_(None))
        .order_by(page.c.path)
    )
    return list(rows)
