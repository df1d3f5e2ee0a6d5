"""Articles written down: what `parse --json` prints and the store keeps (PAGES.md)."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from msgspec import convert, to_builtins
from msgspec.json import decode, encode
from msgspec.structs import asdict

from syndicate.model import Article, Image, Metadata

_UNLISTED = {"size": None, "section": 0}  # what is known of few pictures


def to_record(article: Article) -> dict[str, object]:
    """Write an article as what JSON has, in the order of PAGES.md.

    `metadata` and `html` are there only if the page has any; metadata holds only what is known.
    """
    return dict(decode(encode(_record(article))))


def _record(article: Article) -> dict[str, object]:
    """The same before it is JSON, whose lists are tuples still."""
    record: dict[str, object] = to_builtins(article)
    record["images"] = [_image_record(image) for image in article.images]
    record["metadata"] = _metadata_record(article.metadata)
    for name in ("metadata", "html"):
        if not record[name]:
            del record[name]
    return record


def from_record(record: Mapping[str, Any]) -> Article:
    """Read what `to_record` wrote: the exact inverse."""
    about = record.get("metadata", {})
    if isinstance(author := about.get("author"), str):
        record = {**record, "metadata": {**about, "author": [author]}}
    return convert(record, Article)


def content_hash(article: Article) -> str:
    """Return the SHA-256 (hex) of what an article says, warnings apart: the same for the same text.

    It is kept for every article: a change here makes all of them look changed once.
    """
    return written(article)[1]


def written(article: Article) -> tuple[str, str]:
    """Return what `to_record` writes of an article, as JSON, and its content hash."""
    record = _record(article)
    text = encode(record).decode()
    del record["warnings"]
    return text, sha256(encode(record)).hexdigest()


def gist_of(article: Article) -> str:
    """Name what is shown of an article where its text is not: where it is found, and in lists."""
    said = (article.title, article.language, article.summary, article.highlights)
    return sha256(repr(said).encode()).hexdigest()[:16]


def _image_record(image: Image) -> dict[str, object]:
    """Leave out what is not known and none of PAGES.md's keys."""
    record = asdict(image)
    return {
        name: value
        for name, value in record.items()
        if name not in _UNLISTED or value != _UNLISTED[name]
    }


def _metadata_record(metadata: Metadata) -> dict[str, object]:
    """Leave out what is not known: a field added later then changes no article's hash.

    `author` is a text, and a list where there are several, as in front matter.
    """
    record = dict[str, object]()
    for name, value in metadata.known().items():
        if name == "authors":
            record["author"] = value[0] if len(value) == 1 else list(value)
        else:
            record[name] = _plain(value)
    return record


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
