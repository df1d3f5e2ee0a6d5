"""Enter new articles: each with the id and the address that it keeps for ever."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from syndicate import addresses
from syndicate.articles import content_hash, published, title_key, to_record
from syndicate.jobs import declared
from syndicate.model import Article
from syndicate.store import articles, pictures, revisions, slugs, tags
from syndicate.store.batches import batches
from syndicate.store.database import Transaction
from syndicate.store.given import Given
from syndicate.store.publication import Origin
from syndicate.store.revisions import Said


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A page that is a new article: `uid` is the id that it takes over (None: it gets one of ours)."""

    path: str
    article: Article
    own: declared.Times
    uid: str | None
    backlog: bool


def enter(
    tx: Transaction, every: Sequence[Newcomer], origin: Origin, now: datetime
) -> dict[str, int]:
    """Insert new articles; return their numbers by the paths of their pages."""
    numbers: dict[str, int] = {}
    for some in batches(every):
        numbers |= zip((one.path for one in some), _insert(tx, some, origin, now), strict=True)
    return numbers


def _insert(
    tx: Transaction, some: Sequence[Newcomer], origin: Origin, now: datetime
) -> Sequence[int]:
    names = zip(_uids(tx, some, origin), _slugs(tx, some), strict=True)
    rows = [_row(one, uid, slug, now) for one, (uid, slug) in zip(some, names, strict=True)]
    numbers = articles.add(tx, rows)
    given = zip(numbers, rows, some, strict=True)
    slugs.give(tx, "article", [(str(row["slug"]), number) for number, row, _ in given])
    said = [
        Said(number, 1, str(row["digest"]), str(row["title_key"]), "first", to_record(one.article))
        for number, row, one in zip(numbers, rows, some, strict=True)
    ]
    revisions.add(tx, said, now)
    its = dict(zip(numbers, (one.article for one in some), strict=True))
    tags.put(tx, {number: one.metadata.tags for number, one in its.items() if one.metadata.tags})
    pictures.put(tx, {number: shown for number, one in its.items() if (shown := published(one))})
    return numbers


def _row(one: Newcomer, uid: str, slug: str, now: datetime) -> dict[str, object]:
    return {
        **said(one.article),
        "uid": uid,
        "slug": slug,
        "state": declared.state(one.article.metadata, one.own, None, now),
        "backlog": int(one.backlog),
        "revision": 1,
        "digest": content_hash(one.article),
        "guarded": 0,
        "first_seen": now,
        "published": one.own.published or now,
        "updated": one.own.updated or one.own.published or now,
    }


def said(article: Article) -> dict[str, str | int | None]:
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


def _uids(tx: Transaction, some: Sequence[Newcomer], origin: Origin) -> Iterator[str]:
    """Make ids from first titles: a publication rebuilt from its pages gives the same ids."""
    given = Given(lambda uids: articles.of_uids(tx, uids))
    stems = [
        f"articles/{sha256(title_key(one.article.title).encode()).hexdigest()[:16]}" for one in some
    ]

    def numbered(stem: str, number: int) -> str:
        ending = "" if number == 1 else f"-{number}"
        return addresses.tag_uri(origin.authority, origin.day, f"{stem}{ending}")

    given.expect(dict.fromkeys(numbered(stem, 1) for stem in stems))
    for one, stem in zip(some, stems, strict=True):
        free = addresses.free_number(partial(_is_given, given, partial(numbered, stem)))
        uid = one.uid or numbered(stem, free)
        given.add(uid)
        yield uid


def _is_given(given: Given, numbered: Callable[[int], str], number: int) -> bool:
    return given(numbered(number))


def _slugs(tx: Transaction, some: Sequence[Newcomer]) -> Iterator[str]:
    given = slugs.given(tx, "article")
    wanted = [one.article.metadata.slug or one.article.title for one in some]
    given.expect(dict.fromkeys(addresses.folded(addresses.slug(text)) for text in wanted))
    for text in wanted:
        slug = addresses.slug(text, taken=given)
        given.add(addresses.folded(slug))
        yield slug
