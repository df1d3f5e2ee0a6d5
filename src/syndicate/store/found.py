"""Files as they were last found. Processes that only read pages load this, and nothing of the database."""

from datetime import datetime

from msgspec import Struct


class KnownPage(Struct, frozen=True):
    """A page file: `digest` is the SHA-256 of its bytes, `refused` why it is no article.

    `double` is the file that says the same, where that is why.
    """

    path: str
    size: int
    modified_ns: int
    digest: str
    article_id: int | None
    refused: str | None
    gone: datetime | None
    double: str | None = None


class KnownPicture(Struct, frozen=True):
    """A picture of a page: `path` is its file's, named as pages are; -1 and -1 where there was none.

    `media` is its published path, None where it has none.
    """

    path: str
    size: int
    modified_ns: int
    media: str | None
