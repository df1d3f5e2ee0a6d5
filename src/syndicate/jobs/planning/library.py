"""What the published files are planned from: one consistent view of the store."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment
from msgspec import Struct, field

from syndicate import __version__, site
from syndicate.addresses import tag_uri
from syndicate.content import Folder
from syndicate.jobs.planning.numbered import Numbered, Numbers, rows_of
from syndicate.jobs.planning.said import Said, digest, read_said
from syndicate.jobs.planning.shelves import Shelf, shelves
from syndicate.jobs.planning.versions import versions
from syndicate.model import Entry, Link, Newsletter, Piece, Publication, Series
from syndicate.store import articles, pages, series, tags
from syndicate.store.articles import Row
from syndicate.store.database import Transaction
from syndicate.store.publication import Origin


class Made(NamedTuple):
    """A file that was made: its bytes; where its entries stand if it is a feed; what a page links to."""

    data: bytes
    pieces: tuple[Piece, ...] = ()
    links: tuple[Link, ...] = ()


class Planned(Struct, frozen=True):
    """A file below the output directory: `inputs` names all that it is made from.

    A `lasting` file is made only where it is not there. `look` looks at a page that was drawn: it returns
    where it leads, or raises TemplateRefused. `article` is the one whose page it is.
    """

    path: str
    inputs: str
    make: Callable[[], bytes | Made]
    lasting: bool = False
    look: Callable[[bytes], tuple[Link, ...]] | None = None
    article: Row | None = None

    def made(self) -> Made:
        """Make the file."""
        return self.looked(self.drawn())

    def drawn(self) -> Made:
        """Make the file, which is yet to be looked at."""
        made = self.make()
        return made if isinstance(made, Made) else Made(made)

    def looked(self, made: Made) -> Made:
        """Look at what was made of the file."""
        return made._replace(links=self.look(made.data)) if self.look else made


class Bundle(Struct, frozen=True):
    """Files that are planned together: `inputs` names all that their plans are made from.

    Where all of them stand that came of the same inputs, none is planned. What has no name is planned
    each time.
    """

    name: str
    inputs: Callable[[], str]
    files: Callable[[], Iterator[Planned]]


def loose(files: Iterator[Planned]) -> Bundle:
    """Return files that are planned each time: they are few."""
    return Bundle("", str, lambda: files)


class Library(Struct, frozen=True):
    """What the files are planned from: one consistent view of the store.

    `version` names the release, the templates and the settings: everything that is not in the store.
    `root` is where the files stand. `rows` are the published articles, newest first, `standing` their
    numbers, and `by_series` those of each series. `said` names what they say, once it is asked for.
    """

    tx: Transaction
    root: Path
    about: Publication
    newsletters: Mapping[str, Newsletter]
    folders: Sequence[Folder]
    environment: Environment
    version: str
    origin: Origin
    rows: Numbered[Row]
    standing: Numbers
    by_series: Mapping[int, Sequence[int]]
    shelves: Sequence[Shelf]
    versions: Mapping[int, tuple[Row, ...]]
    series: Mapping[int, Series]
    marks: Mapping[int, str]
    all_series: str
    said: Callable[[], Said]
    keys: dict[tuple[int, bool], str] = field(default_factory=dict)
    fetched: dict[int, Entry] = field(default_factory=dict)

    def load(self, rows: Iterable[Row]) -> tuple[Entry, ...]:
        """Read articles, in the order given."""
        wanted = [(row.id, row.revision) for row in rows]
        return tuple(articles.entries(self.tx, wanted, self.series))

    def fetch(self, rows: Sequence[Row]) -> None:
        """Read articles together that will be loaded one by one, and forget those that were not."""
        self.fetched.clear()
        self.fetched.update((one.article_id, one) for one in self.load(rows))

    def load_one(self, row: Row) -> Entry:
        """Read an article that may have been fetched."""
        return self.fetched.pop(row.id, None) or self.load([row])[0]

    def page(
        self,
        path: str,
        inputs: str,
        draw: Callable[[], str],
        *,
        lasting: bool = False,
        article: Row | None = None,
    ) -> Planned:
        """Plan a page, which is looked at before it is put in place: a broken one raises TemplateRefused."""
        look = partial(site.examine, path=path, base_url=self.about.base_url)
        return Planned(path, inputs, lambda: draw().encode(), lasting, look, article)

    def inputs(self, *parts: object) -> str:
        """Name what a file is made from."""
        return digest((self.version, *parts))

    def uid(self, specific: str) -> str:
        """Return a `tag:` URI of the publication (RFC 4151)."""
        return tag_uri(self.origin.authority, self.origin.day, specific)

    def key(self, row: Row, *, short: bool) -> str:
        """Name what an article's entry in feeds is made from; reckoned once for all feeds."""
        if (row.id, short) not in self.keys:
            about = self.about
            said = (about.title, about.author, about.base_url, about.links, about.site)
            self.keys[row.id, short] = digest((__version__, said, short, self.mark(row)))[:16]
        return self.keys[row.id, short]

    def mark(self, row: Row) -> tuple[tuple[object, ...], str | None]:
        """Name an article and the series around it."""
        return row.said(), self.marks.get(row.series_id) if row.series_id else None


def open_library(
    tx: Transaction,
    root: Path,
    origin: Origin,
    about: Publication,
    newsletters: Sequence[Newsletter],
    folders: Sequence[Folder],
    environment: Environment,
    version: str,
) -> Library:
    """Read what all plans need: which articles there are, and what they have in common."""
    found = series.load(tx)
    rows, languages, by_series = _placed(tx)
    marks = {number: digest(one) for number, one in found.items()}
    standing = Numbers(rows.numbers)
    return Library(
        tx=tx,
        root=root,
        about=about,
        newsletters={one.name: one for one in newsletters},
        folders=folders,
        environment=environment,
        version=digest((version, about)),
        origin=origin,
        rows=rows,
        standing=standing,
        by_series=by_series,
        shelves=tuple(shelves(rows, languages, tags.placed(tx))),
        versions=versions(rows, pages.last_paths(tx)) if pages.dotted(tx) else {},
        series=found,
        marks=marks,
        all_series=digest(sorted(marks.items())),
        said=cache(lambda: read_said(tx, standing.rising, marks)),
    )


def _placed(
    tx: Transaction,
) -> tuple[Numbered[Row], "dict[str, array[int]]", "dict[int, array[int]]"]:
    """Return the published articles, newest first, and the numbers of those of each language and series."""
    some = partial(array, "q")
    languages: dict[str, array[int]] = defaultdict(some)
    by_series: dict[int, array[int]] = defaultdict(some)
    numbers = some()
    for number, language, of_series in articles.placed(tx):
        numbers.append(number)
        languages[language].append(number)
        if of_series is not None:
            by_series[of_series].append(number)
    return rows_of(tx, numbers), dict(languages), dict(by_series)
