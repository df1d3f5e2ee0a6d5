"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from syndicate.feeds.validator import content, values
from syndicate.feeds.validator.fault import Fault, Place, shortened

_REFERENCE = "JSON Feed 1.1"
_VERSIONS = ("https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1")


def _text(value: object) -> bool:
    return isinstance(value, str)


def _address(value: object) -> bool:
    return isinstance(value, str) and values.is_absolute_iri(value)


def _date(value: object) -> bool:
    return isinstance(value, str) and values.is_rfc3339(value)


def _language(value: object) -> bool:
    return isinstance(value, str) and values.is_language(value)


def _media_type(value: object) -> bool:
    return isinstance(value, str) and values.is_media_type(value)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _list(value: object) -> bool:
    return isinstance(value, list)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


# By key: the rule that its value is held to, how that is tested, and what it has to be.
_Kind = tuple[str, Callable[[object], bool], str]
_TEXT: _Kind = ("kind", _text, "a text")
_ADDRESS: _Kind = ("absolute-iri", _address, "an absolute address")
_DATE: _Kind = ("date", _date, "a date of RFC 3339")
_LANGUAGE: _Kind = ("language", _language, "a language tag")
_NUMBER: _Kind = ("number", _number, "a number that is not negative")
_LIST: _Kind = ("kind", _list, "a list")

_FEED: Mapping[str, _Kind] = {
    **dict.fromkeys(("version", "title", "description", "user_comment"), _TEXT),
    **dict.fromkeys(("home_page_url", "feed_url", "next_url", "icon", "favicon"), _ADDRESS),
    **dict.fromkeys(("authors", "hubs", "items"), _LIST),
    "author": ("kind", lambda value: isinstance(value, dict), "an object"),
    "language": _LANGUAGE,
    "expired": ("kind", _flag, "true or false"),
}
_ITEM: Mapping[str, _Kind] = {
    **dict.fromkeys(("id", "title", "content_html", "content_text", "summary"), _TEXT),
    **dict.fromkeys(("url", "external_url", "image", "banner_image"), _ADDRESS),
    **dict.fromkeys(("date_published", "date_modified"), _DATE),
    **dict.fromkeys(("authors", "attachments"), _LIST),
    "author": _FEED["author"],
    "tags": ("kind", _texts, "a list of texts"),
    "language": _LANGUAGE,
}
_AUTHOR: Mapping[str, _Kind] = {"name": _TEXT, "url": _ADDRESS, "avatar": _ADDRESS}
_HUB: Mapping[str, _Kind] = {"type": _TEXT, "url": _ADDRESS}
_ATTACHMENT: Mapping[str, _Kind] = {
    "url": _ADDRESS,
    "mime_type": ("media-type", _media_type, "a media type"),
    "title": _TEXT,
    "size_in_bytes": _NUMBER,
    "duration_in_seconds": _NUMBER,
}


def validate(data: bytes) -> Iterator[Fault]:
    """Yield what is wrong with a document, from its head to its last item."""
    place = Place("feed")
    try:
        feed = json.loads(data.decode(), object_pairs_hook=_Object)
    except ValueError as error:
        yield Place("document").error("well-formed", f"is no JSON in UTF-8: {error}", "RFC 8259")
        return
    if not isinstance(feed, dict):
        yield place.error("kind", "is no object", _REFERENCE)
        return
    yield from _object(place, feed, _FEED, ("version", "title", "items"))
    version = feed.get("version")
    if _text(version) and version not in _VERSIONS:
        yield place.error("choice", f"has the version {shortened(str(version))}", _REFERENCE)
    for name in ("feed_url", "home_page_url"):
        if name not in feed:
            yield place.warning("self-link", f"has no {name}", _REFERENCE)
    if feed.get("next_url") and feed.get("next_url") == feed.get("feed_url"):
        yield place.error("history", "is its own next page", _REFERENCE)
    yield from _members(place, feed)
    yield from _each(place, feed.get("hubs"), "hub", _HUB, ("type", "url"))
    seen = set[str]()
    for number, item in enumerate(_listed(feed.get("items")), 1):
        yield from _item(item, number, seen)


def _item(item: object, number: int, seen: set[str]) -> Iterator[Fault]:
    if not isinstance(item, dict):
        yield Place(f"item {number}").error("kind", "is no object", _REFERENCE)
        return
    uid = item.get("id")
    place = Place(f"item {number}", uid if isinstance(uid, str) else None)
    yield from _object(place, item, _ITEM, ("id",))
    if isinstance(uid, str):
        if uid in seen:
            yield place.error(
                "duplicate-id", f"has the id {shortened(uid)} of an earlier item", _REFERENCE
            )
        seen.add(uid)
    if "content_html" not in item and "content_text" not in item:
        yield place.error("content", "has neither content_html nor content_text", _REFERENCE)
    yield from _members(place, item)
    yield from _each(
        place, item.get("attachments"), "attachment", _ATTACHMENT, ("url", "mime_type")
    )
    if isinstance(item.get("content_html"), str):
        yield from content.html(place, item["content_html"])


def _members(place: Place, value: Mapping[str, Any]) -> Iterator[Fault]:
    if "author" in value:
        yield place.warning("deprecated", "has an author; since 1.1 that is authors", _REFERENCE)
    yield from _each(place, value.get("authors"), "author", _AUTHOR, ())
    for one in _listed(value.get("authors")):
        if isinstance(one, dict) and not any(one.get(name) for name in _AUTHOR):
            yield place.error("person", "has an author of whom nothing is said", _REFERENCE)


def _each(
    place: Place, found: object, name: str, kinds: Mapping[str, _Kind], required: tuple[str, ...]
) -> Iterator[Fault]:
    for number, one in enumerate(_listed(found), 1):
        inner = Place(f"{place.where}, {name} {number}", place.entry)
        if isinstance(one, dict):
            yield from _object(inner, one, kinds, required)
        else:
            yield inner.error("kind", "is no object", _REFERENCE)


def _object(
    place: Place, value: Mapping[str, Any], kinds: Mapping[str, _Kind], required: tuple[str, ...]
) -> Iterator[Fault]:
    """Find keys that are missing, twice, unknown, or of another kind than they should be."""
    if isinstance(value, _Object):
        for key in value.twice:
            yield place.error("repeated", f"has the key {key} twice", "RFC 8259, 4")
    for name in required:
        if name not in value or value[name] == "":
            yield place.error("missing", f"has no {name}, or an empty one", _REFERENCE)
    for key, found in value.items():
        if key.startswith("_"):
            continue  # anybody's extension
        if key not in kinds:
            yield place.error(
                "unknown", f"has a key {key}, of which the format knows nothing", _REFERENCE
            )
        elif not kinds[key][1](found):
            rule, _, wanted = kinds[key]
            yield place.error(
                rule, f"has {key} {shortened(str(found))}, which is not {wanted}", _REFERENCE
            )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


class _Object(dict[str, Any]):
    """An object as it was written: `twice` are keys that stand in it more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(key for key, _ in pairs) if len(self) < len(pairs) else {}
        self.twice = tuple(key for key, number in counts.items() if number > 1)
