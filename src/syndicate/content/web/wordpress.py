"""WordPress by its REST interface: posts, split at `<!--nextpage-->` into parts (PAGES.md)."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from html import escape, unescape
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from syndicate.content.web.feed import moment
from syndicate.content.web.listing import AnswerRefused, Listed, Listing, from_json, refused, shown
from syndicate.content.web.names import joined
from syndicate.net import Answer

BATCH = 20  # posts asked for at once: their texts together stay well below the limit of an answer
_SIZES = (
    100,
    50,
    10,
)  # posts asked for at once: the most that WordPress gives; some sites give fewer
_BAD = 400  # how WordPress says that it gives fewer, and that there are no more
_ENDPOINT = "/wp-json/wp/v2/posts"
_TAGS = re.compile(r"<[^>]*>")
_SPLIT = re.compile(r"(?:<p>\s*)?<!--\s*nextpage\s*-->(?:\s*</p>)?", re.IGNORECASE)

Get = Callable[[str], Answer]


class Post(Struct, frozen=True):
    """A post and its parts, each an HTML document of its own; times are zone-aware UTC."""

    key: str
    address: str
    title: str
    published: datetime | None
    updated: datetime | None
    parts: tuple[str, ...]

    def part_address(self, number: int) -> str:
        """Return the address of a part, as WordPress gives it."""
        if number == 1:
            return self.address
        mark = "&page=" if "?" in self.address else "/"
        return f"{self.address.rstrip('/')}{mark}{number}{'' if '?' in self.address else '/'}"


def endpoint(address: str) -> str:
    """Return where the posts of a site are asked for, whether the site or the interface was named."""
    parts = urlsplit(address)
    if "/wp-json/" in parts.path or "rest_route=" in parts.query:
        return address
    return f"{address.partition('?')[0].rstrip('/')}{_ENDPOINT}"


def read_list(address: str, get: Get, limit: int) -> Listing:
    """List the newest `limit` posts, without their texts. Raises ListingRefused.

    Only a list that was read up to its end is whole: a site may give fewer at once than it is asked for.
    """
    found: dict[str, Listed] = {}
    for number, posts in enumerate(_pages(address, get), 1):
        listed = {one.key: one for one in map(_listed, posts) if one}
        if number > 1 and not listed.keys() - found.keys():
            fault = f"{shown(address)}: gives no other posts as page {number}: ask its site why."
            return Listing(tuple(found.values()), faults=(fault,))
        found |= listed
        if len(found) > limit:
            fault = f"there are more posts than the newest {limit}, which are kept. Raise the source's limit."
            return Listing(tuple(found.values())[:limit], faults=(fault,))
    return Listing(tuple(found.values()), whole=True)


def _pages(address: str, get: Get) -> Iterator[list[dict[str, Any]]]:
    """Yield the posts page by page, to the last one by the header; without it, until there are no more."""
    size, answer = _first(address, get)
    for following in count(2):
        posts, said = _array(answer), (answer.headers or {}).get("x-wp-totalpages", "")
        total = int(said) if said.isdecimal() else None
        if not posts and total is None:
            return
        yield posts
        if total is not None and following > total:
            return
        try:
            answer = get(_list(address, size, following))
        except AnswerRefused as error:
            if error.status == _BAD and total is None:
                return
            raise


def _first(address: str, get: Get) -> tuple[int, Answer]:
    """Ask for the first page of posts; return with it how many the site gives at once."""
    *larger, least = _SIZES
    for size in larger:
        try:
            return size, get(_list(address, size, 1))
        except AnswerRefused as error:
            if error.status != _BAD:
                raise
    return least, get(_list(address, least, 1))


def _list(address: str, size: int, number: int) -> str:
    fields = "id,link,date_gmt,modified_gmt"
    return _with(address, f"per_page={size}&page={number}&_fields={fields}")


def read_posts(address: str, keys: Sequence[str], get: Get) -> Iterator[Post]:
    """Read the posts of some keys, at most `BATCH`. Raises ListingRefused."""
    numbers = ",".join(key.removeprefix("post-") for key in keys)
    fields = "id,link,date_gmt,modified_gmt,title,content"
    answer = get(_with(address, f"include={numbers}&per_page={len(keys)}&_fields={fields}"))
    for said in _array(answer):
        listed, content = _listed(said), said.get("content")
        if listed and isinstance(content, dict) and isinstance(content.get("rendered"), str):
            yield _post(listed, said, content["rendered"])


def _post(listed: Listed, said: dict[str, Any], body: str) -> Post:
    title = said.get("title")
    rendered = title.get("rendered") if isinstance(title, dict) else ""
    name = unescape(_TAGS.sub("", str(rendered or ""))).strip()
    texts = [one for one in _SPLIT.split(body) if one.strip()]
    parts = tuple(
        _document(name if number == 1 else f"{name} ({number})", text)
        for number, text in enumerate(texts, 1)
    )
    updated = moment(said.get("modified_gmt"))
    return Post(listed.key, listed.address, name, listed.published, updated, parts)


def _document(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(title)}</title></head>\n'
        f"<body><article>\n<h1>{escape(title)}</h1>\n{body.strip()}\n</article></body></html>\n"
    )


def _listed(said: dict[str, Any]) -> Listed | None:
    number, link = said.get("id"), said.get("link")
    address = joined("", link) if isinstance(link, str) else None
    if not isinstance(number, int) or address is None:
        return None
    version = said.get("modified_gmt")
    return Listed(
        f"post-{number}",
        address,
        version if isinstance(version, str) else None,
        moment(said.get("date_gmt")),
    )


def _array(answer: Answer) -> list[dict[str, Any]]:
    try:
        said = from_json(answer)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, list):
        raise refused(answer, "is no list of WordPress posts: correct the address of the interface")
    return [one for one in said if isinstance(one, dict)]


def _with(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}"
