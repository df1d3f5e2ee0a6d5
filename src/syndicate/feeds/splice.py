"""Documents put together of entries that were written before: what did not change is copied as bytes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from syndicate.feeds.format import FeedFormat
from syndicate.feeds.items import Item
from syndicate.model import Feed, Piece


class Spliced(NamedTuple):
    """A document, where each of its entries stands in it, and those that were written anew."""

    data: bytes
    pieces: tuple[Piece, ...]
    fresh: tuple[bytes, ...]


def pieces_by_key(document: bytes, pieces: Iterable[Piece]) -> Mapping[str, memoryview]:
    """Return the entries of a document by what each was made from: views of it, no copies."""
    view = memoryview(document)
    return {key: view[start : start + size] for key, start, size in pieces}


def _write(form: FeedFormat, item: Item) -> bytes:
    return form.entry(item)


def splice(
    form: FeedFormat,
    feed: Feed,
    keys: Sequence[str],
    known: Mapping[str, memoryview],
    items: Callable[[Sequence[int]], Iterable[Item]],
    write: Callable[[FeedFormat, Item], bytes] = _write,
) -> Spliced:
    """Write a document whose entries have these `keys`.

    What is not `known` is written anew: `items` is asked for it, by its places among the keys.
    """
    missing = [place for place, key in enumerate(keys) if key not in known]
    fresh = tuple(write(form, item) for _, item in zip(missing, items(missing), strict=True))
    entries: list[bytes | memoryview] = [known.get(key, b"") for key in keys]
    for place, entry in zip(missing, fresh, strict=True):
        entries[place] = entry
    frame, sizes = form.frame(feed), list(map(len, entries))
    starts = accumulate((size + len(frame.between) for size in sizes), initial=len(frame.before))
    pieces = tuple(map(Piece, keys, starts, sizes))
    return Spliced(frame.around(entries), pieces, fresh)
