"""All tables: to make a database, or to compare one (a test proves that both agree)."""

from syndicate.store.schema import (
    content,
    copies,
    letters,
    news,
    people,
    sending,
    serving,
    signups,
    web,
)
from syndicate.store.schema.base import metadata, tell_postgresql

__all__ = [
    "content",
    "copies",
    "letters",
    "metadata",
    "news",
    "people",
    "sending",
    "serving",
    "signups",
    "tell_postgresql",
    "web",
]
