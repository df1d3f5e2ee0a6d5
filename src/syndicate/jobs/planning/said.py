"""What published articles say, named so that plans which nothing touched need not be made."""

import marshal
from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import groupby

from msgspec import Struct

from syndicate import site
from syndicate.store import articles
from syndicate.store.database import Transaction

HUNDRED = 100  # article numbers that are planned together: one that changed costs so many plans


class Said(Struct, frozen=True):
    """Digests of what the published articles say.

    `hundreds` name all of it, and the series around, by the number of each hundred; `blocks` what the search
    index shows, by that of each block; `lines` what lists show and `places` what sitemaps do, both of all
    articles and with their order.
    """

    hundreds: Mapping[int, str]
    blocks: Mapping[int, str]
    lines: str
    places: str


def read_said(tx: Transaction, rising: Iterable[int], marks: Mapping[int, str]) -> Said:
    """Read what articles of `rising` numbers say; `marks` name the series, by their numbers."""
    hundreds, blocks, lines, places = dict[int, str](), dict[int, str](), list[str](), list[str]()
    for block in dict.fromkeys(number // site.BLOCK for number in rising):
        rows = articles.said(tx, block * site.BLOCK, (block + 1) * site.BLOCK)
        for hundred, some in groupby(rows, lambda row: int(row[0]) // HUNDRED):
            its = list(some)
            around = sorted({articles.series_of(row) for row in its if articles.series_of(row)})
            hundreds[hundred] = _name([its, [marks.get(one) for one in around]])
        blocks[block] = _name([*map(articles.found_of, rows)])
        lines.append(_name([*map(articles.line_of, rows)]))
        places.append(_name([*map(articles.place_of, rows)]))
    return Said(hundreds, blocks, digest(lines), digest(places))


def _name(rows: list[object]) -> str:
    """Name rows of the database by what they say: the fastest way to write down texts and numbers alone.

    Of the forms that Python has for it, the second is the last that depends on the values alone.
    """
    return sha256(marshal.dumps(rows, 2)).hexdigest()


def digest(value: object) -> str:
    """Name a value by what it says."""
    return sha256(repr(value).encode()).hexdigest()
