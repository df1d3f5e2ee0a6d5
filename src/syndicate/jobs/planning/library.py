"""What the published files are planned from: one consistent view of the store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from jinja2 import Environment

from syndicate.content import Folder
from syndicate.jobs.planning.shelves import Shelf, shelves
from syndicate.model import Entry, Newsletter, Publication, Series
from syndicate.store import articles, series, tags
from syndicate.store.articles import Row
from syndicate.store.database import Transaction
from syndicate.store.publication import Origin


@dataclass(frozen=True, slots=True)
class Planned:
    """A file below the output directory: `inputs` names all that it is made from.

    A `lasting` file is made only where it is not there.
    """

    path: str
    inputs: str
    make: Callable[[], bytes]
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    """What the files are planned from: one consistent view of the store.

    `version` names the release, the templates and the settings: everything that is not in the store.
    """

    tx: Transaction
    about: Publication
    newsletters: Mapping[str, Newsletter]
    folders: Sequence[Folder]
    environment: Environment
    version: str
    origin: Origin
    rows: Sequence[Row]
    by_id: Mapping[int | None, Row]
    shelves: Sequence[Shelf]
    series: Mapping[int, Series]
    marks: Mapping[int, str]
    all_series: str

    def load(self, rows: Sequence[Row]) -> tuple[Entry, ...]:
        """Read articles, in the order given."""
        wanted = [(row.id, row.revision) for row in rows]
        return tuple(articles.entries(self.tx, wanted, self.series))

    def inputs(self, *parts: object) -> str:
        """Name what a file is made from."""
        return _digest((self.version, *parts))

    def mark(self, row: Row) -> tuple[Row, str | None]:
        """Name an article and the series around it."""
        return row, self.marks.get(row.series_id) if row.series_id else None


def open_library(
    tx: Transaction,
    origin: Origin,
    about: Publication,
    newsletters: Sequence[Newsletter],
    folders: Sequence[Folder],
    environment: Environment,
    version: str,
) -> Library:
    """Read what all plans need: rows without their texts."""
    found = series.load(tx)
    rows = articles.published(tx)
    marks = {number: _digest(one) for number, one in found.items()}
    return Library(
        tx=tx,
        about=about,
        newsletters={one.name: one for one in newsletters},
        folders=folders,
        environment=environment,
        version=_digest((version, about)),
        origin=origin,
        rows=rows,
        by_id={row.id: row for row in rows},
        shelves=tuple(shelves(rows, tags.published(tx))),
        series=found,
        marks=marks,
        all_series=_digest(sorted(marks.items())),
    )


def _digest(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()
