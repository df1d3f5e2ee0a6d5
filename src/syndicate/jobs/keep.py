"""Keep what pages say: articles and revisions, series, dates, and the newsletters' news."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby

from syndicate import addresses
from syndicate.articles import content_hash, from_record, published, title_key, to_record
from syndicate.articles.change import classify
from syndicate.jobs import declared, inherit
from syndicate.jobs.announce import announce, announce_changed
from syndicate.jobs.relink import may_move, notices, relink
from syndicate.jobs.rules import USUAL, Rules
from syndicate.jobs.withdraw import put_back
from syndicate.model import Article, Newsletter, Notice
from syndicate.store import articles, pictures, publication, slugs, tags
from syndicate.store.database import Transaction
from syndicate.store.publication import Origin


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
    own = {one.path: declared.times(one.article.metadata, zone, now) for one in arrivals}
    estate = inherit.open_estate(tx)
    left = inherit.bequeath(
        estate, [(one.path, one.article) for one in arrivals if one.article_id is None]
    )
    own |= {path: own[path].or_at(its.published) for path, its in left.items()}
    old = {path for path, said in own.items() if backlog or _is_old(said, rules, now)}
    numbers = {one.path: one.article_id for one in arrivals if one.article_id is not None}
    changes = {
        one.path: _revise(tx, one, zone, now) for one in arrivals if one.article_id is not None
    }
    changed = tuple(path for path, change in changes.items() if change is not None)
    new = tuple(one.path for one in arrivals if one.article_id is None)
    for one in arrivals:
        if one.article_id is None:
            uid = left[one.path].uid if one.path in left else None
            number = _add(tx, one.article, uid, origin, own[one.path], now, backlog=one.path in old)
            inherit.take(tx, estate, articles.get(tx, number), left.get(one.path))
            numbers[one.path] = number
    if back := {numbers[path] for path in changed} & articles.in_state(tx, articles.ASIDE):
        put_back(tx, sorted(back), rules, now)
    relinked, unclear = relink(tx, rules.series, numbers) if moves else (False, ())
    out = {numbers[path] for path in new} | {numbers[path] for path in changed} & kept_back
    out -= articles.in_state(tx, *articles.KEPT_BACK)
    if out:
        order = _date(tx, out, {numbers[path]: said for path, said in own.items()}, now)
        nobodys = {numbers[path] for path in old}
        announce(tx, [row.id for row in order if row.id not in nobodys], newsletters, now)
    significant = [numbers[path] for path in changed if changes[path] == "significant"]
    announce_changed(tx, [one for one in significant if one not in out], newsletters, now)
    if new or changed or relinked:
        publication.touch(tx)
    told = {*new, *changed}
    unclear = (
        *(one for one in unclear if one not in before),
        *_ungranted(tx, [one for one in arrivals if one.path in told], numbers, zone, now, new),
        *_unmarked(tx, arrivals, told),
    )
    return Kept(numbers, new, changed, unclear, tuple(path for path in new if path in old))


def _is_old(own: declared.Times, rules: Rules, now: datetime) -> bool:
    """Whether a page's own date is so long ago that it is nobody's news (DELIVERY.md, "Backlog")."""
    return own.published is not None and own.published < now - rules.backlog_after


def _ungranted(
    tx: Transaction,
    arrivals: Sequence[Arrival],
    numbers: Mapping[str, int],
    zone: str,
    now: datetime,
    new: Collection[str],
) -> Iterator[Notice]:
    """Say what pages declare of themselves and did not get."""
    rows = articles.some(tx, [numbers[one.path] for one in arrivals])
    for one in arrivals:
        row = rows[numbers[one.path]]
        yield from declared.notices(one.article.metadata, row, zone, now, is_new=one.path in new)


def _unmarked(
    tx: Transaction, arrivals: Sequence[Arrival], told: Collection[str]
) -> Iterator[Notice]:
    """Name pages whose last line is another page's title, without the mark of the next page."""
    last: dict[str, list[str]] = {}
    for one in arrivals:
        lines = one.article.sections[-1].body if one.article.sections else one.article.lead
        if one.path in told and lines and not one.article.next_title:
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


