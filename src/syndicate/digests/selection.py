"""Which articles stand together, in what order, and what the letter is called (MAIL.md, "A digest")."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from syndicate.digests.line import clip, one_line
from syndicate.language import catalogue
from syndicate.model import DigestGroup, DigestItem, Entry, ItemKind, Series

TITLE = 100  # code points of a title in a subject: a telephone shows some 40, a desktop 70
PREHEADER = 200  # code points: no client shows more beside the subject

_T = TypeVar("_T")


class Place(NamedTuple):
    """What decides where an article stands in a letter: `series` is None for one that stands alone."""

    article_id: int
    series: str | int | None
    part: int | None
    published: datetime
    kind: ItemKind


def group(items: Sequence[DigestItem], order: Sequence[int] = ()) -> tuple[DigestGroup, ...]:
    """Group items by series, in the order of a letter."""
    return tuple(_group(found) for found in arranged(items, _place, order))


def arranged(
    items: Sequence[_T], place_of: Callable[[_T], Place], order: Sequence[int] = ()
) -> list[list[_T]]:
    """Put together what is of one series, in part order, the group of the earliest article first.

    So a letter reads from top to bottom as the news came, and an article that arrives later never
    takes the lead, and with it the subject, from one that a preview has already shown. What is new
    goes before corrections and what is shown once more. Parts to catch up with stand behind the
    others of their series. The articles of an editor's `order` go before all, with their series.
    """
    places = {number: place for place, number in enumerate(order)}
    last = len(places)

    def rank(item: _T) -> tuple[int, bool, float, int]:
        its = place_of(item)
        late, when = its.kind is not ItemKind.NEW, its.published.timestamp()
        return places.get(its.article_id, last), late, when, its.article_id

    def within(item: _T) -> tuple[bool, int]:
        its = place_of(item)
        return its.kind is ItemKind.CATCH_UP, its.part or 0

    members: dict[object, list[_T]] = {}
    for item in sorted(items, key=rank):
        its = place_of(item)
        alone = its.article_id if its.series is None else None
        members.setdefault((its.series, alone), []).append(item)
    return [sorted(found, key=within) for found in members.values()]


def bounded(groups: Sequence[DigestGroup], most: int) -> tuple[DigestGroup, ...]:
    """Leave the first `most` items in full; the others are rows of links."""
    made: list[DigestGroup] = []
    for one in groups:
        items = [
            replace(item, linked=place >= most)
            for place, item in enumerate(one.items, sum(len(before.items) for before in made))
        ]
        made.append(replace(one, items=tuple(items)))
    return tuple(made)


def _group(found: Sequence[DigestItem]) -> DigestGroup:
    return DigestGroup(
        _series(found[0].entry),
        tuple(item for item in found if item.kind is not ItemKind.CATCH_UP),
        tuple(item.entry for item in found if item.kind is ItemKind.CATCH_UP),
    )


def subject(groups: Sequence[DigestGroup], newsletter_title: str, language: str) -> str:
    """Write the subject: the first new article's title, and how many more there are; one line.

    An article is new in one edition only, so its title tells editions apart; parts that share a
    title are told apart by their number. Without a title it is that of the newsletter.
    """
    entries = _leading(groups)
    words = catalogue(language)
    title = _named(entries[0], words.gettext("{title} (part {number})")) if entries else ""
    title = title or one_line(newsletter_title)
    more = len(entries) - 1
    if more < 1:
        return title
    text = words.ngettext("{title} and {count} more", "{title} and {count} more", more)
    return text.format(title=title, count=more)


def preheader(groups: Sequence[DigestGroup]) -> str:
    """Write what clients show beside the subject: the first highlight, else the summary; one line."""
    for entry in _leading(groups):
        for text in (*entry.article.highlights, entry.article.summary or ""):
            if line := one_line(text):
                return clip(line, PREHEADER)
    return ""


def _leading(groups: Sequence[DigestGroup]) -> list[Entry]:
    """Return what a letter is about: its new articles, or whatever it holds if none is new."""
    items = [item for one in groups for item in one.items]
    return [item.entry for item in items if item.kind is ItemKind.NEW] or [
        item.entry for item in items
    ]


def _named(entry: Entry, with_part: str) -> str:
    title = _short(entry.article.title)
    parts = entry.series.parts if entry.series else ()
    if entry.part is not None and sum(_short(part.title) == title for part in parts) > 1:
        return with_part.format(title=title, number=entry.part)
    return title


def _short(title: str) -> str:
    return clip(one_line(title), TITLE)


def _series(entry: Entry) -> Series | None:
    """The series that is shown: a single part without a next one is just an article."""
    return entry.series if entry.series and entry.series.total > 1 else None


def _place(item: DigestItem) -> Place:
    entry, series = item.entry, _series(item.entry)
    name = series.slug if series else None
    return Place(entry.article_id, name, entry.part, entry.published, item.kind)
