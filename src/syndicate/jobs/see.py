"""See what there is: look at every file, and read those that are new or changed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from syndicate.articles import is_page
from syndicate.content import Folder, Found, Skipped, Stray, scan, stamp_of
from syndicate.jobs.crew import Crew
from syndicate.jobs.reading import Reading, is_news, read_pages
from syndicate.jobs.rules import Rules
from syndicate.model import Notice, Tell
from syndicate.store import pages, pictures
from syndicate.store.database import Store
from syndicate.store.found import KnownPage, KnownPicture
from syndicate.store.spool import Spool

ALONE = "sidecar-alone"


class Seen(Struct, frozen=True):
    """What a pass saw: how many files there are, what was read of them, and which pages are gone.

    `known` are the pages as they were found before, and `version` names that state of the store. `unread` are
    pages that changed and are still being written, or were moved away meanwhile; `strays` are files that look
    like pages and are none by their names, `alone` sidecars that are of no page.
    """

    folders: Sequence[Folder]
    known: Mapping[str, KnownPage]
    version: int
    readings: Spool[Reading]
    count: int
    gone: Sequence[str]
    unread: Collection[str]
    strays: Sequence[str]
    alone: Sequence[tuple[str, Notice]]

    def is_unread(self, page: KnownPage) -> bool:
        """Whether a file may hold something else by now: it was not read, or is not as it was found."""
        stamp = page.size, page.modified_ns
        return page.path in self.unread or stamp_of(self.folders, page.path) != stamp


def see(
    store: Store,
    folders: Sequence[Folder],
    language: str,
    rules: Rules,
    tell: Tell,
    readings: Spool[Reading],
    crew: Crew,
) -> Seen:
    """Look at every file, and put what was read of those that are new or changed into `readings`.

    A directory that is misspelt, or not mounted, says nothing of its pages: then none is gone.
    """
    with store.read() as tx:
        version, known, shown = pages.version(tx), pages.known(tx), pictures.known(tx)
    look, unread = _Look(known), set[str]()

    def take(some: Iterable[Found | Skipped]) -> None:
        for one in read_pages(_asked(some, unread), known, language, rules, tell, crew):
            unread.discard(one.page.path)
            readings.append(one)
            if one.page.path in known:
                look.touched.add(one.page.path)

    take(_news(folders, look, shown))
    gone = list(_gone(look)) if all(folder.path.is_dir() for folder in folders) else []
    take(_freed(look, gone))
    return Seen(
        folders, known, version, readings, look.count, gone, unread, look.strays, look.alone
    )


class _Look(Struct):
    """What was come across so far: how many files, and which of the pages that were `known` are there.

    `doubles` are the files of those that repeated another's text, `touched` those that were read anew;
    `hidden` begin the paths of pages that may be there all the same.
    """

    known: Mapping[str, KnownPage]
    count: int = 0
    present: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    doubles: dict[str, Found | Skipped] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    alone: list[tuple[str, Notice]] = field(default_factory=list)

    def put_aside(self, one: Stray, folder: Folder) -> None:
        """Note a file that is no page."""
        if one.advice is None:
            self.strays.append(one.path)
        elif not folder.fetched:  # there a sidecar is written before its page
            self.alone.append((one.path, Notice(ALONE, one.advice)))


def _news(
    folders: Sequence[Folder], look: _Look, shown: Mapping[str, Sequence[KnownPicture]]
) -> Iterator[Found | Skipped]:
    """Look at every file once, and yield what is to be read.

    Of directories in each other, the inner one's files are its own.
    """
    names = {folder.name: folder for folder in folders}
    for name, folder in names.items():
        start = f"{name}/" if name else ""
        inner = tuple(f"{one}/" for one in names if one != name and one.startswith(start))
        for one in scan(folder, is_page):
            if inner and f"{one.path}/".startswith(inner):
                continue
            if isinstance(one, Stray):
                look.put_aside(one, folder)
                continue
            look.count += 1
            if (page := look.known.get(one.path)) is not None:
                look.present.add(page.path)
                if page.double is not None:
                    look.doubles[page.path] = one
            if isinstance(one, Skipped) and one.below:
                look.hidden.append(one.below)
            if is_news(one, page, shown):
                yield one


def _asked(some: Iterable[Found | Skipped], unread: set[str]) -> Iterator[Found | Skipped]:
    """Pass files on to who reads them, and note that they are not read yet."""
    for one in some:
        unread.add(one.path)
        yield one


def _gone(look: _Look) -> Iterator[str]:
    """Name the pages that are there no more."""
    hidden = tuple(look.hidden)
    for path, page in look.known.items():
        if page.gone is None and path not in look.present and not path.startswith(hidden):
            yield path


def _freed(look: _Look, gone: Sequence[str]) -> Iterator[Found | Skipped]:
    """Yield what repeated the text of a page that changed or is gone: it may be an article now."""
    left = look.touched.union(gone)
    for path, one in look.doubles.items():
        if look.known[path].double in left and path not in left:
            yield one
