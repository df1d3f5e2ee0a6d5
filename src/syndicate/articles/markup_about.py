"""What the markup of a web page says about it: JSON-LD, Open Graph, `meta`, `link` (PAGES.md)."""

import json
from collections.abc import Iterator
from html import unescape
from typing import Any

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from syndicate.articles.metadata import About, read_about

_KINDS = frozenset(
    {"Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle"}
    | {"TechArticle", "ScholarlyArticle", "OpinionNewsArticle", "Report", "LiveBlogPosting"}
)
_KEYS = {
    "headline": "title",
    "description": "summary",
    "inLanguage": "language",
    "datePublished": "date",
    "dateModified": "updated",
    "author": "author",
    "image": "image",
}
_METAS = {
    "og:title": "title",
    "og:description": "summary",
    "description": "summary",
    "og:image": "image",
    "og:image:alt": "image_alt",
    "og:url": "canonical",
    "article:published_time": "date",
    "article:modified_time": "updated",
    "author": "author",
    "article:tag": "tags",
    "keywords": "tags",
}


def about_of(tree: LexborHTMLParser) -> About:
    """Return what a page's markup says about it, of several sayings the first that can be read.

    What cannot is passed over in silence, but where no date can: old pages would be news.
    """
    several = (_linked(tree), _metas(tree), _structured(tree), _canonical(tree))
    said = {key: value for one in several for key, value in one.items() if value}
    about = read_about(said, "its markup")
    if not about.notices:
        return about
    for one in reversed(several):
        about = about.over(read_about(one, "its markup"))
    lost = "date" in said and about.metadata.published is None
    notices = read_about({"date": said["date"]}, "its markup").notices if lost else ()
    return replace(about, notices=notices)


def _canonical(tree: LexborHTMLParser) -> dict[str, Any]:
    link = tree.css_first('link[rel~="canonical"][href]')
    return {} if link is None else {"canonical": link.attributes["href"]}


def _linked(tree: LexborHTMLParser) -> dict[str, Any]:
    said: dict[str, Any] = {}
    root, title, time = tree.root, tree.css_first("head > title"), tree.css_first("time[datetime]")
    if root is not None:
        said["language"] = root.attributes.get("lang")
    if title is not None:
        said["title"] = title.text()
    if time is not None and "pubdate" in time.attributes:
        said["date"] = time.attributes.get("datetime")
    return said


def _metas(tree: LexborHTMLParser) -> dict[str, Any]:
    """Read `meta` elements; the first of a name counts, but there may be several tags."""
    said: dict[str, Any] = {}
    tags: list[str] = []
    for meta in tree.css("meta"):
        name = (meta.attributes.get("property") or meta.attributes.get("name") or "").lower()
        key, content = _METAS.get(name), (meta.attributes.get("content") or "").strip()
        if key == "tags":
            tags.extend(content.split(",") if name == "keywords" else [content])
        elif key and content and (key not in said or name.startswith("og:")):
            said[key] = said[key] if key in said and name == "description" else content
    return {**said, "tags": tags} if tags else said


def _structured(tree: LexborHTMLParser) -> dict[str, Any]:
    """Read the first article of the page's JSON-LD; broken JSON says nothing."""
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            things = json.loads(script.text() or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(things):
            kinds = thing.get("@type")
            if _KINDS.intersection(kinds if isinstance(kinds, list) else [kinds]):
                return dict(_plain(thing))
    return {}


def _things(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a document: one, several in a list, or in its `@graph`."""
    waiting = [value]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting.extend(one[:1000])
        elif isinstance(one, dict):
            yield one
            waiting.extend(one.get(key) for key in ("@graph", "mainEntity") if one.get(key))


def _plain(thing: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, name in _KEYS.items():
        value = thing.get(key)
        several = value if isinstance(value, list) else [value]
        texts = [text for one in several if (text := _text(one, key))]
        if texts:
            yield name, texts if name == "author" else texts[0]
    words = thing.get("keywords")
    if isinstance(words, str | list):
        yield (
            "tags",
            [one for one in words if isinstance(one, str)] if isinstance(words, list) else words,
        )


def _text(value: Any, key: str) -> str | None:
    """Return a text, or what an object is called by: pictures by their address, people by name."""
    if isinstance(value, dict):
        value = value.get("url" if key == "image" else "name")
    if not isinstance(value, str):
        return None
    return value if key == "image" else unescape(value)  # many sites write it as in HTML
