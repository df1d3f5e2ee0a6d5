"""Which parser reads which page."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from syndicate.articles import text
from syndicate.errors import PageRefused
from syndicate.model import Article, Page

# From a page and the publication's language to what it says; raises PageRefused alone.
ArticleParser = Callable[[Page, str], Article]

_PARSERS: Mapping[str, ArticleParser] = {".txt": text.parse}


def is_page(path: str) -> bool:
    """Whether a file is a page, by its name; names that begin with `.` or `_` are none."""
    names = PurePosixPath(path).parts
    return _ending(path) in _PARSERS and not any(name.startswith((".", "_")) for name in names)


def parse(page: Page, default_language: str) -> Article:
    """Read a page, or raise PageRefused with one line that names it and says what to do."""
    parser = _PARSERS.get(_ending(page.path))
    if parser is None:
        known = " ".join(_PARSERS)
        raise PageRefused(f"{page.path}: is no page by its name; pages end in {known}. Rename it.")
    return parser(page, default_language)


def _ending(path: str) -> str:
    return PurePosixPath(path).suffix.lower()
