"""The search index: every key leads to the articles that have it, in few and small files."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.model import Article, Entry
from syndicate.site.search import BLOCK, block_files, block_of, block_paths, keys
from tests.site.samples import ENGLISH, ENTRIES, FIRST


def values(files: dict[str, bytes], kind: str) -> list[Any]:
    """What the files of one kind hand over: k for keys, t for texts."""
    texts = [data.decode() for path, data in files.items() if f"/{kind}" in path]
    return [json.loads(text[text.index(",") + 1 : -2]) for text in texts]


def found(files: dict[str, bytes], key: str) -> list[int]:
    """The places that a key leads to."""
    shards = [one for one in values(files, "k") if isinstance(one, dict) and key in one]
    places, last = [], 0
    for one in shards:
        for step in one[key].split(","):
            last += int(step)
            places.append(last)
    return places


def entries(titles: Sequence[str]) -> list[Entry]:
    return [
        replace(ENGLISH, article=Article(title), slug=f"a{n}") for n, title in enumerate(titles)
    ]


def test_japanese_is_cut_into_pairs_and_other_text_into_beginnings_of_words() -> None:
    assert keys("潮汐発電、Tidal POWER ３") == {"潮汐", "汐発", "発電", "電", "tidal", "power", "3"}
    assert keys("Wattで測る") == {"watt", "で測", "測る", "る"}


def test_a_key_leads_to_each_article_that_has_it() -> None:
    files = block_files(block_of(0, 3), ENTRIES)
    assert found(files, "用水") == [2]
    assert found(files, "ferry") == [1]
    assert found(files, "無い") == []


def test_a_text_says_what_a_result_shows() -> None:
    ((second, english, first),) = values(block_files(block_of(0, 3), ENTRIES), "t")
    assert first[0] == FIRST.article.title
    assert first[1].startswith("../articles/%E7%94%A8")
    assert english[3] == "en"
    assert second[4]


def test_a_large_block_is_many_small_files_of_which_none_is_lost() -> None:
    some = entries([f"第{n}回 潮汐の本 {n:04} tide" for n in range(BLOCK)])
    block = block_of(7, len(some))
    files = block_files(block, some)
    assert tuple(files) == block_paths(block, len(some))
    assert found(files, "潮汐") == list(range(BLOCK))
    assert sum(len(one) for one in values(files, "t") if isinstance(one, list)) == BLOCK
    assert max(map(len, files.values())) < 64 * 1024


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_text_can_be_found_and_breaks_no_file(titles: list[str]) -> None:
    some = entries(titles)
    files = block_files(block_of(0, len(some)), some)
    for place, title in enumerate(titles):
        for key in keys(title):
            assert place in found(files, key)
