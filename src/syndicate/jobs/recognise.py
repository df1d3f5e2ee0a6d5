"""Recognise which article each page is that was read, and say why one was not taken for another."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from syndicate.articles import content_hash, from_record, title_key
from syndicate.articles.identity import Candidate, Identity, Known, identify
from syndicate.jobs.reading import Reading
from syndicate.model import Article, Notice
from syndicate.store import articles, revisions
from syndicate.store.articles import Row
from syndicate.store.database import Transaction
from syndicate.store.pages import KnownPage


def recognise(
    tx: Transaction,
    readings: Sequence[Reading],
    gone: Sequence[str],
    unread: Callable[[str], bool],
    known: Mapping[str, KnownPage],
) -> dict[str, Identity]:
    """Decide which article each page is that was read; `unread` tells which could not be, and changed."""
    candidates = [
        Candidate(
            one.page.path,
            content_hash(one.article),
            title_key(one.article.title),
            one.article,
            _copied(one.page, known),
        )
        for one in readings
        if one.article is not None
    ]
    unsettled = {*gone, *(one.page.path for one in readings)}
    return identify(candidates, _known(tx, candidates, unsettled, unread, known))


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
) -> Known:
    """Return the articles that any of the candidates could be."""
    digests = list({one.digest for one in candidates})
    titles = list({one.title_key for one in candidates})
    originals = {one.article.metadata.canonical for one in candidates}
    rows = articles.alike(tx, digests, titles, [one for one in originals if one])
    held = {path: page for path, page in known.items() if page.article_id}
    by_title: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_title[row.title_key].append(row.id)
    return Known(
        by_digest={row.digest: row.id for row in rows},
        by_former=revisions.of_digests(tx, digests),
        by_canonical=_by_canonical(rows),
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
        unread=cache(unread),
        standing={
            path for path, page in known.items() if page.gone is None and page.double is None
        },
        said=cache(_said(tx)),
    )


def _by_canonical(rows: Sequence[Row]) -> dict[str, int]:
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
