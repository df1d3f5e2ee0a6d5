"""Which files are pages, and who reads which. A new shape is one file and one line of the table."""

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from syndicate.articles import front, text
from syndicate.articles.metadata import About
from syndicate.articles.told import apply, astray
from syndicate.errors import PageRefused
from syndicate.model import Article, Page
from syndicate.steps import Steps, finish

# From a page, what its sidecar says and the publication's language to what it says; raises PageRefused
# alone. The sidecar is laid over it afterwards: it is there so that no line is taken for its title.
ArticleParser = Callable[[Page, About, str], Steps[Article]]


def _text(page: Page, _beside: About, default_language: str) -> Steps[Article]:
    yield
    return text.parse(page, default_language)


def _markdown(page: Page, beside: About, default_language: str) -> Steps[Article]:
    from syndicate.articles import markdown  # noqa: PLC0415 - a short command starts faster

    return markdown.parse(page, beside, default_language)


def _html(page: Page, beside: About, default_language: str) -> Steps[Article]:
    from syndicate.articles import html  # noqa: PLC0415 - as above

    yield
    return html.parse(page, beside, default_language)


_PARSERS: Mapping[str, ArticleParser] = {
    ".txt": _text,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
}
_ENDINGS = tuple(_PARSERS)
# A name by which nothing is a page; `.` is where one stands.
_HIDDEN = re.compile(r"(?:.*/)?(?:_|\.[^/])", re.DOTALL)


def parse(page: Page, default_language: str) -> Article:
    """Read a page by the parser of its name's ending, and lay its sidecar over it.

    `default_language` (BCP 47) is taken where the text does not tell. Raises PageRefused, whose
    one line names the file, the reason and what to do.
    """
    return finish(parsing(page, default_language))


def parsing(page: Page, default_language: str) -> Steps[Article]:
    """Read a page as `parse` does, step by step."""
    # Without case: some systems write `.TXT`, and a page must not be passed over.
    parser = _PARSERS.get(page.path[page.path.rfind(".") :].lower())
    if parser is None:
        *others, last = _PARSERS
        known = f"{', '.join(others)} or {last}"
        raise PageRefused(f"{page.path}: is no page by its name. Give it one that ends in {known}.")
    beside = front.beside(page)
    article = apply(beside, (yield from parser(page, beside, default_language)))
    lost = astray(article)
    return replace(article, warnings=(*article.warnings, *lost)) if lost else article


def is_page(path: str) -> bool:
    """Whether a file is a page, by its name: nothing is in or below a name that `.` or `_` begins."""
    return path.lower().endswith(_ENDINGS) and not _HIDDEN.match(path)
