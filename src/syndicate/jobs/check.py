"""Every problem of a publication's content, by the file where it is to be mended (issue 4)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Literal

from msgspec import Struct

from syndicate import addresses
from syndicate.articles import from_record
from syndicate.articles.series import title_key
from syndicate.articles.transcript import last_key
from syndicate.content import Folder
from syndicate.jobs.advice import Advised, advise
from syndicate.jobs.collect import collect
from syndicate.jobs.relink import concerns
from syndicate.jobs.rules import SETTINGS, Rules
from syndicate.model import Article, Newsletter, Publication, silent
from syndicate.store import articles, links, pages, removal
from syndicate.store.articles import Row
from syndicate.store.batches import batches
from syndicate.store.database import Store, Transaction

Level = Literal["error", "warning"]


class Finding(Struct, frozen=True):
    """A problem of a file: what it is (a fixed code), and a sentence that says what to do."""

    file: str
    code: str
    message: str
    level: Level = "warning"


class Reading(Struct, frozen=True):
    """What is looked at: the store as a build would leave it, and where its articles come from."""

    tx: Transaction
    rules: Rules
    files: dict[int, str]
    zone: str
    now: datetime

    def file(self, article_id: int | None) -> str:
        """Return the file that an article comes from, the settings for none."""
        return self.files.get(article_id or 0, SETTINGS)


# A new kind of problem is one such function, and one line of SOURCES.
Source = Callable[[Reading], Iterable[Finding]]


def check(
    store: Store,
    folders: Sequence[Folder],
    about: Publication,
    newsletters: Sequence[Newsletter],
    rules: Rules,
    now: datetime,
    more: Sequence[Source] = (),
) -> tuple[Finding, ...]:
    """Return all problems, by file: what is kept, and what a build now would find. Nothing is changed.

    Only pages that are new or changed are read. `more` are further kinds of problems.
    """
    found: list[Finding] = []

    def look(tx: Transaction) -> None:
        reading = Reading(tx, rules, pages.last_paths(tx), about.zone, now)
        for source in (*SOURCES, *more):
            found.extend(source(reading))

    report = collect(
        store, folders, about, newsletters, now, silent, dry_run=True, rules=rules, look=look
    )
    found.extend(Finding(file, one.code, one.message) for file, one in report.alone)
    return by_file(found)


def by_file(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put findings in order, each once: by file, what is refused first."""
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.file, one.level, one.code)))


def _refused(reading: Reading) -> Iterator[Finding]:
    for path, reason in pages.refused(reading.tx).items():
        message = reason.removeprefix(f"{path}: ")
        yield Finding(path, "refused", message, "error")


def _noticed(reading: Reading) -> Iterator[Finding]:
    for path, notice in pages.notices(reading.tx):
        yield Finding(path, notice.code, notice.message)


def _linked(reading: Reading) -> Iterator[Finding]:
    for one in concerns(reading.tx, reading.rules.series):
        yield Finding(reading.file(one.article_id), one.notice.code, one.notice.message)


def _said(reading: Reading) -> Iterator[Finding]:
    """What articles say that no parser complains of: it is judged by what else is kept, or may be so."""
    tx = reading.tx
    waiting = articles.some(tx, sorted(articles.in_state(tx, *articles.KEPT_BACK)))
    for some in batches(chain(articles.published(tx), waiting.values())):
        kept = [(row, from_record(articles.record(tx, row.id, row.revision))) for row in some]
        for row, article in kept:
            if row.state == articles.PUBLISHED:
                yield from _bare(reading.file(row.id), article)
        advised = [_advised(row, article) for row, article in kept]
        for one in advise(tx, advised, reading.zone, reading.now):
            yield Finding(reading.file(one.article_id), one.notice.code, one.notice.message)


def _advised(row: Row, article: Article) -> Advised:
    key, last = title_key(article.title), last_key(article)
    return Advised(row.id, article.title, key, last, article.metadata, row.revision == 1)


def _bare(file: str, article: Article) -> Iterator[Finding]:
    """What an article lacks, though it may do without."""
    if not article.highlights and _is_of_the_shape(article):
        message = "the article has no highlights: letters and feeds show its summary alone"
        yield Finding(file, "no-highlights", f"{message}. Write 💡 lines below the summary.")


def _is_of_the_shape(article: Article) -> bool:
    """Whether an article is written in the marks of docs/pages.md: others have no highlights."""
    return any(one.source_date or one.key_points or one.sources for one in article.sections)


def _missing(reading: Reading) -> Iterator[Finding]:
    for one in removal.missing(reading.tx):
        file = reading.file(one.id)
        if one.stays:
            message = (
                f"the page of “{one.title}” is gone with so many others that its article stays. Bring the "
                "pages back, or say: syndicate build --accept-removals"
            )
            yield Finding(file, "pages-missing", message)
        else:
            leaves = one.lost + reading.rules.grace
            message = (
                f"the page of “{one.title}” is gone: the article is withdrawn at "
                f"{leaves:%Y-%m-%d %H:%M} UTC. Keep it: syndicate articles restore {one.slug}"
            )
            yield Finding(file, "page-gone", message)


def _aside(reading: Reading) -> Iterator[Finding]:
    for number, title, reason in removal.aside(reading.tx):
        message = f"“{title}” is set aside, as it would break the feeds: {reason}. Change its page."
        yield Finding(reading.file(number), "set-aside", message, "error")


def _dead_ends(reading: Reading) -> Iterator[Finding]:
    """Name the links that led nowhere when the files were published last."""
    for one in links.broken(reading.tx):
        slug = addresses.article_slug(one.page)
        row = articles.find(reading.tx, slug) if slug else None
        lacks = (
            "and nothing on it has that id"
            if one.address[:1] == "#"
            else "where nothing is published"
        )
        message = f"{one.page} links to {one.address}, {lacks}. Mend the address."
        yield Finding(reading.file(row.id) if row else SETTINGS, "link-broken", message)


SOURCES: tuple[Source, ...] = (_refused, _noticed, _linked, _said, _missing, _aside, _dead_ends)
