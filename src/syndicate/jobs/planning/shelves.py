"""Articles put together by what they have in common: a tag, or the language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from syndicate.addresses import language_path, tag_path
from syndicate.store.articles import Row


@dataclass(frozen=True, slots=True)
class Shelf:
    """Published articles of one tag or language, newest first; `path` is that of its page.

    `name` is the tag as its newest article writes it, or the language's code. `language` is that of
    the newest article.
    """

    kind: Literal["tag", "language"]
    name: str
    path: str
    language: str
    rows: tuple[Row, ...]


def shelves(rows: Sequence[Row], tags: Mapping[int, Mapping[str, str]]) -> Iterator[Shelf]:
    """Yield the shelves of published `rows` (newest first): languages, then tags, each by its path.

    `tags` are the names of each article's tags by their keys.
    """
    languages: dict[str, list[Row]] = {}
    tagged: dict[str, list[Row]] = {}
    names: dict[str, str] = {}
    for row in rows:
        languages.setdefault(row.language, []).append(row)
        for key, name in tags.get(row.id, {}).items():
            tagged.setdefault(key, []).append(row)
            names.setdefault(key, name)
    for code, some in sorted(languages.items()):
        yield Shelf("language", code, language_path(code), code, tuple(some))
    for key, some in sorted(tagged.items()):
        yield Shelf("tag", names[key], tag_path(key), some[0].language, tuple(some))
