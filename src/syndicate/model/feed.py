"""Feeds, before they are written in any format."""

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct


class Piece(NamedTuple):
    """An entry in a document: what it was made from, where it begins, and its length in bytes."""

    key: str
    start: int
    size: int


class Removed(Struct, frozen=True):
    """An entry that was in a feed and is no more: its id, and when it left."""

    uid: str
    when: datetime


class Feed(Struct, frozen=True):
    """One feed without its entries: what its documents say of it in every format.

    `page_path` is the web page it belongs to and `stem` the path of its files without their ending,
    both relative to the base address ("" and "feed"; "series/SLUG/" and "series/SLUG/feed"); without a
    site `page_path` is None. `uid` is a `tag:` URI. `updated` is the newest edit of its entries.
    `removed` are entries that readers should forget (RFC 6721). `older` is the stem of the document
    with the entries before these (RFC 5005); a closed document names in `current` the feed that it is of.
    `sign_up` is the address at which the same can be had by mail.
    """

    uid: str
    title: str
    description: str
    language: str
    author: str
    base_url: str
    page_path: str | None
    stem: str
    updated: datetime | None = None
    hubs: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    older: str | None = None
    current: str | None = None
    sign_up: str | None = None
