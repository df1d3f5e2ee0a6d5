"""The ids under which readers know another publication's entries: from its feed or posts, page by page."""

from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

from syndicate.content.web import feed, wordpress
from syndicate.content.web.listing import from_json, good, refused
from syndicate.content.web.names import joined
from syndicate.net import Answer

PAGES = 1000  # of a list: 100,000 posts of WordPress; a list that never ends is none
_PER_PAGE = 100  # the most that WordPress gives

Get = Callable[[str], Answer]
Kind = Literal["rss", "atom", "json", "wordpress"]


class Identity(Struct, frozen=True):
    """An entry as readers know it. `address` is where it was read, "" where nothing is said."""

    uid: str
    address: str
    title: str
    published: datetime | None


class Page(Struct, frozen=True):
    """One page of the list: its entries, where the next one is, and what made it."""

    kind: Kind
    entries: tuple[Identity, ...]
    following: str | None
    wordpress: bool = False


def read_identities(address: str, get: Get) -> Iterator[Page]:
    """Yield a list of entries page by page, each entry once, until one brings nothing new.

    The list is known by what the address answers: a feed of any format, or the REST interface of
    WordPress. Raises ListingRefused, whichever page cannot be read.
    """
    seen = set[str]()
    following: str | None = address
    for number in range(1, PAGES + 1):
        if following is None:
            return
        answer = get(following)
        if number > 1 and answer.status in {400, 404}:  # how WordPress says that there are no more
            return
        page = _read(good(answer), number)
        fresh = tuple(one for one in page.entries if one.uid not in seen)
        seen |= {one.uid for one in fresh}
        if not fresh:
            return
        yield Page(page.kind, fresh, page.following, page.wordpress)
        following = page.following


def _read(answer: Answer, number: int) -> Page:
    start = answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"[":
        return _posts(answer, number)
    return _json(answer) if start == b"{" else _xml(answer, number)


def _xml(answer: Answer, number: int) -> Page:
    said = feed.parsed(answer)
    entries = (
        Identity(
            str(entry.get("id") or ""),
            joined(answer.address, entry.get("link", "")) or "",
            unescape(str(entry.get("title", ""))),
            next(filter(None, feed.dates(entry)), None),
        )
        for entry in said.entries
    )
    made = "wordpress" in str(said.feed.get("generator", "")).lower()
    links = {one.get("rel"): one.get("href", "") for one in said.feed.get("links", ())}
    link = links.get("next") or links.get("prev-archive")
    following = joined(answer.address, link) if link else None
    if made and following is None:
        following = _with(answer.address, "paged", number + 1)
    kind: Kind = "atom" if said.version.startswith("atom") else "rss"
    return Page(kind, tuple(one for one in entries if one.uid), following, made)


def _json(answer: Answer) -> Page:
    try:
        said = from_json(answer)
        items = [one for one in said["items"] if isinstance(one, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise refused(answer, "is no JSON Feed that can be read: correct its address") from None
    entries = tuple(_item(answer.address, one) for one in items if one.get("id"))
    link = said.get("next_url")
    return Page("json", entries, joined(answer.address, link) if isinstance(link, str) else None)


def _item(base: str, item: dict[str, Any]) -> Identity:
    return Identity(
        str(item["id"]),
        joined(base, str(item.get("url") or "")) or "",
        str(item.get("title") or ""),
        feed.moment(item.get("date_published")),
    )


def _posts(answer: Answer, number: int) -> Page:
    """WordPress names in its REST list the very ids that its feeds bear (`guid`)."""
    try:
        posts = [one for one in from_json(answer) if isinstance(one, dict)]
    except (ValueError, RecursionError):
        raise refused(answer, "is no list of WordPress posts: correct the address") from None
    entries = tuple(
        Identity(
            unescape(_rendered(post, "guid")),
            joined("", str(post.get("link") or "")) or "",
            unescape(_rendered(post, "title")),
            feed.moment(post.get("date_gmt")),
        )
        for post in posts
        if _rendered(post, "guid")
    )
    return Page("wordpress", entries, _with(answer.address, "page", number + 1), wordpress=True)


def _rendered(post: dict[str, Any], name: str) -> str:
    value = post.get(name)
    return str(value.get("rendered") or "") if isinstance(value, dict) else ""


def list_address(address: str) -> str:
    """Return where to begin: the REST interface is asked for as many posts as it gives at once."""
    if "/wp-json" not in urlsplit(address).path and "rest_route=" not in address:
        return address
    return _with(wordpress.endpoint(address), "per_page", _PER_PAGE)


def _with(address: str, name: str, value: int) -> str:
    """Return an address with one parameter of its query set."""
    parts = urlsplit(address)
    kept = [one for one in parts.query.split("&") if one and not one.startswith(f"{name}=")]
    return urlunsplit(parts._replace(query="&".join([*kept, f"{name}={value}"])))
