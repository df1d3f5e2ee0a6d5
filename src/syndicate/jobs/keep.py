"""Keep what pages say: articles and revisions, series, dates, and the newsletters' news."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from syndicate.articles import content_hash, from_record, published, title_key, to_record
from syndicate.articles.change import classify
from syndicate.jobs import declared, inherit
from syndicate.jobs.announce import announce, announce_changed
from syndicate.jobs.enter import Newcomer, enter, said
from syndicate.jobs.relink import may_move, notices, relink
from syndicate.jobs.rules import USUAL, Rules
from syndicate.jobs.withdraw import put_back
from syndicate.model import Article, Newsletter, Notice
from syndicate.store import articles, pictures, publication, revisions, tags
from syndicate.store.articles import Row
from syndicate.store.database import Transaction
from syndicate.store.publication import Origin
from syndicate.store.revisions import Said


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a page says, and the number of its article (None: a new one)."""

    path: str
    article: Article
    article_id: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept: the article of each path, the paths of new and changed ones, linking notices.

    A notice that was true before is not told again. `backlog` are those of `new` that are nobody's news.
    """

    numbers: Mapping[str, int]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    notices: tuple[Notice, ...]
    backlog: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """What arrivals came to: their articles' numbers, the new ones and, of the changed, the class of change.

    `own` are their dates, `old` those that are nobody's news; all by their paths.
    """

    numbers: Mapping[str, int]
    new: tuple[str, ...]
    changes: Mapping[str, str]
    own: Mapping[str, declared.Times]
    old: frozenset[str]

    def of(self, paths: Iterable[str]) -> set[int]:
        """Return the articles of some paths."""
        return {self.numbers[path] for path in paths}


def keep(
    tx: Transaction,
    arrivals: Sequence[Arrival],
    origin: Origin,
    newsletters: Sequence[Newsletter],
    now: datetime,
    *,
    backlog: bool,
    rules: Rules = USUAL,
    zone: str = "UTC",
) -> Kept:
    """Write arrivals into the store, and everything that follows from them.

    Dates on pages that name no zone are in `zone`. A draft is kept, and is news once it is none;
    what bears a date that is still to come, then (`jobs.release`).
    """
    moves = may_move(tx, [(one.article_id, one.article) for one in arrivals], rules.series)
    before = set(notices(tx, rules.series)) if moves else set[Notice]()
    kept_back = articles.in_state(tx, *articles.KEPT_BACK)
    written = _write(tx, arrivals, origin, now, backlog=backlog, rules=rules, zone=zone)
    changed = written.of(written.changes)
    if back := changed & articles.in_state(tx, articles.ASIDE):
        put_back(tx, sorted(back), rules, now)
    relinked, unclear = relink(tx, rules.series, written.numbers) if moves else (False, ())
    out = written.of(written.new) | changed & kept_back
    _announce(tx, written, out - articles.in_state(tx, *articles.KEPT_BACK), newsletters, now)
    if written.new or changed or relinked:
        publication.touch(tx)
    paths = {*written.new, *written.changes}
    told = [one for one in arrivals if one.path in paths]
    unclear = (
        *(one for one in unclear if one not in before),
        *_ungranted(tx, told, written, zone, now),
        *_unmarked(tx, told),
    )
    backlog_ = tuple(path for path in written.new if path in written.old)
    return Kept(written.numbers, written.new, tuple(written.changes), unclear, backlog_)


def _write(
    tx: Transaction,
    arrivals: Sequence[Arrival],
    origin: Origin,
    now: datetime,
    *,
    backlog: bool,
    rules: Rules,
    zone: str,
) -> _Written:
    """Keep what known articles say now, and enter new ones."""
    own = {one.path: declared.times(one.article.metadata, zone, now) for one in arrivals}
    estate, new = inherit.open_estate(tx), [one for one in arrivals if one.article_id is None]
    left = inherit.bequeath(estate, [(one.path, one.article) for one in new])
    own |= {path: own[path].or_at(its.published) for path, its in left.items()}
    old = {path for path, said in own.items() if backlog or _is_old(said, rules, now)}
    changes = _revise(tx, [one for one in arrivals if one.article_id is not None], own, now)
    newcomers = [
        Newcomer(
            one.path,
            one.article,
            own[one.path],
            left[one.path].uid if one.path in left else None,
            one.path in old,
        )
        for one in new
    ]
    numbers = enter(tx, newcomers, origin, now)
    inherit.take_all(tx, estate, {number: left.get(path) for path, number in numbers.items()})
    numbers |= {one.path: one.article_id for one in arrivals if one.article_id is not None}
    return _Written(numbers, tuple(one.path for one in new), changes, own, frozenset(old))


def _announce(
    tx: Transaction,
    written: _Written,
    out: set[int],
    newsletters: Sequence[Newsletter],
    now: datetime,
) -> None:
    """Date what comes `out`, and make it news, and what changed significantly."""
    nobodys = written.of(written.old)
    if out:
        own = {written.numbers[path]: said for path, said in written.own.items()}
        order = [row.id for row in _date(tx, out, own, now)]
        announce(tx, [one for one in order if one not in nobodys], newsletters, now)
    significant = [path for path, change in written.changes.items() if change == "significant"]
    changed = [written.numbers[path] for path in significant]
    announce_changed(tx, [one for one in changed if one not in out], newsletters, now)


def _is_old(own: declared.Times, rules: Rules, now: datetime) -> bool:
    """Whether a page's own date is so long ago that it is nobody's news (DELIVERY.md, "Backlog")."""
    return own.published is not None and own.published < now - rules.backlog_after


def _ungranted(
    tx: Transaction, told: Sequence[Arrival], written: _Written, zone: str, now: datetime
) -> Iterator[Notice]:
    """Say what pages declare of themselves and did not get."""
    rows = articles.some(tx, [written.numbers[one.path] for one in told])
    new = set(written.new)
    for one in told:
        row, is_new = rows[written.numbers[one.path]], one.path in new
        yield from declared.notices(one.article.metadata, row, zone, now, is_new=is_new)


def _unmarked(tx: Transaction, told: Sequence[Arrival]) -> Iterator[Notice]:
    """Name pages whose last line is another page's title, without the mark of the next page."""
    last: dict[str, list[str]] = {}
    for one in told:
        lines = one.article.sections[-1].body if one.article.sections else one.article.lead
        if lines and not one.article.next_title:
            last.setdefault(title_key(lines[-1]), []).append(one.article.title)
    for key in articles.titled(tx, sorted(last)):
        for title in last[key]:
            if key == title_key(title):
                continue
            message = (
                f"“{title}” ends with the title of another page, which is text there. If that "
                "page is its next part, write “次のページを読む ⇒” or “Next page ⇒” before it."
            )
            yield Notice("next-unmarked", message)


