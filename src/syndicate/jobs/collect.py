"""Pick up pages: read what is new or changed, and keep what it says (issue 2)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from syndicate import addresses
from syndicate.articles import Transcript
from syndicate.articles.candidates import NEW, Identity
from syndicate.articles.members import Concern
from syndicate.content import Folder
from syndicate.jobs import behind
from syndicate.jobs.crew import Crew
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.reading import Reading
from syndicate.jobs.recognise import not_these, recognise
from syndicate.jobs.relink import rearrange
from syndicate.jobs.rules import SETTINGS, USUAL, Rules
from syndicate.jobs.see import Seen, see
from syndicate.jobs.withdraw import mind_losses
from syndicate.model import Event, Newsletter, Notice, Publication, Tell
from syndicate.store import news, pages, pictures, publication, removal
from syndicate.store.batches import batches
from syndicate.store.database import Store, Transaction
from syndicate.store.found import KnownPage
from syndicate.store.spool import Spool


class Collected(Struct, frozen=True):
    """What a pass did: the paths of pages by what became of them, and what an editor should look at.

    `pages` counts all files there are; `gone` are those whose article no page holds any more, also
    when the file is there and holds another; `languages` counts the new and changed articles. Of `new`,
    `drafts` and `scheduled` are not published yet, `backlog` are nobody's news; of `changed`, `released`
    were kept back and are published now. `mailed` counts the articles that are news to newsletters from
    now on; `back` are slugs of those that had left and whose pages are here again. `refused` are named
    once; `still_refused` counts those that were named before. `missing` published articles are without a
    page, whenever it went; `guarded` of them stay because so many went at once, `newly_guarded` since this
    pass. `strays` are files that look like pages and are none by their names, `alone` sidecars that are of
    no page, and pages that wait for theirs: all are named each time.
    """

    pages: int = 0
    new: Sequence[str] = ()
    changed: Sequence[str] = ()
    moved: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    mailed: int = 0
    languages: tuple[tuple[str, int], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    still_refused: int = 0
    warnings: tuple[tuple[str, Notice], ...] = ()
    backlog: Sequence[str] = ()
    drafts: Sequence[str] = ()
    scheduled: Sequence[str] = ()
    released: Sequence[str] = ()
    back: tuple[str, ...] = ()
    guarded: int = 0
    newly_guarded: int = 0
    missing: int = 0
    strays: tuple[str, ...] = ()
    alone: tuple[tuple[str, Notice], ...] = ()


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
    crew: Crew | None = None,
) -> Collected:
    """Pick up every page that is new or changed; what is new as `backlog` is never mailed.

    Reading and parsing happen outside the transaction: a page that changes meanwhile is found by
    the next pass. In a `dry_run`, `look` may read what would be kept. A `crew` that is given stays for other
    work, and prepares for it while pages are kept.
    """
    with closing(Spool[Reading]()) as readings:
        with nullcontext(crew) if crew else Crew() as readers:
            seen = see(store, folders, about.language, rules, tell, readings, readers)
            readers.prepare()
        with store.write() as tx:
            for newsletter in newsletters:
                news.enrol(tx, newsletter.name, now)
            if seen.readings or seen.gone:
                report = _keep(tx, seen, about, newsletters, now, backlog=backlog, rules=rules)
            else:
                unclear = rearrange(tx, rules.series)
                report = Collected(seen.count, warnings=tuple(_filed(tx, unclear)))
            report = _with_what_stands(tx, seen, report)
            if dry_run:
                if look:
                    look(tx)
                tx.rollback()
                return report
    _tell(report, tell)
    return report


def _with_what_stands(tx: Transaction, seen: Seen, report: Collected) -> Collected:
    """Count and name what stands so whether or not anything changed in this pass."""
    still, lost = len(pages.refused(tx)) - len(report.refused), removal.missing(tx)
    stay, alone = sum(one.stays for one in lost), (*report.alone, *seen.alone)
    report = replace(report, still_refused=still, guarded=stay, missing=len(lost))
    return replace(report, strays=tuple(seen.strays), alone=alone)


class _Recognised(Struct, frozen=True):
    """What was read, and which article each page is; what the next pass has to decide is left out.

    So are pages whose sidecars stayed `behind`, where they were: as if they were there still.
    """

    seen: Seen
    known: Mapping[str, KnownPage]
    identities: Mapping[str, Identity]
    behind: Mapping[str, str]

    def readings(self) -> Iterator[Reading]:
        """Yield what was read."""
        return (one for one in self.seen.readings if self.of(one).kind != "unsure")

    def of(self, one: Reading) -> Identity:
        """Return which article a page is; one that is refused is what it was."""
        return self.identities.get(one.page.path, NEW)

    def __iter__(self) -> Iterator[Arrival]:
        """Yield the pages that are articles, each time anew."""
        for one in self.readings():
            if (text := self.text_of(one)) is not None:
                yield Arrival(one.page.path, text, self.of(one).article_id)

    def text_of(self, one: Reading) -> Transcript | None:
        """Return what a page says as an article; None where it is refused, or a double."""
        return None if self.of(one).kind == "double" else one.text

    def is_new(self, one: Reading) -> bool:
        """Whether a page is a new article."""
        return self.text_of(one) is not None and self.of(one).article_id is None


class _Noted(Struct):
    """What was noted of pages: the known articles that they hold, what is refused, and what to look at."""

    held: set[int]
    refused: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, Notice]] = field(default_factory=list)


def _keep(
    tx: Transaction,
    seen: Seen,
    about: Publication,
    newsletters: Sequence[Newsletter],
    now: datetime,
    *,
    backlog: bool,
    rules: Rules,
) -> Collected:
    recognised = _recognised(tx, seen)
    known, identities = recognised.known, recognised.identities
    origin = publication.fix_origin(tx, addresses.authority(about.base_url), now.date())
    kept = keep(
        tx, recognised, origin, newsletters, now, backlog=backlog, rules=rules, zone=about.zone
    )
    noted = _note(tx, recognised, kept.numbers, now)
    losses = mind_losses(tx, _held(known.values()), noted.held, rules, now)
    return Collected(
        pages=seen.count,
        new=kept.new,
        changed=kept.changed,
        moved=tuple(path for path, one in identities.items() if one.kind == "moved"),
        gone=tuple(_without_page(known, noted.held)),
        mailed=kept.news if newsletters else 0,
        languages=tuple(sorted(kept.languages.items(), key=lambda pair: (-pair[1], pair[0]))),
        refused=tuple(noted.refused),
        warnings=(
            *noted.warnings,
            *_filed(tx, kept.concerns),
            *not_these(tx, identities, known),
        ),
        backlog=kept.backlog,
        drafts=kept.drafts,
        scheduled=kept.scheduled,
        released=kept.released,
        back=losses.back,
        newly_guarded=losses.newly_guarded,
        alone=tuple((path, behind.notice(path, old)) for path, old in recognised.behind.items()),
    )


def _recognised(tx: Transaction, seen: Seen) -> _Recognised:
    known = seen.known if pages.version(tx) == seen.version else pages.known(tx)
    identities = recognise(tx, seen.readings, seen.gone, seen.is_unread, known)
    left = behind.moved_alone(tx, seen, identities, known)
    identities.update(dict.fromkeys(left, Identity("unsure")))
    return _Recognised(seen, known, identities, left)


def _note(
    tx: Transaction, recognised: _Recognised, numbers: Iterable[int], now: datetime
) -> _Noted:
    """Note how pages were found; `numbers` are the articles of those that are some, in their order."""
    known, stay = recognised.known, set(recognised.behind.values())
    gone = [path for path in recognised.seen.gone if path not in stay]
    touched, noted, given = set(gone), _Noted(set()), iter(numbers)
    for some in batches(recognised.readings()):
        saved = [(_page(one, recognised, given), one) for one in some]
        pages.save(tx, [(page, one.warnings) for page, one in saved], now)
        beside = {
            page.path: one.pictures for page, one in saved if one.pictures or page.path in known
        }
        pictures.save(tx, beside)
        touched.update(page.path for page, _ in saved if page.path in known)
        noted.held |= _held(page for page, one in saved if not recognised.is_new(one))
        noted.warnings += [(page.path, notice) for page, one in saved for notice in one.warnings]
        noted.refused += [
            (page.path, _told(page.refused, page))
            for page, _ in saved
            if page.refused and known.get(page.path) != page
        ]
    assert next(given, None) is None, "each article has its page"
    pages.mark_gone(tx, gone, now)
    noted.held |= _held(page for path, page in known.items() if path not in touched)
    return noted


def _page(one: Reading, recognised: _Recognised, given: Iterator[int]) -> KnownPage:
    """Return how a page was found: an article is the next one `given`, another page keeps what it held."""
    page, double = one.page, recognised.of(one).other
    if recognised.text_of(one) is not None:
        return replace(page, article_id=next(given))
    if double is None:
        return page
    refused = f"{page.path}: is the same article as {double}. Remove one of the two files."
    return replace(page, refused=refused, double=double)


def _told(refused: str, page: KnownPage) -> str:
    """Say why a page is refused, and what becomes of the article that it held until then."""
    holds = page.article_id is not None and page.double is None
    return f"{refused} Its article stays as it was." if holds else refused


def _filed(tx: Transaction, concerns: Iterable[Concern]) -> Iterator[tuple[str, Notice]]:
    """Name the file where each is to be mended."""
    for one in concerns:
        files = pages.paths_of(tx, one.article_id) if one.article_id else ()
        yield next(iter(files), SETTINGS), one.notice


def _held(known: Iterable[KnownPage]) -> set[int]:
    """Return the articles that a page holds; a page that repeats another one's text holds none."""
    return {
        page.article_id
        for page in known
        if page.article_id is not None and page.gone is None and page.double is None
    }


def _without_page(before: Mapping[str, KnownPage], held: Collection[int]) -> Iterator[str]:
    """Name the files that held an article which no file holds any more."""
    for path, page in before.items():
        if page.gone is None and page.article_id is not None and page.article_id not in held:
            yield path


_KINDS = ("new", "changed", "moved", "gone")


def _tell(report: Collected, tell: Tell) -> None:
    if report.newly_guarded:
        reason = (
            "so many pages are gone at once that their articles stay: bring the pages back, or say "
            "build --accept-removals"
        )
        tell(Event("pages.missing", {"articles": report.guarded, "reason": reason}, "error"))
    for kind in _KINDS:
        for path in getattr(report, kind):
            tell(Event(f"page.{kind}", {"page": path}))
    for slug in report.back:
        tell(Event("article.restored", {"article": slug}))
    for path, reason in report.refused:
        tell(Event("page.refused", {"page": path, "reason": reason}, "error"))
    came = any(getattr(report, kind) for kind in _KINDS)
    alone = report.alone if came else ()  # they stay until somebody comes: not at every pass
    for path, notice in (*report.warnings, *alone):
        said = {"page": path, "code": notice.code, "reason": notice.message}
        tell(Event("page.warning", said, "warning"))