def _revise(tx: Transaction, arrival: Arrival, zone: str, now: datetime) -> str | None:
    """Keep a new revision of a known article; its change class, None where it says nothing new."""
    assert arrival.article_id is not None
    before = articles.get(tx, arrival.article_id)
    digest = content_hash(arrival.article)
    if digest == before.digest:
        return None
    old = from_record(articles.record(tx, before.id, before.revision))
    change = classify(old, arrival.article)
    number = before.revision + 1
    said, record = _said(arrival.article), to_record(arrival.article)
    articles.add_revision(
        tx, before.id, number, digest, str(said["title_key"]), change, record, now
    )
    metadata = arrival.article.metadata
    own = declared.times(metadata, zone, now)
    state = declared.state(metadata, own, before.state, now)
    values: dict[str, object] = {
        **said,
        "revision": number,
        "digest": digest,
        "state": state,
    }
    if state == articles.SCHEDULED:
        values |= {"published": own.published, "updated": own.published}
    elif change == "significant":
        newer = own.updated and own.updated > before.updated
        values["updated"] = own.updated if newer else now
    articles.change(tx, before.id, values)
    if metadata.tags != old.metadata.tags:
        tags.put(tx, before.id, metadata.tags)
    if published(arrival.article) != published(old):
        pictures.put(tx, before.id, published(arrival.article))
    return change


def _add(
    tx: Transaction,
    article: Article,
    uid: str | None,
    origin: Origin,
    own: declared.Times,
    now: datetime,
    *,
    backlog: bool,
) -> int:
    """Insert a new article with the id (None: one of ours) and the address that it keeps for ever."""
    slug = addresses.slug(article.metadata.slug or article.title, taken=slugs.taken(tx, "article"))
    digest, said = content_hash(article), _said(article)
    values = {
        **said,
        "uid": uid or _uid(tx, article, origin),
        "slug": slug,
        "state": declared.state(article.metadata, own, None, now),
        "backlog": int(backlog),
        "guarded": 0,
        "revision": 1,
        "digest": digest,
        "first_seen": now,
        "published": own.published or now,
        "updated": own.updated or own.published or now,
    }
    number = articles.add(tx, values)
    slugs.give(tx, "article", slug, number)
    title = str(said["title_key"])
    articles.add_revision(tx, number, 1, digest, title, "first", to_record(article), now)
    if article.metadata.tags:
        tags.put(tx, number, article.metadata.tags)
    if shown := published(article):
        pictures.put(tx, number, shown)
    return number


def _said(article: Article) -> dict[str, str | int | None]:
    """What an article's row repeats of its text, so that lists need not read it."""
    return {
        "title": article.title,
        "title_key": title_key(article.title),
        "next_title": article.next_title,
        "language": article.language,
        "canonical": article.metadata.canonical,
        "own_series": article.metadata.series,
        "own_part": article.metadata.part,
    }


def _uid(tx: Transaction, article: Article, origin: Origin) -> str:
    """Make an id from the first title: a publication rebuilt from its pages gives the same ids."""
    stem = sha256(title_key(article.title).encode()).hexdigest()[:16]

    def numbered(number: int) -> str:
        ending = "" if number == 1 else f"-{number}"
        return addresses.tag_uri(origin.authority, origin.day, f"articles/{stem}{ending}")

    return numbered(addresses.free_number(lambda number: articles.uid_exists(tx, numbered(number))))


def _date(
    tx: Transaction, new: set[int], own: Mapping[int, declared.Times], now: datetime
) -> list[articles.Row]:
    """Date new articles and return them in order: parts that came together stand a second apart.

    Readers sort by date, so that parts of one pass need dates in part order (FEEDS.md, "order"), and
    later ones than the parts that were there before; what stands alone has the time of the pass.
    A page's `own` date goes before all of this.
    """
    rows = articles.every(tx)
    arrived = sorted((row for row in rows if row.id in new), key=_place)
    last = now.replace(microsecond=0)
    known = sorted((row for row in rows if row.id not in new), key=lambda row: row.published)
    newest = {row.series_id: row.published for row in known if row.series_id is not None}
    dates: dict[int, tuple[datetime, datetime]] = {}
    for series_id, group in groupby(arrived, key=lambda row: row.series_id):
        parts, apart = list(group), timedelta(seconds=0 if series_id is None else 1)
        first = last - apart * (len(parts) - 1)
        if series_id in newest:
            first = max(first, newest[series_id] + apart)
        taken: set[datetime] = set()
        for number, row in enumerate(parts):
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
