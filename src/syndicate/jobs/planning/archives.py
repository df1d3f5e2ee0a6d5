"""The closed documents of the main feed: made once, and again only for a withdrawal or a new address."""

from collections.abc import Iterable, Iterator
from functools import cache, partial

from msgspec.structs import replace

from syndicate import addresses, feeds
from syndicate.jobs.history import named_parts, read_series
from syndicate.jobs.planning.gate import pass_gate, written
from syndicate.jobs.planning.library import Bundle, Library, Made, Planned
from syndicate.jobs.planning.said import digest
from syndicate.model import Entry, Feed
from syndicate.store import archives, articles, removal
from syndicate.store.archives import Closed, Kept

_FORM = 1  # raised where closed documents have to be written anew: readers fetch them once


def archive_files(library: Library) -> Bundle:
    """Every closed document in every format, oldest first."""

    def inputs() -> str:
        tx, where = library.tx, (*_where(library), library.about.compress)
        return digest((_FORM, where, archives.closed(tx), articles.others(tx)))

    return Bundle("archives", inputs, partial(_files, library))


def _where(library: Library) -> tuple[object, ...]:
    """Return what closed documents are made again for, besides their articles."""
    about = library.about
    return about.base_url, about.links, about.site


def _files(library: Library) -> Iterator[Planned]:
    inside = archives.members(library.tx)
    down = {one.id for one in removal.down(library.tx)}
    down |= articles.in_state(library.tx, articles.ASIDE)
    for one in archives.closed(library.tx):
        yield from _documents(library, one, inside.get(one.number, ()), down)


def _documents(
    library: Library, document: Closed, inside: Iterable[int], down: set[int]
) -> Iterator[Planned]:
    about = library.about
    standing = [one for one in inside if one in library.standing]
    lost = _lost_neighbours(library, document, down) if down else []
    inputs = digest(("archive", _FORM, document, _where(library), standing, lost))

    @cache  # the formats share them
    def kept() -> list[Kept]:
        found = archives.entries(library.tx, document.number)
        return [one for one in found if one.article in library.standing]

    @cache
    def items() -> list[feeds.Item]:
        said = replace(about, title=document.title, author=document.author)
        return [feeds.item(said, one) for one in _load(library, kept())]

    def write(form: feeds.FeedFormat) -> Made:
        head, entries = _head(library, document, kept()), [written(form, one) for one in items()]
        links = pass_gate(form, head, entries)
        return Made(form.write(head, entries), links=links)

    for one in feeds.FORMATS:
        path = f"{addresses.archive_stem(document.number)}.{one.ending}"
        yield Planned(path, inputs, partial(write, one))


def _lost_neighbours(library: Library, document: Closed, down: set[int]) -> list[int]:
    """Name the parts around the entries of a document that are down: they are named no more."""
    known = [one.series for one in archives.entries(library.tx, document.number) if one.series]
    named = {part.article_id for text in set(known) for part in named_parts(text)}
    return sorted(down & {one for one in named if one is not None})


def _load(library: Library, kept: list[Kept]) -> Iterator[Entry]:
    """Read entries as they were when their document was closed."""
    wanted = [(one.article, one.revision) for one in kept]
    for one, entry in zip(kept, articles.entries(library.tx, wanted, {}), strict=True):
        around = read_series(one.series, library.standing) if one.series else None
        yield replace(
            entry, published=one.published, updated=one.updated, series=around, part=one.part
        )


def _head(library: Library, document: Closed, kept: list[Kept]) -> Feed:
    about, number = library.about, document.number
    return Feed(
        uid=library.uid("feed"),
        title=document.title,
        description=document.description,
        language=document.language,
        author=document.author,
        base_url=about.base_url,
        page_path="" if about.site == "on" else None,
        stem=addresses.archive_stem(number),
        updated=max((one.updated for one in kept), default=None),
        older=addresses.archive_stem(number - 1) if number > 1 else None,
        current="feed",
    )
