"""What differs between two revisions, line by line, for a person to read."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct

from syndicate.articles.record import to_record
from syndicate.articles.written import as_page
from syndicate.model import Article

_AROUND = 2  # lines that stay the same are shown before and after a change


class Line(Struct, frozen=True):
    """A line of a comparison: of both texts (" "), the older ("-"), the newer ("+"); "@": some left out."""

    mark: Literal[" ", "-", "+", "@"]
    text: str


def compare(old: Article, new: Article) -> tuple[Line, ...]:
    """Return the lines that differ, with those around them; none where nothing does."""
    before, after = list(_lines(old)), list(_lines(new))
    if before == after:
        return ()
    found: list[Line] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_AROUND)):
        if number or group[0][1]:
            found.append(Line("@", f"from line {group[0][3] + 1}"))
        for kind, first, end, other, last in group:
            if kind == "equal":
                found += [Line(" ", text) for text in before[first:end]]
            else:
                found += [Line("-", text) for text in before[first:end]]
                found += [Line("+", text) for text in after[other:last]]
    return tuple(found)


def _lines(article: Article) -> Iterator[str]:
    """Yield the article as a page, and below it what a page does not show."""
    yield from as_page(article)
    record = to_record(article)
    yield f"language: {article.language}"
    metadata = record.get("metadata")
    if isinstance(metadata, dict):
        yield from (f"{name}: {value}" for name, value in metadata.items())
    for image in article.images:
        yield f"picture: {image.url} ({image.alt})"
    yield from (f"html: {line}" for line in (article.html or "").splitlines())
