"""Articles, series and editions -> web pages: plain HTML, one style sheet, no script."""

from syndicate.site.answers import problem_page, unsubscribe_page, unsubscribed_page
from syndicate.site.assets import ASSETS, assets
from syndicate.site.pages import (
    article_page,
    edition_page,
    gone_page,
    index_page,
    not_found_page,
    series_page,
)

__all__ = [
    "ASSETS",
    "article_page",
    "assets",
    "edition_page",
    "gone_page",
    "index_page",
    "not_found_page",
    "problem_page",
    "series_page",
    "unsubscribe_page",
    "unsubscribed_page",
]
