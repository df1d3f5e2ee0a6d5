"""Articles as JSON: what `parse --json` prints, and how the store keeps a revision (PAGES.md)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from syndicate.model import Article, Citation, Image, Metadata, Notice, Section


def to_record(article: Article) -> dict[str, object]:
    """Return an article in the keys of PAGES.md; `metadata` stands only where there is some."""
    record = json.loads(json.dumps(asdict(article), default=_plain))
    metadata = record.pop("metadata")
    warnings = record.pop("warnings")
    record["warnings"] = warnings
    if article.metadata != Metadata():
        record["metadata"] = metadata
    return dict(record)


def from_record(record: Mapping[str, Any]) -> Article:
    """Return the article that `to_record` wrote."""
    return Article(
        title=record["title"],
        summary=record["summary"],
        highlights=tuple(record["highlights"]),
        lead=tuple(record["lead"]),
        sections=tuple(_section(one) for one in record["sections"]),
        images=tuple(Image(**one) for one in record["images"]),
        next_title=record["next_title"],
        language=record["language"],
        warnings=tuple(Notice(**one) for one in record["warnings"]),
        metadata=_metadata(record.get("metadata", {})),
    )


def content_hash(article: Article) -> str:
    """Name what an article says: SHA-256 in hex, whatever was warned of it."""
    record = to_record(article)
    del record["warnings"]
    text = json.dumps(record, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _section(record: Mapping[str, Any]) -> Section:
    day = record["source_date"]
    return Section(
        heading=record["heading"],
        teaser_question=record["teaser_question"],
        teaser_answer=record["teaser_answer"],
        intro=tuple(record["intro"]),
        source_date=date.fromisoformat(day) if day else None,
        key_points=tuple(record["key_points"]),
        sources=tuple(Citation(**one) for one in record["sources"]),
        body=tuple(record["body"]),
    )


def _metadata(record: Mapping[str, Any]) -> Metadata:
    times = {
        name: datetime.fromisoformat(record[name])
        for name in ("published", "updated")
        if record.get(name)
    }
    return Metadata(**{**record, **times, "tags": tuple(record.get("tags", ()))})


def _plain(value: object) -> str:
    assert isinstance(value, (date, datetime))
    return value.isoformat()
