"""A letter is never clipped: it shows less of each article, and never fewer articles."""

from collections.abc import Sequence
from functools import cache

import pytest
from lxml.html import document_fromstring
from msgspec.structs import replace

from syndicate.digests.fit import CLIPPED, LARGE, shorter
from syndicate.digests.render import Rendered, render
from syndicate.model import Article, Depth, Digest, Entry, Section
from tests.digests.editions import EDITIONS, new, sixty, written
from tests.digests.samples import ENVIRONMENT, LENS, PUBLICATION, entry

_LONG = replace(
    LENS,
    summary="長い要約です。" * 60,
    highlights=tuple(f"{n}つめの要点はとても長い一文です。" * 8 for n in range(8)),
    sections=(Section(heading="本文", body=("本文の段落です。" * 200,)),),
)


def alone(count: int, article: Article = LENS) -> list[Entry]:
    return [
        entry(n, replace(article, title=f"{n}番目の記事"), f"article-{n}", n % 24)
        for n in range(count)
    ]


@cache
def drawn(name: str) -> Rendered:
    return render(DIGESTS[name], PUBLICATION, ENVIRONMENT)


DIGESTS = {
    "a series of sixty": EDITIONS["sixty_parts"],
    "sixty that stand alone": written(new(*alone(60))),
    "sixty long ones in full": written(new(*alone(60, _LONG)), depth=Depth.FULL),
    "long parts": written(
        new(*(replace(one, article=replace(_LONG, title=one.article.title)) for one in sixty()))
    ),
    "two hundred": written(new(*alone(200))),
}


@pytest.mark.parametrize("name", DIGESTS)
def test_the_html_stays_below_what_is_clipped_and_says_that_it_was_shortened(name: str) -> None:
    letter = drawn(name)
    assert letter.shortened
    assert letter.html_size <= LARGE < CLIPPED


@pytest.mark.parametrize("name", DIGESTS)
def test_every_article_is_there_with_its_title_and_its_link(name: str) -> None:
    letter, digest = drawn(name), DIGESTS[name]
    root = document_fromstring(letter.html)
    shown = {a.get("href"): a.text_content() for a in root.xpath("//a[not(@class='press')]")}
    titles = set(shown.values())
    assert {one.article.title for one in digest.entries} <= titles
    assert sum("/articles/" in (href or "") for href in shown) == len(digest.entries)


@pytest.mark.parametrize("name", DIGESTS)
def test_the_text_keeps_everything(name: str) -> None:
    letter, digest = drawn(name), DIGESTS[name]
    for one in digest.entries:
        assert f"■ {one.article.title}\n" in letter.text
    assert letter.text.count("\n💡 ") == sum(len(one.article.highlights) for one in digest.entries)
    assert letter.text.count(digest.entries[0].article.summary or "-") >= len(digest.entries)


def test_a_letter_that_fits_is_left_as_it_is() -> None:
    assert not render(EDITIONS["series_of_three"], PUBLICATION, ENVIRONMENT).shortened


def test_highlights_go_before_summaries_and_those_before_rows() -> None:
    digest = written(new(*alone(3, _LONG)), depth=Depth.FULL)

    def size(step: Digest) -> tuple[bool, int, int, int]:
        some: Sequence[Article] = [one.article for one in step.entries]
        full = sum(not item.linked for group in step.groups for item in group.items)
        return (
            step.depth is Depth.FULL,
            full,
            len(some[0].summary or ""),
            sum(map(len, some[0].highlights)),
        )

    sizes = [size(step) for step in shorter(digest)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == size(digest)
    assert sizes[1] == (False, 3, len(_LONG.summary or ""), sum(map(len, _LONG.highlights)))
    assert sizes[2][2:] == (len(_LONG.summary or ""), 240)
    assert sizes[-1] == (False, 0, 80, 0)
