"""Pictures beside pages: as they were last looked at, and which of them published articles show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, insert, select

from syndicate.store.articles import PUBLISHED
from syndicate.store.database import Transaction
from syndicate.store.found import KnownPicture
from syndicate.store.schema import (
    archive,
    archive_entry,
    article,
    article_picture,
    page_picture,
)
from syndicate.store.upsert import insert_many


def known(tx: Transaction) -> Mapping[str, Sequence[KnownPicture]]:
    """Return the pictures of every page that has any."""
    found: dict[str, list[KnownPicture]] = defaultdict(list)
    columns = (page_picture.c.path, page_picture.c.size, page_picture.c.modified_ns)
    for row in tx.execute(select(page_picture.c.page, *columns, page_picture.c.media)):
        found[row.page].append(KnownPicture(*row[1:]))
    return found


def save(tx: Transaction, found: Mapping[str, Sequence[KnownPicture]]) -> None:
    """Note the pictures of pages that were read, and of those no others."""
    if not found:
        return
    its = delete(page_picture).where(page_picture.c.page == bindparam("its_page"))
    tx.execute(its, [{"its_page": page} for page in found])
    rows = [
        {
            "page": page,
            "path": one.path,
            "size": one.size,
            "modified_ns": one.modified_ns,
            "media": one.media,
        }
        for page, pictures in found.items()
        for one in {one.path: one for one in pictures}.values()
    ]
    if rows:
        tx.execute(insert(page_picture), rows)


def put(tx: Transaction, media: Mapping[int, Sequence[str]]) -> None:
    """Note which published pictures articles show, and no others.

    One that a closed document of the main feed may show keeps all that it ever had.
    """
    its = article_picture.c.article == bindparam("its")
    closed = (
        select(archive_entry.c.article)
        .join(archive, archive.c.number == archive_entry.c.document)
        .where(archive_entry.c.article == bindparam("its"))
    )
    if media:
        without = delete(article_picture).where(its, ~closed.exists())
        tx.execute(without, [{"its": number} for number in media])
    if rows := [
        {"article": number, "media": one} for number, some in media.items() for one in some
    ]:
        insert_many(tx, article_picture, rows)


def published(tx: Transaction) -> Mapping[str, Sequence[str]]:
    """Return the published paths that published articles show, and the files that had those bytes."""
    rows = tx.execute(
        select(article_picture.c.media, page_picture.c.path)
        .join(article, article.c.id == article_picture.c.article)
        .outerjoin(page_picture, page_picture.c.media == article_picture.c.media)
        .where(article.c.state == PUBLISHED)
        .order_by(article_picture.c.media, page_picture.c.path)
        .distinct()
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        paths = found.setdefault(row.media, [])
        if row.path is not None:
            paths.append(row.path)
    return found
