"""Recognise which article each page is that was read, and say why one was not taken for another."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from msgspec import Struct, field

from syndicate.articles import Transcript, from_record
from syndicate.articles.candidates import NEW, Candidate, Identity, Known
from syndicate.articles.identity import identify
from syndicate.jobs.reading import Reading
from syndicate.model import Article, Notice
from syndicate.store import articles, namesakes, revisions
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.found import KnownPage
from syndicate.store.namesakes import Alike
from syndicate.store.spool import Spool

_AT_HAND = 500  # texts that are compared with others, and may be once more


def recognise(
    tx: Transaction,
    readings: Spool[Reading],
    gone: Sequence[str],
    unread: Callable[[KnownPage], bool],
    known: Mapping[str, KnownPage],
) -> dict[str, Identity]:
    """Decide which article each page is that was read; `unread` tells which changed since it was found.

    A page that is a new article, and could be no other, is not named. Texts stay where they are:
    nearly all are compared by their hashes and titles alone.
    """
    parted = [number for path in gone if (number := known[path].article_id)]
    doubtful = _doubtful(tx, readings, gone, known, every=bool(parted))
    candidates = [_candidate(at, readings[at], known) for at in sorted(doubtful.places)]

    @lru_cache(_AT_HAND)
    def read(one: Candidate) -> Article:
        text = readings[one.place].text
        assert text is not None, "only what was read is a candidate"
        return text.article()

    @cache
    def placed() -> Mapping[str, int]:
        return {one.path: one.place for one in candidates}

    @cache
    def changed(path: str) -> bool:
        place = placed().get(path)
        return unread(known[path] if place is None else readings[place].page)

    its = _known(tx, candidates, doubtful, changed, known, parted, read)
    found = identify(candidates, its)
    return {path: one for path, one in found.items() if one != NEW}


class _Doubtful(Struct, frozen=True):
    """Pages that may be more than new articles, by their `places`, and what they may be.

    `bearers` are the articles that have the text, the title or the original's address of any, `former` those
    that ever had a text; `unsettled` are the files of known pages that were read, or are gone.
    """

    unsettled: set[str]
    places: set[int] = field(default_factory=set)
    bearers: dict[int, Alike] = field(default_factory=dict)
    former: dict[str, int] = field(default_factory=dict)

    def find(self, tx: Transaction, texts: Sequence[Transcript]) -> set[str]:
        """Find the articles of some hundred texts; return what of these they are found by."""
        digests, keys = [one.digest for one in texts], [one.title_key for one in texts]
        originals = [its for one in texts if (its := one.metadata.canonical)]
        rows = namesakes.alike(tx, digests, keys, originals)
        former = revisions.of_digests(tx, digests)
        self.bearers.update((row.id, row) for row in rows)
        self.former.update(former)
        said = {*former, *(its for row in rows for its in (row.digest, row.title_key))}
        return said.union(row.canonical for row in rows if row.canonical)


def _doubtful(
    tx: Transaction,
    readings: Spool[Reading],
    gone: Sequence[str],
    known: Mapping[str, KnownPage],
    *,
    every: bool,
) -> _Doubtful:
    """Choose the pages that may be more than new articles: `every` one, or those that anything speaks for.

    A first pass reads very many, and holds a number for the title of each.
    """
    doubtful, at, titles = _Doubtful(set(gone)), array("q"), array("q")

    @cache
    def names() -> set[str]:
        return {path.casefold() for path in known}

    for some in batches(enumerate(readings)):
        doubtful.unsettled.update(one.page.path for _, one in some if one.page.path in known)
        read = [(place, one.page.path, one.text) for place, one in some if one.text is not None]
        said = doubtful.find(tx, [text for _, _, text in read])
        for place, path, text in read:
            at.append(place)
            titles.append(hash(text.title_key))
            its = text.digest, text.title_key, text.metadata.canonical
            if every or path in known or path.casefold() in names() or not said.isdisjoint(its):
                doubtful.places.add(place)
    shared = {one for one, after in pairwise(sorted(titles)) if one == after}
    alike = (place for place, title in zip(at, titles, strict=True) if title in shared)
    doubtful.places.update(alike)
    return doubtful


def _candidate(place: int, one: Reading, known: Mapping[str, KnownPage]) -> Candidate:
    text, path = one.text, one.page.path
    assert text is not None, "only what was read is a candidate"
    copied, original = _copied(one.page, known), text.metadata.canonical
    return Candidate(path, text.digest, text.title_key, original, place, copied)


def _copied(page: KnownPage, known: Mapping[str, KnownPage]) -> int | None:
    """Return the article that a page was a double of, if it was not written since."""
    before = known.get(page.path)
    if before is None or before.double is None or before.digest != page.digest:
        return None
    other = known.get(before.double)
    return other.article_id if other else None


def _known(
    tx: Transaction,
    candidates: Sequence[Candidate],
    doubtful: _Doubtful,
    unread: Callable[[str], bool],
    known: Mapping[str, KnownPage],
    parted: Sequence[int],
    read: Callable[[Candidate], Article],
) -> Known:
    """Return the articles that any of the candidates could be."""
    rows = [row for _, row in sorted(doubtful.bearers.items())]
    before = [known[one.path] for one in candidates if one.path in known]
    by_title: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_title[row.title_key].append(row.id)
    return Known(
        by_digest={row.digest: row.id for row in rows},
        by_former=doubtful.former,
        by_canonical=_by_canonical(rows),
        by_path={path: page.article_id for path, page in known.items() if page.article_id},
        by_title=by_title,
        settled={
            page.article_id: path
            for path, page in known.items()
            if page.article_id
            and page.gone is None
            and page.double is None
            and not page.refused
            and path not in doubtful.unsettled
        },
        unread=unread,
        standing={one.path for one in before if one.gone is None and one.double is None},
        parted=parted,
        said=lru_cache(_AT_HAND)(_said(tx)),
        read=read,
    )


def _by_canonical(rows: Sequence[Alike]) -> dict[str, int]:
    """Map addresses of originals to articles; one that several bear, as parts of a post do, says nothing."""
    counted = Counter(row.canonical for row in rows)
    return {row.canonical: row.id for row in rows if row.canonical and counted[row.canonical] == 1}


def _said(tx: Transaction) -> Callable[[int], Article]:
    def said(article_id: int) -> Article:
        return from_record(articles.record(tx, article_id, articles.get(tx, article_id).revision))

    return said


def not_these(
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
