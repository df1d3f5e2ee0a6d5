"""Documents put together of entries that were written before: what did not change is copied as bytes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from syndicate.feeds.format import FeedFormat
from syndicate.feeds.items import Item
from syndicate.model import Feed, Piece


class Spliced(NamedTuple):
    """A document, where each of its entries stands in it, and those that were written anew."""

    data: bytes
    pieces: tuple[Piece, ...]
    fresh: tuple[bytes, ...]


def pieces_by_key(document: bytes, pieces: Iterable[Piece]) -> Mapping[str, bytes]:
    """Return the entries of a document by what each was made from."""
    return {one.key: document[one.start : one.start + one.size] for one in pieces}


def _write(form: FeedFormat, item: Item) -> bytes:
    return form.entry(item)


def splice(
    form: FeedFormat,
    feed: Feed,
    keys: Sequence[str],
    known: Mapping[str, bytes],
    items: Callable[[Sequence[int]], Iterable[Item]],
    write: Callable[[FeedFormat, Item], bytes] = _write,
) -> Spliced:
    """Write a document whose entries have these `keys`.

    What is not `known` is written anew: `items` is asked for it, by its places among the keys.
    """
    missing = [place for place, key in enumerate(keys) if key not in known]
    fresh = {place: write(form, item) for place, item in zip(missing, items(missing), strict=True)}
    entries = [fresh[place] if place in fresh else known[key] for place, key in enumerate(keys)]
    frame, pieces = form.frame(feed), []
    start = len(frame.before)
    for key, entry in zip(keys, entries, strict=True):
        pieces.append(Piece(key, start, len(entry)))
        start += len(entry) + len(frame.between)
    return Spliced(form.write(feed, entries), tuple(pieces), tuple(fresh.values()))
