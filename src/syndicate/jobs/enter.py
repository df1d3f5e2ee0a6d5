"""Enter new articles: each with the id and the address that it keeps for ever."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256

from msgspec import Struct

from syndicate import addresses
from syndicate.articles import Transcript
from syndicate.jobs import declared
from syndicate.store import articles, pictures, revisions, slugs, tags
from syndicate.store.database import Transaction
from syndicate.store.given import Given
from syndicate.store.publication import Origin
from syndicate.store.revisions import Said


class Newcomer(Struct, frozen=True):
    """A page that is a new article: `uid` is the id that it takes over (None: it gets one of ours)."""

    path: str
    text: Transcript
    own: declared.Times
    uid: str | None
    backlog: bool


def enter(
    tx: Transaction, some: Sequence[Newcomer], origin: Origin, now: datetime
) -> Sequence[int]:
    """Insert some hundred new articles at most; return their numbers in their order."""
    names = zip(_uids(tx, some, origin), _slugs(tx, some), strict=True)
    rows = [_row(one, uid, slug, now) for one, (uid, slug) in zip(some, names, strict=True)]
    numbers = articles.add(tx, rows)
    texts = dict(zip(numbers, (one.text for one in some), strict=True))
    given = zip(rows, numbers, strict=True)
    slugs.give(tx, "article", [(str(row["slug"]), number) for row, number in given])
    said = [
        Said(number, 1, its.digest, its.title_key, "first", its.record)
        for number, its in texts.items()
    ]
    revisions.add(tx, said, now)
    tags.put(tx, {number: its.metadata.tags for number, its in texts.items() if its.metadata.tags})
    pictures.put(tx, {number: its.media for number, its in texts.items() if its.media})
    return numbers


def _row(one: Newcomer, uid: str, slug: str, now: datetime) -> dict[str, object]:
    return {
        **said(one.text),
        "uid": uid,
        "slug": slug,
        "state": declared.state(one.text.metadata, one.own, None, now),
        "backlog": int(one.backlog),
        "revision": 1,
        "digest": one.text.digest,
        "guarded": 0,
        "first_seen": now,
        "published": one.own.published or now,
        "updated": one.own.updated or one.own.published or now,
    }


def said(text: Transcript) -> dict[str, str | int | None]:
    """What an article's row repeats of its text, so that lists need not read it."""
    return {
        "title": text.title,
        "title_key": text.title_key,
        "gist": text.gist,
        "next_title": text.next_title,
        "language": text.language,
        "canonical": text.metadata.canonical,
        "own_series": text.metadata.series,
        "own_part": text.metadata.part,
    }


def _uids(tx: Transaction, some: Sequence[Newcomer], origin: Origin) -> Iterator[str]:
    """Make ids from first titles: a publication rebuilt from its pages gives the same ids."""
    given = Given(lambda uids: articles.of_uids(tx, uids))
    stems = [f"articles/{sha256(one.text.title_key.encode()).hexdigest()[:16]}" for one in some]

    def numbered(stem: str, number: int) -> str:
        ending = "" if number == 1 else f"-{number}"
        return addresses.tag_uri(origin.authority, origin.day, f"{stem}{ending}")

    firsts = [numbered(stem, 1) for stem in stems]
    given.expect(dict.fromkeys(firsts))
    for one, stem, first in zip(some, stems, firsts, strict=True):
        uid = one.uid or first
        if not one.uid and given(first):
            free = addresses.free_number(partial(_is_given, given, partial(numbered, stem)))
            uid = numbered(stem, free)
        given.add(uid)
        yield uid


def _is_given(given: Given, numbered: Callable[[int], str], number: int) -> bool:
    return given(numbered(number))


def _slugs(tx: Transaction, some: Sequence[Newcomer]) -> Iterator[str]:
    given = slugs.given(tx, "article")
    texts = [one.text.metadata.slug or one.text.title for one in some]
    firsts = [addresses.slug(text) for text in texts]
    given.expect(dict.fromkeys(map(addresses.folded, firsts)))
    for text, first in zip(texts, firsts, strict=True):
        free = not given(addresses.folded(first))
        slug = first if free else addresses.slug(text, taken=given)
        given.add(addresses.folded(slug))
        yield slug