def _revise(
    tx: Transaction,
    arrivals: Sequence[Arrival],
    own: Mapping[str, declared.Times],
    now: datetime,
) -> dict[str, str]:
    """Keep new revisions of known articles; the change class of each that says something new."""
    before = articles.some(tx, [one.article_id for one in arrivals if one.article_id is not None])
    changes: dict[str, str] = {}
    for one in arrivals:
        row = before[one.article_id or 0]
        if content_hash(one.article) != row.digest:
            changes[one.path] = _revise_one(tx, row, one.article, own[one.path], now)
    return changes


def _revise_one(
    tx: Transaction, before: Row, article: Article, own: declared.Times, now: datetime
) -> str:
    """Keep a new revision of an article; its change class."""
    old = from_record(articles.record(tx, before.id, before.revision))
    change, number, digest = classify(old, article), before.revision + 1, content_hash(article)
    key = title_key(article.title)
    revisions.add(tx, [Said(before.id, number, digest, key, change, to_record(article))], now)
    state = declared.state(article.metadata, own, before.state, now)
    values: dict[str, object] = {
        **said(article),
        "revision": number,
        "digest": digest,
        "state": state,
    }
    if state == articles.SCHEDULED:
        values |= {"published": own.published, "updated": own.published}
    elif change == "significant":
        newer = own.updated and own.updated > before.updated
        later = max(now, before.updated + timedelta(seconds=1))  # a clock may have been put back
        values["updated"] = own.updated if newer else later
    articles.change(tx, before.id, values)
    if article.metadata.tags != old.metadata.tags:
        tags.put(tx, {before.id: article.metadata.tags})
    if published(article) != published(old):
        pictures.put(tx, {before.id: published(article)})
    return change


def _date(
    tx: Transaction, new: set[int], own: Mapping[int, declared.Times], now: datetime
) -> list[articles.Row]:
    """Date new articles and return them in order: parts that came together stand a second apart.

    Readers sort by date, so that parts of one pass need dates in part order (FEEDS.md, "order"), and
    later ones than the parts that were there before; what stands alone has the time of the pass.
    A page's `own` date goes before all of this.
    """
    arrived = sorted(articles.some(tx, sorted(new)).values(), key=_place)
    last = now.replace(microsecond=0)
    parts = articles.dates_of(tx, {row.series_id for row in arrived if row.series_id is not None})
    newest = {
        number: max(before)
        for number, some in parts.items()
        if (before := [date for one, date in some if one not in new])
    }
    dates: dict[int, tuple[datetime, datetime]] = {}
    for series_id, group in groupby(arrived, key=lambda row: row.series_id):
        rows, apart = list(group), timedelta(seconds=0 if series_id is None else 1)
        first = last - apart * (len(rows) - 1)
        if series_id in newest:
            first = max(first, newest[series_id] + apart)
        taken: set[datetime] = set()
        for number, row in enumerate(rows):
            said = own[row.id]
            published = said.published or first + apart * number
            while apart and published in taken:  # the parts of one post bear its one date
                published += apart
            taken.add(published)
            updated = max(said.updated or published, published)
            dates[row.id] = published, updated
    articles.date(tx, dates)
    return arrived


def _place(row: articles.Row) -> tuple[int, int, int]:
    """Order: series by number, parts in order, then what stands alone as it came."""
    return (row.series_id or 0, row.part or 0, row.id) if row.series_id else (2**62, 0, row.id)
