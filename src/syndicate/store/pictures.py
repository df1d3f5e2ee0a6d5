"""Pictures beside pages: as they were last looked at, and which of them published articles show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, insert, select

from syndicate.store.articles import PUBLISHED
from syndicate.store.database import Transaction
from syndicate.store.found import KnownPicture
from syndicate.store.schema.content import article_picture, page_picture
from syndicate.store.schema.serving import archive, archive_entry
from syndicate.store.statement import Statement
from syndicate.store.upsert import insert_many

# Of all pictures: SQLAlchemy's own way would take as long as the database.
_KNOWN = Statement("SELECT page, path, size, modified_ns, media FROM page_picture")
_PUBLISHED = Statement(
    "SELECT DISTINCT article_picture.media, page_picture.path FROM article_picture "
    "JOIN article ON article.id = article_picture.article "
    "LEFT JOIN page_picture ON page_picture.media = article_picture.media "
    "WHERE article.state = :state ORDER BY article_picture.media, page_picture.path"
)


def known(tx: Transaction) -> Mapping[str, Sequence[KnownPicture]]:
    """Return the pictures of every page that has any."""
    found: dict[str, list[KnownPicture]] = defaultdict(list)
    for page, *row in _KNOWN(tx, {}):
        found[page].append(KnownPicture(*row))
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
    found: dict[str, list[str]] = {}
    for media, path in _PUBLISHED(tx, {"state": PUBLISHED}):
        paths = found.setdefault(media, [])
        if path is not None:
            paths.append(path)
    return found
