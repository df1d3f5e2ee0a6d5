"""Read the pages that are new or changed, outside any transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from syndicate.articles import parse
from syndicate.content import Found, Skipped, StillWrittenError, read
from syndicate.errors import PageRefused
from syndicate.jobs.rules import Rules
from syndicate.model import Article, Page
from syndicate.store.pages import KnownPage


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as it was read: what it says, or (in `page.refused`) why it cannot be an article."""

    page: KnownPage
    article: Article | None = None


def is_news(found: Found | Skipped, known: Mapping[str, KnownPage]) -> bool:
    """Whether a file is to be looked at: a pass costs a stat for one that did not change."""
    page = known.get(found.path)
    if page is None or page.gone is not None:
        return True
    if isinstance(found, Skipped):
        return page.refused != _reason(found)
    return (page.size, page.modified_ns) != found.stamp


def read_page(
    found: Found | Skipped, before: KnownPage | None, language: str, rules: Rules
) -> Reading | None:
    """Read a page. One that is refused keeps the article that it held before.

    None: it is still being written, and the rules leave such a page to the next pass.
    """
    held = before.article_id if before else None
    if isinstance(found, Skipped):
        return Reading(KnownPage(found.path, 0, 0, "", held, _reason(found), None))
    article, refused = None, None
    try:
        found, data, sidecar = read(found, rules.max_bytes)
    except StillWrittenError as unfinished:
        if rules.leave_unfinished:
            return None
        found, data, sidecar = unfinished.found, unfinished.data, unfinished.sidecar
    except PageRefused as error:
        return Reading(KnownPage(found.path, *found.stamp, "", held, str(error), None))
    digest = sha256(data + (sidecar or b"")).hexdigest()
    try:
        article = parse(Page(found.path, data, sidecar), language)
    except PageRefused as error:
        refused = str(error)
    page = KnownPage(found.path, *found.stamp, digest, held, refused, None)
    return Reading(page, article)


def _reason(skipped: Skipped) -> str:
    return f"{skipped.path}: {skipped.reason}."
