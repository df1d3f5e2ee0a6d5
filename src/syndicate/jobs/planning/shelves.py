"""Articles put together by what they have in common: a tag, or the language."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from syndicate.addresses import language_path, tag_path
from syndicate.jobs.planning.numbered import Numbered
from syndicate.store.articles import Row


class Shelf(Struct, frozen=True):
    """Published articles of one tag or language, newest first; `path` is that of its page.

    `name` is the tag as its newest article writes it, or the language's code. `language` is that of
    the newest article.
    """

    kind: Literal["tag", "language"]
    name: str
    path: str
    language: str
    rows: Numbered[Row]


def shelves(
    rows: Numbered[Row],
    languages: Mapping[str, Iterable[int]],
    tagged: Iterable[tuple[str, str, int, str]],
) -> Iterator[Shelf]:
    """Yield the shelves of published `rows`: languages, then tags, each by its path.

    `languages` has the numbers of the articles of each, newest first; `tagged` are tags as
    `store.tags.placed` yields them.
    """
    for code, some in sorted(languages.items()):
        yield Shelf("language", code, language_path(code), code, rows.of(some))
    first: dict[str, tuple[str, str]] = {}
    numbers: dict[str, array[int]] = {}
    for key, name, number, language in tagged:
        first.setdefault(key, (name, language))
        numbers.setdefault(key, array("q")).append(number)
    for key, its in sorted(numbers.items()):
        name, language = first[key]
        yield Shelf("tag", name, tag_path(key), language, rows.of(its))
