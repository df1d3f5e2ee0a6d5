"""Very many paths in little memory."""

import json
from tracemalloc import get_traced_memory, start, stop

import pytest

from syndicate.cli.terminal import plain
from syndicate.jobs.paths import Paths

MANY = [f"content/第{number}回 \udce9.md" for number in range(1234)]


def test_paths_come_back_as_they_were_in_their_order() -> None:
    paths = Paths(MANY)
    assert [*paths] == MANY
    assert [len(paths), paths[0], paths[500], paths[-1]] == [1234, MANY[0], MANY[500], MANY[-1]]
    assert paths[498:502] == MANY[498:502]
    assert MANY[1001] in paths
    with pytest.raises(IndexError):
        paths[1234]


def test_paths_are_as_any_list_of_the_same() -> None:
    paths = Paths()
    assert paths == ()
    assert not paths
    paths.extend(["a.md"])
    assert paths == ("a.md",)
    assert paths != ("b.md",)
    assert Paths("ab") != "ab"
    assert repr(paths) == "Paths(['a.md'])"
    assert json.dumps(plain(paths)) == '["a.md"]'


def test_a_hundred_thousand_paths_take_less_than_a_tenth_of_a_list() -> None:
    start()
    try:
        paths = Paths(f"articles/page-number-{number}/index.html" for number in range(100_000))
        packed = get_traced_memory()[0]
        listed = [*paths]
        assert len(listed) == len(paths) == 100_000
        assert packed * 10 < get_traced_memory()[0]
    finally:
        stop()
