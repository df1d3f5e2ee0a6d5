"""Pages made of a few lines, and what is read from them."""

import json
from pathlib import Path

from syndicate.articles import parse
from syndicate.model import Article, Page, Section

PAGES = Path(__file__).parent / "pages"
MODEL = Path(__file__).parents[3] / "shared" / "pages" / "000_db96fb3c55d97b38.txt"

HEAD = ("Title", "Summary.", "💡 Highlight")
OPENING = ("Heading", "Question?", "Answer")
DATE = "Published: 2026-01-15"


def read(*lines: str, language: str = "en") -> Article:
    """Read a page of these lines."""
    return parse(Page("page.txt", "\n".join(lines).encode()), language)


def section(*lines: str) -> Section:
    """Read a page whose only section has these lines after its date."""
    (only,) = read(*HEAD, *OPENING, DATE, *lines).sections
    return only


def codes(article: Article) -> list[str]:
    """Name the article's warnings, in their order."""
    return [notice.code for notice in article.warnings]


def expected(name: str) -> dict[str, object]:
    """Return the expected record in `pages/`."""
    record: dict[str, object] = json.loads((PAGES / name).read_text("utf-8"))
    return record
