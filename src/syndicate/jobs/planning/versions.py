"""Articles that say the same in several languages: their pages lie side by side, named alike.

`bees.ja.txt` and `bees.en.txt` are versions of one article, if they are in these languages; one of
them may do without its code (`bees.txt`). Pages do not say such a thing of themselves.
"""

from collections.abc import Iterable, Mapping
from os.path import splitext

from syndicate.store.articles import Row


def versions(rows: Iterable[Row], paths: Mapping[int, str]) -> dict[int, tuple[Row, ...]]:
    """Return all versions of each article that has several, itself among them, by language.

    `paths` are the files of articles. Two files of one language are no versions of anything.
    """
    alike: dict[str, list[tuple[bool, Row]]] = {}
    for row in rows:
        if path := paths.get(row.id):
            name, marked = _name(path, row.language)
            alike.setdefault(name, []).append((marked, row))
    found: dict[int, tuple[Row, ...]] = {}
    for some in alike.values():
        languages = {row.language for _, row in some}
        if len(languages) == len(some) > 1 and sum(not marked for marked, _ in some) <= 1:
            ordered = tuple(sorted((row for _, row in some), key=lambda row: row.language))
            found |= dict.fromkeys((row.id for row in ordered), ordered)
    return found


def _name(path: str, language: str) -> tuple[str, bool]:
    """A file's path without its ending and its language's code, and whether it had one."""
    stem = splitext(path)[0]  # noqa: PTH122 - asked of every article; a Path costs ten times this
    name, _, code = stem.rpartition(".")
    marked = bool(name) and code.lower() in {language.lower(), language.lower().partition("-")[0]}
    return name if marked else stem, marked
