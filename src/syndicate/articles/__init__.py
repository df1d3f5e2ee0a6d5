"""Pages read into articles, and articles written down (PAGES.md)."""

from syndicate.addresses import tag_key
from syndicate.articles.parsers import ArticleParser, is_page, parse, parsing
from syndicate.articles.pictures import placed, published, wanted
from syndicate.articles.record import content_hash, from_record, to_record
from syndicate.articles.series import title_key
from syndicate.articles.transcript import Transcript, transcribe

__all__ = [
    "ArticleParser",
    "Transcript",
    "content_hash",
    "from_record",
    "is_page",
    "parse",
    "parsing",
    "placed",
    "published",
    "tag_key",
    "title_key",
    "to_record",
    "transcribe",
    "wanted",
]
