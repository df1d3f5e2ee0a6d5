"""Articles, series and editions -> web pages: plain HTML, one style sheet, and a script for search alone."""

from syndicate.language import own_name
from syndicate.site.answers import answer
from syndicate.site.assets import ASSETS, assets
from syndicate.site.examine import examine
from syndicate.site.lists import (
    ARCHIVE,
    EDITIONS,
    SERIES,
    TAGS,
    Front,
    Leaf,
    Line,
    Listing,
    Sign,
    index_page,
    list_page,
    tags_page,
)
from syndicate.site.machines import Place, manifest, robots, sitemap, sitemap_index
from syndicate.site.pages import (
    Version,
    article_page,
    edition_page,
    gone_page,
    not_found_page,
    series_page,
)
from syndicate.site.search import (
    BLOCK,
    SEARCH,
    Block,
    block_files,
    block_of,
    block_paths,
    search_page,
)

__all__ = [
    "ARCHIVE",
    "ASSETS",
    "BLOCK",
    "EDITIONS",
    "SEARCH",
    "SERIES",
    "TAGS",
    "Block",
    "Front",
    "Leaf",
    "Line",
    "Listing",
    "Place",
    "Sign",
    "Version",
    "answer",
    "article_page",
    "assets",
    "block_files",
    "block_of",
    "block_paths",
    "edition_page",
    "examine",
    "gone_page",
    "index_page",
    "list_page",
    "manifest",
    "not_found_page",
    "own_name",
    "robots",
    "search_page",
    "series_page",
    "sitemap",
    "sitemap_index",
    "tags_page",
]
