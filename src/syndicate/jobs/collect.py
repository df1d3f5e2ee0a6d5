"""Pick up pages: read what is new or changed, and keep what it says (issue 2)."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate import addresses
from syndicate.articles import is_page
from syndicate.articles.identity import Identity
from syndicate.content import Folder, Found, Skipped, scan
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.reading import Reading, is_news, read_pages
from syndicate.jobs.recognise import not_these, recognise
from syndicate.jobs.relink import rearrange
from syndicate.jobs.rules import USUAL, Rules
from syndicate.jobs.withdraw import mind_losses
from syndicate.model import Event, Newsletter, Notice, Publication, Tell
from syndicate.store import news, pages, pictures, publication
from syndicate.store.database import Store, Transaction
from syndicate.store.pages import KnownPage


@dataclass(frozen=True, slots=True)
class Collected:
    """What a pass did: the paths of pages by what became of them, and what an editor should look at.

    `pages` counts all files there are; `gone` are those whose article no page holds any more, also
    when the file is there and holds another;
    `languages` counts the new and changed articles. `backlog` are those of `new` that are nobody's
    news, `mailed` the number of the others. `guarded` articles stay because so many miss their pages
    at once, `missing` in all.
    """

    pages: int = 0
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    mailed: int = 0
    languages: tuple[tuple[str, int], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, Notice], ...] = ()
    backlog: tuple[str, ...] = ()
    guarded: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a pass found: the files, what was read of them, and the paths of pages that are gone.

    `unread` are pages that changed and are still being written, or were moved away meanwhile.
    """

    found: Mapping[str, Found | Skipped]
    readings: Sequence[Reading]
    gone: Sequence[str]
    unread: Collection[str]

    def is_unread(self, path: str) -> bool:
        """Whether a file may hold something else by now: it was not read, or is not as it was found."""
        found = self.found.get(path)
        return path in self.unread or (isinstance(found, Found) and not found.stands())


def collect(
    store: Store,
    folders: Sequence[Folder],
    about: Publication,
    newsletters: Sequence[Newsletter],
    now: datetime,
    tell: Tell,
    *,
    backlog: bool = False,
    dry_run: bool = False,
    rules: Rules = USUAL,
    look: Callable[[Transaction], None] | None = None,
) -> Collected:
    """Pick up every page that is new or changed; what is new as `backlog` is never mailed.

    Reading and parsing happen outside the transaction: a page that changes meanwhile is found by
    the next pass. In a `dry_run`, `look` may read what would be kept.
    """
    seen = _see(store, folders, about.language, rules, tell)
    with store.write() as tx:
        for newsletter in newsletters:
            news.enrol(tx, newsletter.name, now)
        if seen.readings or seen.gone:
            report = _keep(tx, seen, about, newsletters, now, backlog=backlog, rules=rules)
        else:
            unclear = rearrange(tx, rules.series)
            report = Collected(len(seen.found), warnings=tuple(("series", one) for one in unclear))
        if dry_run:
            if look:
                look(tx)
            tx.rollback()
            return report
    _tell(report, tell)
    return report


def _see(store: Store, folders: Sequence[Folder], language: str, rules: Rules, tell: Tell) -> _Seen:
    """Look at every file, and read those that are new or changed."""
    with store.read() as tx:
        known, shown = pages.known(tx), pictures.known(tx)
    found = {one.path: one for folder in folders for one in scan(folder, is_page)}
    news_ = [one for one in found.values() if is_news(one, known, shown)]
    readings = list(read_pages(news_, known, language, rules, tell))
    hidden = tuple(one.below for one in found.values() if isinstance(one, Skipped) and one.below)
    gone = [
        path
        for path, page in known.items()
        if page.gone is None and path not in found and not path.startswith(hidden)
    ]
    if not all(folder.path.is_dir() for folder in folders):
        gone = []  # a directory that is misspelt, or not mounted, says nothing of its pages
    touched = {*gone, *(one.page.path for one in readings)}
    freed = [  # what repeated another page's text may be an article now
        found[path]
        for path, page in known.items()
        if page.double in touched and path in found and path not in touched
    ]
    readings += read_pages(freed, known, language, rules, tell)
    unread = {one.path for one in (*news_, *freed)} - {one.page.path for one in readings}
    return _Seen(found, readings, gone, unread)


