"""Recognise which article each page is that was read, and say why one was not taken for another."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from syndicate.articles import Transcript, from_record
from syndicate.articles.candidates import NEW, Candidate, Identity, Known
from syndicate.articles.identity import identify
from syndicate.jobs.reading import Reading
from syndicate.model import Article, Notice
from syndicate.store import articles, namesakes, revisions
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
    candidates, unsettled = list[Candidate](), set(gone)
    for place, one in enumerate(readings):
        if one.page.path in known:
            unsettled.add(one.page.path)
        if one.text is not None:
            candidates.append(_candidate(place, one.page, one.text, known))

    @lru_cache(_AT_HAND)
    def read(one: Candidate) -> Article:
        text = readings[one.place].text
        assert text is not None, "only what was read is a candidate"
        return text.article()

    @cache
    def places() -> Mapping[str, int]:
        return {one.path: one.place for one in candidates}

    @cache
    def changed(path: str) -> bool:
        place = places().get(path)
        return unread(known[path] if place is None else readings[place].page)

    parted = [number for path in gone if (number := known[path].article_id)]
    found = identify(candidates, _known(tx, candidates, unsettled, changed, known, parted, read))
    return {path: one for path, one in found.items() if one != NEW}


def _candidate(
    place: int, page: KnownPage, text: Transcript, known: Mapping[str, KnownPage]
) -> Candidate:
    copied = _copied(page, known)
    original = text.metadata.canonical
    return Candidate(page.path, text.digest, text.title_key, original, place, copied)


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
    unsettled: set[str],
    unread: Callable[[str], bool],
    known: Mapping[str, KnownPage],
    parted: Sequence[int],
    read: Callable[[Candidate], Article],
) -> Known:
    """Return the articles that any of the candidates could be."""
    rows = namesakes.alike(
        tx,
        (one.digest for one in candidates),
        (one.title_key for one in candidates),
        (one.canonical for one in candidates if one.canonical),
    )
    before = [known[one.path] for one in candidates if one.path in known]
    by_title: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_title[row.title_key].append(row.id)
    return Known(
        by_digest={row.digest: row.id for row in rows},
        by_former=revisions.of_digests(tx, (one.digest for one in candidates)),
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
            and path not in unsettled
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
