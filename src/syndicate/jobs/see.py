"""See what there is: look at every file, and read those that are new or changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from syndicate.articles import is_page
from syndicate.content import Folder, Found, Skipped, scan
from syndicate.jobs.reading import Reading, is_news, read_pages
from syndicate.jobs.rules import Rules
from syndicate.model import Tell
from syndicate.store import pages, pictures
from syndicate.store.database import Store
from syndicate.store.pages import KnownPage
from syndicate.store.spool import Spool


@dataclass(slots=True)
class Seen:
    """What a pass sees: how many files there are, what was read of them, and which pages are gone.

    `found` are the files of pages that were `known`, `hidden` begin the paths of those that may be there
    all the same. `touched` are known pages that were read anew, `unread` those that changed and are still
    being written, or were moved away meanwhile.
    """

    known: Mapping[str, KnownPage]
    readings: Spool[Reading]
    count: int = 0
    found: dict[str, Found | Skipped] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    gone: Sequence[str] = ()
    unread: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)

    def is_unread(self, path: str) -> bool:
        """Whether a file may hold something else by now: it was not read, or is not as it was found."""
        found = self.found.get(path)
        return path in self.unread or (isinstance(found, Found) and not found.stands())


def see(
    store: Store,
    folders: Sequence[Folder],
    language: str,
    rules: Rules,
    tell: Tell,
    readings: Spool[Reading],
) -> Seen:
    """Look at every file, and put what was read of those that are new or changed into `readings`.

    A directory that is misspelt, or not mounted, says nothing of its pages: then none is gone.
    """
    with store.read() as tx:
        known, shown = pages.known(tx), pictures.known(tx)
    seen = Seen(known, readings)

    def take(some: Iterable[Found | Skipped]) -> None:
        for one in read_pages(_asked(some, seen.unread), known, language, rules, tell):
            seen.unread.discard(one.page.path)
            readings.append(one)
            if one.page.path in known:
                seen.touched.add(one.page.path)

    take(one for one in _files(folders, seen) if is_news(one, known, shown))
    if all(folder.path.is_dir() for folder in folders):
        seen.gone = list(_gone(seen))
    take(_freed(seen))
    return seen


def _files(folders: Sequence[Folder], seen: Seen) -> Iterator[Found | Skipped]:
    """Yield every file once: of directories in each other, the inner one's are its own."""
    names = {folder.name: folder for folder in folders}
    for name, folder in names.items():
        inner = tuple(
            f"{one}/" for one in names if one != name and f"{one}/".startswith(f"{name}/")
        )
        for one in scan(folder, is_page):
            if inner and f"{one.path}/".startswith(inner):
                continue
            seen.count += 1
            if one.path in seen.known:
                seen.found[one.path] = one
            if isinstance(one, Skipped) and one.below:
                seen.hidden.append(one.below)
            yield one


def _asked(some: Iterable[Found | Skipped], unread: set[str]) -> Iterator[Found | Skipped]:
    """Pass files on to who reads them, and note that they are not read yet."""
    for one in some:
        unread.add(one.path)
        yield one


def _gone(seen: Seen) -> Iterator[str]:
    """Name the pages that are there no more."""
    hidden = tuple(seen.hidden)
    for path, page in seen.known.items():
        if page.gone is None and path not in seen.found and not path.startswith(hidden):
            yield path


def _freed(seen: Seen) -> Iterator[Found | Skipped]:
    """Yield what repeated the text of a page that changed or is gone: it may be an article now."""
    left = seen.touched.union(seen.gone)
    for path, page in seen.known.items():
        if page.double in left and path in seen.found and path not in left:
            yield seen.found[path]
