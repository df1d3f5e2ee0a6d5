"""Pick up pages: read what is new or changed, and keep what it says (issue 2)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from syndicate import addresses
from syndicate.articles import content_hash, from_record, is_page, title_key
from syndicate.articles.identity import Candidate, Identity, Known, identify
from syndicate.content import Folder, Skipped, scan
from syndicate.jobs.keep import Arrival, keep
from syndicate.jobs.reading import Reading, is_news, read_pages
from syndicate.jobs.relink import rearrange
from syndicate.jobs.rules import USUAL, Rules
from syndicate.jobs.withdraw import mind_losses
from syndicate.model import Article, Event, Newsletter, Notice, Publication, Tell
from syndicate.store import articles, news, pages, pictures, publication, removal
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
    with store.read() as tx:
        known, shown = pages.known(tx), pictures.known(tx)
    found = {one.path: one for folder in folders for one in scan(folder, is_page)}
    news_ = [one for one in found.values() if is_news(one, known, shown)]
    readings = list(read_pages(news_, known, about.language, rules, tell))
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
    readings += read_pages(freed, known, about.language, rules, tell)
    with store.write() as tx:
        for newsletter in newsletters:
            news.enrol(tx, newsletter.name, now)
        report = Collected(pages=len(found))
        if readings or gone:
            report = replace(
                _keep(tx, readings, gone, about, newsletters, now, backlog=backlog, rules=rules),
                pages=len(found),
            )
        else:
            unclear = rearrange(tx, rules.series)
            report = replace(report, warnings=tuple(("series", one) for one in unclear))
        if dry_run:
            if look:
                look(tx)
            tx.rollback()
            return report
    _tell(report, tell)
    return report


def _keep(
    tx: Transaction,
    readings: Sequence[Reading],
    gone: Sequence[str],
    about: Publication,
    newsletters: Sequence[Newsletter],
    now: datetime,
    *,
    backlog: bool,
    rules: Rules,
) -> Collected:
    known, held = pages.known(tx), removal.held(tx)
    identities = _identify(tx, readings, gone, known)
    arrivals = [
        Arrival(one.page.path, one.article, identities[one.page.path].article_id)
        for one in readings
        if one.article is not None and identities[one.page.path].kind != "double"
    ]
    origin = publication.fix_origin(tx, addresses.authority(about.base_url), now.date())
    kept = keep(
        tx, arrivals, origin, newsletters, now, backlog=backlog, rules=rules, zone=about.zone
    )
    refused = {one.page.path: one.page.refused for one in readings if one.page.refused}
    refused |= {
        path: _double(path, one) for path, one in identities.items() if one.kind == "double"
    }
    doubles = {path: one.other for path, one in identities.items()}
    saved = []
    for one in readings:
        path = one.page.path
        page = replace(
            one.page,
            article_id=kept.numbers.get(path, one.page.article_id),
            refused=refused.get(path),
            double=doubles.get(path),
        )
        saved.append((page, one.article.warnings if one.article else ()))
        if path in known and known[path] == page:
            refused.pop(path, None)  # it was said before
    pages.save(tx, saved, now)
    pictures.save(tx, {one.page.path: one.pictures for one in readings})
    pages.mark_gone(tx, list(gone), now)
    guarded, missing = mind_losses(tx, held, rules, now)
    told = {*kept.new, *kept.changed}
    moved = [path for path, one in identities.items() if one.kind == "moved"]
    return Collected(
        new=kept.new,
        changed=kept.changed,
        moved=tuple(moved),
        gone=tuple(_without_page(known, pages.known(tx))),
        mailed=len(kept.new) - len(kept.backlog) if newsletters else 0,
        languages=_languages(arrivals, told),
        refused=tuple(refused.items()),
        warnings=(*_warnings(readings, kept.notices), *_not_these(tx, identities, known)),
        backlog=kept.backlog,
        guarded=guarded,
        missing=missing,
    )


def _without_page(before: Mapping[str, KnownPage], now: Mapping[str, KnownPage]) -> Iterator[str]:
    """Name the files that held an article which no file holds any more."""
    held = {None, *(page.article_id for page in now.values() if page.gone is None)}
    for path, page in before.items():
        if page.gone is None and page.article_id not in held:
            yield path


def _not_these(
    tx: Transaction, identities: Mapping[str, Identity], known: Mapping[str, KnownPage]
) -> Iterator[tuple[str, Notice]]:
    """Say of new articles for which known one they could be taken, and why they were not."""
    for path, one in identities.items():
        if one.not_this is None:
            continue
        old = articles.get(tx, one.not_this)
        page = known.get(path)
        if page and page.article_id == old.id and page.gone is None:
            why = f"holds a new article: it shares neither title nor text with “{old.title}”"
        else:
            why = f"is a new article: its text is not that of “{old.title}”, whose file is gone"
        message = f"{why} ({old.slug}), which stays published until it is withdrawn"
        yield path, Notice("article-new", f"{message}.")


def _identify(
    tx: Transaction,
    readings: Sequence[Reading],
    gone: Sequence[str],
    known: Mapping[str, KnownPage],
) -> dict[str, Identity]:
    """Decide which article each page that was read is."""
    candidates = [
        Candidate(
            one.page.path, content_hash(one.article), title_key(one.article.title), one.article
        )
        for one in readings
        if one.article is not None
    ]
    unsettled = {*gone, *(one.page.path for one in readings)}
    held = {path: page for path, page in known.items() if page.article_id}
    rows = articles.every(tx)
    by_title: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_title[row.title_key].append(row.id)
    return identify(
        candidates,
        Known(
            by_digest={row.digest: row.id for row in rows},
            by_canonical=articles.by_canonical(rows),
            by_path={path: page.article_id for path, page in held.items() if page.article_id},
            by_title=by_title,
            settled={
                page.article_id: path
                for path, page in held.items()
                if page.article_id
                and page.gone is None
                and page.double is None
                and not page.refused
                and path not in unsettled
            },
            standing={path for path, page in known.items() if page.gone is None},
            said=cache(_said(tx, {row.id: row.revision for row in rows})),
        ),
    )


def _said(tx: Transaction, revisions: Mapping[int, int]) -> Callable[[int], Article]:
    def said(article_id: int) -> Article:
        return from_record(articles.record(tx, article_id, revisions[article_id]))

    return said


def _double(path: str, identity: Identity) -> str:
    return f"{path}: is the same article as {identity.other}. Remove one of the two files."


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
