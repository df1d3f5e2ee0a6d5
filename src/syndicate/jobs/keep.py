"""Keep what pages say: articles and revisions, series, dates, and the newsletters' news."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, filterfalse

from msgspec import Struct, field

from syndicate.articles import Transcript, from_record, published
from syndicate.articles.change import classify
from syndicate.articles.members import Concern
from syndicate.jobs import declared, inherit
from syndicate.jobs.advice import Advised, advise
from syndicate.jobs.announce import announce, announce_changed
from syndicate.jobs.dating import date
from syndicate.jobs.enter import Newcomer, enter, said
from syndicate.jobs.paths import Paths
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
    """What was kept: the articles' numbers in the order of arrivals, paths of new and changed, and concerns.

    A concern about a series that was there before is not told again. `drafts` and `scheduled` are those
    of `new` that are not published yet, `backlog` those that are and are nobody's news; `released` are
    those of `changed` that were kept back and are published now. `news` counts the articles that are news
    from now on; `languages` the new and changed ones.
    """

    numbers: Sequence[int]
    new: Paths = field(default_factory=Paths)
    changed: Paths = field(default_factory=Paths)
    concerns: list[Concern] = field(default_factory=list)
    backlog: Paths = field(default_factory=Paths)
    drafts: Paths = field(default_factory=Paths)
    scheduled: Paths = field(default_factory=Paths)
    released: Paths = field(default_factory=Paths)
    news: int = 0
    languages: Counter[str] = field(default_factory=Counter)


class _Written(Struct, frozen=True):
    """What arrivals came to: `numbers` of their articles in their order, of `new` ones, classes of `changes`.

    `undated` are the new ones that bear no date, `own` the dates of changed ones that were kept back.
    """

    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    new: "array[int]" = field(default_factory=lambda: array("q"))
    changes: dict[int, str] = field(default_factory=dict)
    undated: set[int] = field(default_factory=set)
    own: dict[int, declared.Times] = field(default_factory=dict)

    def told(self, arrivals: Iterable[Arrival]) -> Iterator[tuple[Arrival, int]]:
        """Yield the arrivals that are new articles, or say something new, and the numbers of these."""
        for one, number in zip(arrivals, self.numbers, strict=True):
            if one.article_id is None or number in self.changes:
                yield one, number

    def is_done(self, row: Placed) -> bool:
        """Whether an article that comes out was dated when it was entered, and is nobody's news."""
        stands = row.series_id is None and row.id not in self.undated and row.id not in self.own
        return stands and row.is_backlog

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
    if back := written.changes.keys() & articles.in_state(tx, articles.ASIDE):
        put_back(tx, sorted(back), rules, now)
    arriving = zip((one.path for one in arrivals), written.numbers, strict=True)
    relinked, unclear = relink(tx, rules.series, arriving) if moves else (False, ())
    let_go, count = _announce(tx, written, kept_back, newsletters, now)
    if written.new or written.changes or relinked:
        publication.touch(tx)
    untold = [one for one in unclear if one.notice not in before]
    kept = Kept(written.numbers, concerns=untold, news=count)
    for some in batches(written.told(arrivals)):
        kept.concerns.extend(advise(tx, [_advised(*one) for one in some], zone, now))
        _name(tx, some, let_go, kept)
    return kept


def _name(
    tx: Transaction, some: Sequence[tuple[Arrival, int]], let_go: Collection[int], kept: Kept
) -> None:
    """Name what is new or changed, and what of it is not published, nobody's news, or let go."""
    kept.languages.update(one.text.language for one, _ in some)
    kept.changed.extend(one.path for one, _ in some if one.article_id is not None)
    kept.released.extend(one.path for one, number in some if number in let_go)
    new = {number: one.path for one, number in some if one.article_id is None}
    kept.new.extend(new.values())
    for number, state in articles.not_news(tx, [*new]):
        places = {articles.DRAFT: kept.drafts, articles.SCHEDULED: kept.scheduled}
        places.get(state, kept.backlog).append(new[number])


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
        inherit.take_all(
            tx, estate, dict(zip(numbers, (left.get(one.path) for one in new), strict=True))
        )
        written.new.extend(numbers)
        entered = iter(numbers)
        written.numbers.extend(one.article_id or next(entered) for one in some)
    return written


def _enter(
    tx: Transaction,
    some: Sequence[Arrival],
    left: Mapping[str, Inherited],
    terms: _Terms,
    written: _Written,
) -> Sequence[int]:
    """Enter new articles; return their numbers in their order."""
    newcomers = list[Newcomer]()
    for one in some:
        its, own = left.get(one.path), terms.times(one)
        own = own.or_at(its.published) if its else own
        uid = its.uid if its else None
        newcomers.append(Newcomer(one.path, one.text, own, uid, terms.is_old(own)))
    numbers = enter(tx, newcomers, terms.origin, terms.now) if newcomers else []
    given = zip(numbers, newcomers, strict=True)
    written.undated.update(number for number, one in given if one.own.published is None)
    return numbers


def _announce(
    tx: Transaction,
    written: _Written,
    kept_back: set[int],
    newsletters: Sequence[Newsletter],
    now: datetime,
) -> tuple[set[int], int]:
    """Date what comes out, as of what was `kept_back`, and make it news, and what changed significantly.

    Returns what was kept back and is no more, and how many articles are news.
    """
    held = articles.in_state(tx, *articles.KEPT_BACK)
    let_go = (written.changes.keys() & kept_back) - held
    out = (one for one in chain(written.new, sorted(let_go)) if one not in held)
    order = date(tx, filterfalse(written.is_done, dates.placed(tx, out)), written.times, now)
    fresh = [row.id for row in order if not row.is_backlog]
    if fresh:
        announce(tx, fresh, newsletters, now)
    significant = [one for one, change in written.changes.items() if change == "significant"]
    announce_changed(tx, [one for one in significant if one not in let_go], newsletters, now)
    return let_go, len(fresh)


def _advised(one: Arrival, number: int) -> Advised:
    text, is_new = one.text, one.article_id is None
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
        if one.text.digest == row.digest:
            continue
        own = terms.times(one)
        written.changes[row.id] = _revise_one(tx, row, one.text, own, terms.now)
        if row.state in articles.KEPT_BACK:
            written.own[row.id] = own
            is_old = row.id in as_old or terms.is_old(own)
            articles.change(tx, row.id, {"backlog": int(is_old)})


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
