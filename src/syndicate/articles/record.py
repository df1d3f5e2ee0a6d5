"""Articles written down: what `parse --json` prints and the store keeps (PAGES.md)."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from msgspec.json import encode
from msgspec.structs import asdict

from syndicate.model import Article, Citation, Image, Metadata, Notice, Section

_TIMES = ("published", "updated")
_UNLISTED = {"size": None, "section": 0}  # what is known of few pictures


def to_record(article: Article) -> dict[str, object]:
    """Write an article as what JSON has, in the order of PAGES.md.

    `metadata` and `html` are there only if the page has any; metadata holds only what is known.
    """
    record: dict[str, object] = {
        "title": article.title,
        "summary": article.summary,
        "highlights": list(article.highlights),
        "lead": list(article.lead),
        "sections": [_section_record(section) for section in article.sections],
        "images": [_image_record(image) for image in article.images],
        "next_title": article.next_title,
        "language": article.language,
        "warnings": [{"code": one.code, "message": one.message} for one in article.warnings],
    }
    more = {"metadata": _metadata_record(article.metadata), "html": article.html}
    return record | {name: value for name, value in more.items() if value}


def from_record(record: Mapping[str, Any]) -> Article:
    """Read what `to_record` wrote: the exact inverse."""
    return Article(
        title=record["title"],
        summary=record["summary"],
        highlights=tuple(record["highlights"]),
        lead=tuple(record["lead"]),
        sections=tuple(_section(section) for section in record["sections"]),
        images=tuple(Image(**image) for image in record["images"]),
        next_title=record["next_title"],
        language=record["language"],
        warnings=tuple(Notice(**notice) for notice in record["warnings"]),
        metadata=_metadata(record.get("metadata", {})),
        html=record.get("html"),
    )


def content_hash(article: Article) -> str:
    """Return the SHA-256 (hex) of what an article says, warnings apart: the same for the same text.

    It is kept for every article: a change here makes all of them look changed once.
    """
    return written(article)[1]


def written(article: Article) -> tuple[str, str]:
    """Return what `to_record` writes of an article, as JSON, and its content hash."""
    record = to_record(article)
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


def _section_record(section: Section) -> dict[str, object]:
    day = section.source_date
    return {
        "heading": section.heading,
        "teaser_question": section.teaser_question,
        "teaser_answer": section.teaser_answer,
        "intro": list(section.intro),
        "source_date": day.isoformat() if day else None,
        "key_points": list(section.key_points),
        "sources": [{"name": one.name, "url": one.url} for one in section.sources],
        "body": list(section.body),
    }


def _section(record: Mapping[str, Any]) -> Section:
    day = record["source_date"]
    return Section(
        heading=record["heading"],
        teaser_question=record["teaser_question"],
        teaser_answer=record["teaser_answer"],
        intro=tuple(record["intro"]),
        source_date=date.fromisoformat(day) if day else None,
        key_points=tuple(record["key_points"]),
        sources=tuple(Citation(**source) for source in record["sources"]),
        body=tuple(record["body"]),
    )


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


def _metadata(record: Mapping[str, Any]) -> Metadata:
    times = {name: datetime.fromisoformat(record[name]) for name in _TIMES if record.get(name)}
    rest, author = dict(record), record.get("author", ())
    rest.pop("author", None)
    lists = {
        "tags": tuple(record.get("tags", ())),
        "authors": (author,) if isinstance(author, str) else tuple(author),
    }
    return Metadata(**rest | times | lists)
