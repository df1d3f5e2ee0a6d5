"""A digest made short enough: Gmail clips a letter of more than 102,400 bytes of HTML.

What goes first is the text of articles, then highlights, then summaries, and at last whole rows, from
the end; no article is ever dropped.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from syndicate.digests.line import clip
from syndicate.model import Article, Depth, Digest, DigestItem

# Bytes of HTML. Recipients' fields are longer than what stands for them: there are few, of at most
# 900 bytes each.
CLIPPED = 102_400
LARGE = 90 * 1024


class _Measure(Struct, frozen=True):
    """How much of each article is shown; lengths in code points."""

    highlights: int
    highlight: int
    summary: int


_MEASURES = (
    _Measure(3, 80, 1000),
    _Measure(2, 60, 300),
    _Measure(1, 60, 160),
    _Measure(1, 40, 80),
    _Measure(0, 0, 80),
)


def shorter(digest: Digest) -> Iterator[Digest]:
    """Yield the digest itself, and then ever shorter ones; the last has nothing but links."""
    yield digest
    if digest.depth is Depth.FULL:
        digest = replace(digest, depth=Depth.SUMMARIES)
        yield digest
    for measure in _MEASURES:
        digest = _measured(digest, measure)
        yield digest
    full = sum(not item.linked for group in digest.groups for item in group.items)
    while full:
        full = full * 3 // 4
        yield _linked(digest, full)


def _measured(digest: Digest, measure: _Measure) -> Digest:
    def shown(item: DigestItem) -> DigestItem:
        return replace(item, entry=replace(item.entry, article=_cut(item.entry.article, measure)))

    return _mapped(digest, shown)


def _cut(article: Article, measure: _Measure) -> Article:
    """Shorten highlights and summary; without highlights the summary keeps more of itself."""
    highlights = article.highlights[: measure.highlights]
    return replace(
        article,
        summary=article.summary and clip(article.summary, measure.summary),
        highlights=tuple(clip(one, measure.highlight) for one in highlights),
    )


def _linked(digest: Digest, full: int) -> Digest:
    """Keep the first `full` rows as they are; the others are links."""
    seen = 0

    def shown(item: DigestItem) -> DigestItem:
        nonlocal seen
        seen += not item.linked
        return item if seen <= full else replace(item, linked=True)

    return _mapped(digest, shown)


def _mapped(digest: Digest, shown: Callable[[DigestItem], DigestItem]) -> Digest:
    groups = (
        replace(group, items=tuple(shown(item) for item in group.items)) for group in digest.groups
    )
    return replace(digest, groups=tuple(groups))
