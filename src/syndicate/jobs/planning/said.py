"""What published articles say, named so that plans which nothing touched need not be made."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import groupby

from msgspec import Struct, msgpack

from syndicate import site
from syndicate.store import articles
from syndicate.store.database import Transaction

HUNDRED = 100  # article numbers that are planned together: one that changed costs so many plans


class Said(Struct, frozen=True):
    """Digests of what the published articles say.

    `hundreds` name all of it, and the series around, by the number of each hundred; `blocks` what the search
    index shows and `places` what sitemaps do, by that of each block; `lines` what lists show of all articles,
    and their order.
    """

    hundreds: Mapping[int, str]
    blocks: Mapping[int, str]
    places: Mapping[int, str]
    lines: str


def read_said(tx: Transaction, rising: Iterable[int], marks: Mapping[int, str]) -> Said:
    """Read what articles of `rising` numbers say; `marks` name the series, by their numbers."""
    hundreds, blocks, places = dict[int, str](), dict[int, str](), dict[int, str]()
    lines = list[str]()
    for block in dict.fromkeys(number // site.BLOCK for number in rising):
        rows = articles.said(tx, block * site.BLOCK, (block + 1) * site.BLOCK)
        for hundred, some in groupby(rows, lambda row: row[0] // HUNDRED):
            its = list(some)
            around = sorted({*map(articles.series_of, its)} - {None})
            hundreds[hundred] = _name((its, [marks.get(one) for one in around]))
        columns = [*zip(*rows, strict=True)]
        blocks[block] = _name(articles.found_of(columns))
        places[block] = _name(articles.place_of(columns))
        lines.append(_name(articles.line_of(columns)))
    return Said(hundreds, blocks, places, digest(lines))


def _name(said: tuple[object, ...]) -> str:
    """Name what rows or columns of the database say: MessagePack is the fastest way to write it down."""
    return sha256(msgpack.encode(said)).hexdigest()


def digest(value: object) -> str:
    """Name a value by what it says."""
    return sha256(repr(value).encode()).hexdigest()