def _keep(
    tx: Transaction,
    seen: _Seen,
    about: Publication,
    newsletters: Sequence[Newsletter],
    now: datetime,
    *,
    backlog: bool,
    rules: Rules,
) -> Collected:
    known = pages.known(tx)
    seen, recognised = _recognised(tx, seen, known)
    arrivals = [
        Arrival(one.page.path, one.article, recognised[one.page.path].article_id)
        for one in seen.readings
        if one.article is not None and recognised[one.page.path].kind != "double"
    ]
    origin = publication.fix_origin(tx, addresses.authority(about.base_url), now.date())
    kept = keep(
        tx, arrivals, origin, newsletters, now, backlog=backlog, rules=rules, zone=about.zone
    )
    after, refused = _note(tx, seen, known, recognised, kept.numbers, now)
    guarded, missing = mind_losses(tx, _held(known), _held(after), rules, now)
    told = {*kept.new, *kept.changed}
    return Collected(
        pages=len(seen.found),
        new=kept.new,
        changed=kept.changed,
        moved=tuple(path for path, one in recognised.items() if one.kind == "moved"),
        gone=tuple(_without_page(known, _held(after))),
        mailed=len(kept.new) - len(kept.backlog) if newsletters else 0,
        languages=_languages(arrivals, told),
        refused=refused,
        warnings=(*_warnings(seen.readings, kept.notices), *not_these(tx, recognised, known)),
        backlog=kept.backlog,
        guarded=guarded,
        missing=missing,
    )


def _recognised(
    tx: Transaction, seen: _Seen, known: Mapping[str, KnownPage]
) -> tuple[_Seen, Mapping[str, Identity]]:
    """Recognise what was read; what the next pass has to decide is left as it was found."""
    recognised = recognise(tx, seen.readings, seen.gone, seen.is_unread, known)
    unsure = {path for path, one in recognised.items() if one.kind == "unsure"}
    readings = [one for one in seen.readings if one.page.path not in unsure]
    return replace(seen, readings=readings), recognised


def _note(
    tx: Transaction,
    seen: _Seen,
    known: Mapping[str, KnownPage],
    recognised: Mapping[str, Identity],
    numbers: Mapping[str, int],
    now: datetime,
) -> tuple[Mapping[str, KnownPage], tuple[tuple[str, str], ...]]:
    """Note how pages were found; return all that are known now, and what is refused and was not before."""
    saved = [(_page(one, recognised.get(one.page.path), numbers), one) for one in seen.readings]
    pages.save(
        tx, [(page, one.article.warnings if one.article else ()) for page, one in saved], now
    )
    pictures.save(tx, {page.path: one.pictures for page, one in saved})
    pages.mark_gone(tx, list(seen.gone), now)
    gone = {path: replace(known[path], gone=now) for path in seen.gone if path in known}
    after = {**known, **{page.path: page for page, _ in saved}, **gone}
    refused = [(page.path, page.refused) for page, _ in saved if page.refused]
    return after, tuple((path, why) for path, why in refused if known.get(path) != after[path])


def _page(one: Reading, identity: Identity | None, numbers: Mapping[str, int]) -> KnownPage:
    path, refused = one.page.path, one.page.refused
    double = identity.other if identity else None
    if identity and identity.kind == "double":
        refused = f"{path}: is the same article as {double}. Remove one of the two files."
    number = numbers.get(path, one.page.article_id)
    return replace(one.page, article_id=number, refused=refused, double=double)


def _held(known: Mapping[str, KnownPage]) -> set[int]:
    """Return the articles that a page holds; a page that repeats another one's text holds none."""
    return {
        page.article_id
        for page in known.values()
        if page.article_id is not None and page.gone is None and page.double is None
    }


def _without_page(before: Mapping[str, KnownPage], held: Collection[int]) -> Iterator[str]:
    """Name the files that held an article which no file holds any more."""
    for path, page in before.items():
        if page.gone is None and page.article_id is not None and page.article_id not in held:
            yield path


def _languages(arrivals: Sequence[Arrival], told: set[str]) -> tuple[tuple[str, int], ...]:
    counted = Counter(one.article.language for one in arrivals if one.path in told)
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _warnings(
    readings: Sequence[Reading], notices: Sequence[Notice]
) -> tuple[tuple[str, Notice], ...]:
    of_pages = [
        (one.page.path, notice)
        for one in readings
        if one.article
        for notice in one.article.warnings
    ]
    return (*of_pages, *(("series", notice) for notice in notices))


def _tell(report: Collected, tell: Tell) -> None:
    if report.guarded:
        reason = (
            "so many pages are gone at once that their articles stay: bring the pages back, or say "
            "build --accept-removals"
        )
        tell(Event("pages.missing", {"articles": report.missing, "reason": reason}, "error"))
    for kind in ("new", "changed", "moved", "gone"):
        for path in getattr(report, kind):
            tell(Event(f"page.{kind}", {"page": path}))
    for path, reason in report.refused:
        tell(Event("page.refused", {"page": path, "reason": reason}, "error"))
    for path, notice in report.warnings:
        tell(
            Event(
                "page.warning",
                {"page": path, "code": notice.code, "reason": notice.message},
                "warning",
            )
        )
