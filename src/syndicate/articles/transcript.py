"""What an article says, written down once, and what is asked of it without reading it again."""

from msgspec import Struct
from msgspec.json import decode

from syndicate.articles.pictures import published
from syndicate.articles.record import from_record, gist_of, written
from syndicate.articles.series import title_key
from syndicate.model import Article, Metadata, Notice


class Transcript(Struct, frozen=True):
    """An article as it is kept: `record` is what `to_record` wrote, as JSON; `digest` its content hash.

    `gist` names what is found and shown without the text. `media` are its published pictures, `last` is the
    title key of its last line where it announces no part.
    """

    record: str
    digest: str
    gist: str
    title: str
    title_key: str
    next_title: str | None
    language: str
    metadata: Metadata
    media: tuple[str, ...]
    warnings: tuple[Notice, ...]
    last: str | None

    def article(self) -> Article:
        """Read it."""
        return from_record(decode(self.record))


def transcribe(article: Article) -> Transcript:
    """Write an article down."""
    record, digest = written(article)
    return Transcript(
        record=record,
        digest=digest,
        gist=gist_of(article),
        title=article.title,
        title_key=title_key(article.title),
        next_title=article.next_title,
        language=article.language,
        metadata=article.metadata,
        media=published(article),
        warnings=article.warnings,
        last=last_key(article),
    )


def last_key(article: Article) -> str | None:
    """Return the title key of an article's last line, None where it announces a part."""
    lines = article.sections[-1].body if article.sections else article.lead
    return title_key(lines[-1]) if lines and not article.next_title else None
