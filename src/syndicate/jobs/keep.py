"""Keep what pages say: articles and revisions, series, dates, and the newsletters' news."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field

from syndicate.articles import Transcript, from_record, published
from syndicate.articles.change import classify
from syndicate.articles.members import Concern
from syndicate.jobs import declared, inherit
from syndicate.jobs.advice import Advised, advise
from syndicate.jobs.announce import announce, announce_changed
from syndicate.jobs.dating import date
from syndicate.jobs.enter import Newcomer, enter, said
from syndicate.jobs.relink import concerns, may_move, relink
from syndicate.jobs.rules import USUAL, Rules
from syndicate.jobs.withdraw import put_back
from syndicate.model import Newsletter
from syndicate.store import articles, dates, pictures, publication, revisions, tags
from syndicate.store.articles import Row
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.dates import Placed
from syndicate.store.inheritance import Inherited
from syndicate.store.publication import Origin
from syndicate.store.revisions import Said


class Arrival(Struct, frozen=True):
    """What a page says, and the number of its article (None: a new one)."""

    path: str
    text: Transcript
    article_id: int | None


class Kept(Struct, frozen=True):
    """What was kept: the article of each path, the paths of new and changed ones, and concerns.

    A concern about a series that was there before is not told again. `drafts` and `scheduled` are those
    of `new` that are not published yet, `backlog` those that are and are nobody's news; `languages`
    counts the new and changed ones.
    """

    numbers: Mapping[str, int]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    concerns: tuple[Concern, ...]
    backlog: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    scheduled: tuple[str, ...] = ()
    languages: Mapping[str, int] = field(default_factory=dict)


class _Written(Struct, frozen=True):
    """What arrivals came to, by their paths: articles' numbers, new ones, classes of change of the changed.

    By their articles' numbers: `old` are nobody's news, `undated` the new ones that bear no date, `own` the
    dates of changed ones that were kept back.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    changes: dict[str, str] = field(default_factory=dict)
    old: set[int] = field(default_factory=set)
    undated: set[int] = field(default_factory=set)
    own: dict[int, declared.Times] = field(default_factory=dict)

    def of(self, paths: Iterable[str]) -> set[int]:
        """Return the articles of some paths."""
        return {self.numbers[path] for path in paths}

    def new_among(self, ids: set[int]) -> tuple[str, ...]:
        """Return the paths of the new ones among some articles."""
        return tuple(path for path in self.new if self.numbers[path] in ids)

    def is_done(self, row: Placed) -> bool:
        """Whether an article that comes out was dated when it was entered, and is nobody's news."""
        stands = row.series_id is None and row.id not in self.undated and row.id not in self.own
        return stands and row.id in self.old

    def times(self, row: Placed) -> declared.Times:
        """Return the dates that a page gave an article which comes out."""
        if row.id in self.own:
            return self.own[row.id]
        return _UNDATED if row.id in self.undated else declared.Times(row.published, row.updated)


class _Terms(Struct, frozen=True):
    """On what terms arrivals are kept."""

    origin: Origin
    now: datetime
    backlog: bool
    rules: Rules
    zone: str

    def times(self, one: Arrival) -> declared.Times:
        """Return the dates that a page gives itself."""
        return declared.times(one.text.metadata, self.zone, self.now)

    def is_old(self, own: declared.Times) -> bool:
        """Whether an article is nobody's news: a page's own date may be long ago (DELIVERY.md, "Backlog")."""
        if self.backlog or own.published is None:
            return self.backlog
        return own.published < self.now - self.rules.backlog_after


_UNDATED = declared.Times(None, None)


def keep(
    tx: Transaction,
    arrivals: Iterable[Arrival],
    origin: Origin,
    newsletters: Sequence[Newsletter],
    now: datetime,
    *,
    backlog: bool,
    rules: Rules = USUAL,
    zone: str = "UTC",
) -> Kept:
    """Write arrivals into the store, and everything that follows from them.

    They are gone through several times, some hundred at a time: all texts may be more than a memory holds.
    Dates on pages that name no zone are in `zone`. A draft is kept, and is news once it is none;
    what bears a date that is still to come, then (`jobs.release`).
    """
    terms = _Terms(origin, now, backlog, rules, zone)
    moves = may_move(tx, ((one.article_id, one.text) for one in arrivals), rules.series)
    before = {one.notice for one in concerns(tx, rules.series)} if moves else set()
    kept_back = articles.in_state(tx, *articles.KEPT_BACK)
    written = _write(tx, arrivals, terms)
    changed = written.of(written.changes)
    if back := changed & articles.in_state(tx, articles.ASIDE):
        put_back(tx, sorted(back), rules, now)
    relinked, unclear = relink(tx, rules.series, written.numbers) if moves else (False, ())
    drafts, scheduled = (articles.in_state(tx, one) for one in articles.KEPT_BACK)
    out = (written.of(written.new) | changed & kept_back) - drafts - scheduled
    _announce(tx, written, out, newsletters, now)
    if written.new or changed or relinked:
        publication.touch(tx)
    languages, advice = _look_over(tx, arrivals, written, zone, now)
    return Kept(
        written.numbers,
        tuple(written.new),
        tuple(written.changes),
        (*(one for one in unclear if one.notice not in before), *advice),
        written.new_among(written.old - drafts - scheduled),
        written.new_among(drafts),
        written.new_among(scheduled),
        languages,
    )


