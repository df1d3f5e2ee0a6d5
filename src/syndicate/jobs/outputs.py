"""Plan the published files: what each is made from, and how it is made.

A file whose inputs did not change is not made again, so that a publish costs what changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from jinja2 import Environment

from syndicate import addresses, feeds, site
from syndicate.jobs.compose import compose
from syndicate.model import Edition, Entry, Feed, Newsletter, Publication, Series
from syndicate.store import articles, editions, removal, series, variants
from syndicate.store.articles import Row
from syndicate.store.database import Transaction
from syndicate.store.publication import Origin
from syndicate.store.variants import VariantRow

INDEX_ENTRIES = 50  # newest articles on the front page


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
    environment: Environment
    version: str
    origin: Origin
    rows: Sequence[Row]
    by_id: Mapping[int | None, Row]
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
        environment=environment,
        version=_digest((version, about)),
        origin=origin,
        rows=rows,
        by_id={row.id: row for row in rows},
        series=found,
        marks=marks,
        all_series=_digest(sorted(marks.items())),
    )


def _digest(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()


def plan(library: Library) -> Iterator[Planned]:
    """Yield every file of the publication: what is linked to before what links to it."""
    yield from _assets(library)
    for row in library.rows:
        yield _article(library, row)
    for down in removal.down(library.tx):
        yield _gone(library, down)
    for number in library.series:
        yield _series(library, number)
    for edition in editions.with_pages(library.tx):
        yield from _edition(library, edition)
    yield Planned(
        "404.html",
        library.inputs("404"),
        lambda: site.not_found_page(library.about, library.environment).encode(),
    )
    yield _index(library)
    yield from _feeds(library)


def _assets(library: Library) -> Iterator[Planned]:
    for path, data in site.assets(library.environment, library.about.theme).items():
        yield Planned(path, library.inputs(sha256(data).hexdigest()), partial(bytes, data))


def _feeds(library: Library) -> Iterator[Planned]:
    """The feeds of everything, and of each series; each in every format."""
    about = library.about
    yield from _formats(library, library.rows, about.title, "", about.language)
    by_series: dict[int, list[Row]] = {}
    for row in library.rows:
        if row.series_id is not None:
            by_series.setdefault(row.series_id, []).append(row)
    for number, rows in by_series.items():
        one = library.series[number]
        yield from _formats(
            library, rows, one.title, addresses.series_path(one.slug), rows[0].language
        )


def _formats(
    library: Library, rows: Sequence[Row], title: str, page_path: str, language: str
) -> Iterator[Planned]:
    window = rows[: feeds.WINDOW]
    inputs = library.inputs(
        "feed", title, page_path, language, [library.mark(row) for row in window]
    )

    def feed() -> Feed:
        return Feed(
            uid=addresses.tag_uri(
                library.origin.authority, library.origin.day, page_path or "feed"
            ),
            title=title,
            description=library.about.description,
            language=language,
            author=library.about.author,
            base_url=library.about.base_url,
            page_path=page_path,
            stem=f"{page_path}feed",
            entries=library.load(window),
        )

    for one in feeds.FORMATS:
        yield Planned(f"{page_path}feed.{one.ending}", inputs, partial(_written, one, feed))


def _written(form: feeds.FeedFormat, feed: Callable[[], Feed]) -> bytes:
    return form.write(feed())


def _index(library: Library) -> Planned:
    newest = library.rows[:INDEX_ENTRIES]
    known = sorted(library.series.items(), reverse=True)

    def make() -> bytes:
        entries, series_ = library.load(newest), [one for _, one in known]
        return site.index_page(library.about, entries, series_, library.environment).encode()

    inputs = library.inputs("index", [library.mark(row) for row in newest], known)
    return Planned("index.html", inputs, make)


def _article(library: Library, row: Row) -> Planned:
    def make() -> bytes:
        return site.article_page(
            library.about, library.load([row])[0], library.environment
        ).encode()

    path = addresses.article_path(row.slug)
    return Planned(f"{path}index.html", library.inputs("article", library.mark(row)), make)


def _gone(library: Library, down: removal.Down) -> Planned:
    """What stands in an article's place after it was taken down: it is answered with 410."""

    def make() -> bytes:
        return site.gone_page(library.about, library.environment, down.language).encode()

    path = f"{addresses.article_path(down.slug)}{addresses.GONE}"
    return Planned(path, library.inputs("gone", down.language), make)


def _series(library: Library, number: int) -> Planned:
    one = library.series[number]
    rows = [
        library.by_id[part.article_id] for part in one.parts if part.article_id in library.by_id
    ]

    def make() -> bytes:
        entries = library.load(rows)
        return site.series_page(library.about, one, entries, library.environment).encode()

    path = addresses.series_path(one.slug)
    inputs = library.inputs("series", one, rows)
    return Planned(f"{path}index.html", inputs, make)


def _edition(library: Library, edition: Edition) -> Iterator[Planned]:
    """The page of an edition: its reference variant, under the newsletter's present title.

    Letters link to it, so that it outlives its newsletter in the settings; the title is then known
    no more, and one that is lost is made again under the name.
    """
    assert edition.number is not None
    name = edition.newsletter
    newsletter = library.newsletters.get(name, Newsletter(name, name, "", library.about.zone))
    variant = variants.reference(library.tx, edition.id)
    if variant is None:
        return

    def make() -> bytes:
        digest = compose(library.tx, edition, variant, newsletter, library.about)
        return site.edition_page(library.about, digest, library.environment).encode()

    path = addresses.edition_path(name, edition.number)
    inputs = library.inputs(
        "edition",
        newsletter.title,
        edition.number,
        variant.hash,
        library.all_series,
        _taken_down(library, variant),
    )
    lasting = name not in library.newsletters and not variant.withdrawn
    yield Planned(f"{path}index.html", inputs, make, lasting=lasting)


def _taken_down(library: Library, variant: VariantRow) -> list[int]:
    """Name the articles of an edition's page that were taken down."""
    if not variant.withdrawn:
        return []
    items = variants.items(library.tx, variant.id)
    return [item.article_id for item in items if item.article_id not in library.by_id]
