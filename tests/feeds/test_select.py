import random
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from syndicate.feeds import WINDOW, select
from syndicate.model import Entry
from tests.feeds.samples import ALONE, PUBLISHED, entry


def test_the_newest_entries_come_first() -> None:
    entries = [entry(number, ALONE) for number in (5, 9, 3, 7)]
    assert [each.article_id for each in select(entries, 3)] == [9, 7, 5]


def test_of_one_instant_the_later_part_comes_first() -> None:
    entries = [entry(n, ALONE, published=PUBLISHED, part=10 - n) for n in range(3, 6)]
    assert [each.part for each in select(entries)] == [7, 6, 5]


def test_of_one_instant_the_later_article_comes_first() -> None:
    entries = [entry(number, ALONE, published=PUBLISHED) for number in (4, 6, 5)]
    assert [each.article_id for each in select(entries)] == [6, 5, 4]


def test_an_edit_does_not_move_an_entry() -> None:
    old, new = entry(3, ALONE), entry(4, ALONE)
    edited = replace(old, updated=new.updated.replace(year=2030))
    assert select([edited, new]) == (new, edited)


@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(chance: random.Random) -> None:
    entries = [entry(n, ALONE, published=PUBLISHED, part=n % 3 or None) for n in range(3, 12)]
    mixed = chance.sample(entries, len(entries))
    assert select(mixed, 5) == select(entries, 5)


def test_a_long_stream_is_read_once_and_only_a_window_is_kept() -> None:
    def stream() -> Iterator[Entry]:
        for number in range(3, 5003):
            yield entry(number, ALONE)

    chosen = select(stream())
    assert len(chosen) == WINDOW
    assert chosen[0].article_id == 5002