def _look_over(
    tx: Transaction, arrivals: Iterable[Arrival], written: _Written, zone: str, now: datetime
) -> tuple[Counter[str], list[Concern]]:
    """Count the languages of what is new or changed, and find what is to be told of it."""
    languages, advice = Counter[str](), list[Concern]()
    for some in batches(one for one in arrivals if _is_told(one, written)):
        languages.update(one.text.language for one in some)
        advice += advise(tx, [_advised(one, written) for one in some], zone, now)
    return languages, advice


def _write(tx: Transaction, arrivals: Iterable[Arrival], terms: _Terms) -> _Written:
    """Keep what known articles say now, and enter new ones."""
    written, estate = _Written(), inherit.open_estate(tx)
    left = inherit.bequeath(
        estate, lambda: ((one.path, one.text) for one in arrivals if one.article_id is None)
    )
    for some in batches(arrivals):
        _revise(tx, [one for one in some if one.article_id is not None], terms, written)
        new = [one for one in some if one.article_id is None]
        numbers = _enter(tx, new, left, terms, written)
        inherit.take_all(tx, estate, {numbers[one.path]: left.get(one.path) for one in new})
        written.numbers.update(numbers)
    return written


def _enter(
    tx: Transaction,
    some: Sequence[Arrival],
    left: Mapping[str, Inherited],
    terms: _Terms,
    written: _Written,
) -> dict[str, int]:
    """Enter new articles; return their numbers by the paths of their pages."""
    newcomers = list[Newcomer]()
    for one in some:
        its, own = left.get(one.path), terms.times(one)
        own = own.or_at(its.published) if its else own
        uid = its.uid if its else None
        newcomers.append(Newcomer(one.path, one.text, own, uid, terms.is_old(own)))
    numbers = enter(tx, newcomers, terms.origin, terms.now) if newcomers else []
    given = list(zip(numbers, newcomers, strict=True))
    written.new.extend(one.path for one in newcomers)
    written.old.update(number for number, one in given if one.backlog)
    written.undated.update(number for number, one in given if one.own.published is None)
    return {one.path: number for number, one in given}


def _announce(
    tx: Transaction,
    written: _Written,
    out: set[int],
    newsletters: Sequence[Newsletter],
    now: datetime,
) -> None:
    """Date what comes `out`, and make it news, and what changed significantly."""
    if out:
        rows = (row for row in dates.placed(tx, sorted(out)) if not written.is_done(row))
        order = date(tx, rows, written.times, now)
        announce(tx, [one for one in order if one not in written.old], newsletters, now)
    significant = [path for path, change in written.changes.items() if change == "significant"]
    changed = [written.numbers[path] for path in significant]
    announce_changed(tx, [one for one in changed if one not in out], newsletters, now)


def _is_told(one: Arrival, written: _Written) -> bool:
    """Whether an arrival is a new article, or says something new."""
    return one.article_id is None or one.path in written.changes


def _advised(one: Arrival, written: _Written) -> Advised:
    text, number = one.text, written.numbers[one.path]
    is_new = one.article_id is None
    return Advised(number, text.title, text.title_key, text.last, text.metadata, is_new)


def _revise(tx: Transaction, some: Sequence[Arrival], terms: _Terms, written: _Written) -> None:
    """Keep new revisions of known articles that say something new."""
    before = articles.some(tx, [one.article_id for one in some if one.article_id is not None])
    # With a date to come it was no old page by that, but read as one.
    as_old = articles.backlog(
        tx, [number for number, row in before.items() if row.state == articles.SCHEDULED]
    )
    for one in some:
        row = before[one.article_id or 0]
        written.numbers[one.path] = row.id
        if one.text.digest == row.digest:
            continue
        own = terms.times(one)
        written.changes[one.path] = _revise_one(tx, row, one.text, own, terms.now)
        is_old = row.id in as_old or terms.is_old(own)
        if row.state in articles.KEPT_BACK:
            written.own[row.id] = own
            articles.change(tx, row.id, {"backlog": int(is_old)})
        if is_old:
            written.old.add(row.id)


def _revise_one(
    tx: Transaction, before: Row, text: Transcript, own: declared.Times, now: datetime
) -> str:
    """Keep a new revision of an article; its change class."""
    old, number = from_record(articles.record(tx, before.id, before.revision)), before.revision + 1
    change = classify(old, text.article())
    now_said = Said(before.id, number, text.digest, text.title_key, change, text.record)
    revisions.add(tx, [now_said], now)
    state = declared.state(text.metadata, own, before.state, now)
    values: dict[str, object] = {
        **said(text),
        "revision": number,
        "digest": text.digest,
        "state": state,
    }
    if state == articles.SCHEDULED:
        values |= {"published": own.published, "updated": own.published}
    elif change == "significant":
        newer = own.updated and own.updated > before.updated
        later = max(now, before.updated + timedelta(seconds=1))  # a clock may have been put back
        values["updated"] = own.updated if newer else later
    articles.change(tx, before.id, values)
    if text.metadata.tags != old.metadata.tags:
        tags.put(tx, {before.id: text.metadata.tags})
    if text.media != published(old):
        pictures.put(tx, {before.id: text.media})
    return change
