"""A list in a file is a list, whatever its length, and says so plainly where the disk is full."""

import resource
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from syndicate.store import spool
from syndicate.store.database import StoreError
from syndicate.store.spool import Spool


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 250])
def test_what_was_put_in_comes_out_in_its_order_as_often_as_it_is_asked_for(count: int) -> None:
    with closing(Spool[tuple[int, str]]()) as listed:
        wanted = [(number, "頁" * number) for number in range(count)]
        for one in wanted:
            listed.append(one)
        assert (len(listed), bool(listed)) == (count, count > 0)
        assert list(listed) == list(listed) == wanted
        assert [listed[at] for at in reversed(range(count))] == wanted[::-1]


def test_a_value_may_be_asked_for_and_put_in_while_others_are_gone_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spool, "_IN_MEMORY", 1_000)  # the rest is on the disk
    with closing(Spool[str]()) as listed:
        for number in range(120):
            listed.append(f"{number}" * 100)
        seen = []
        for at, one in enumerate(listed):
            other = 119 - at % 120
            assert listed[other] == f"{other}" * 100
            seen.append(one)
            if at < 60:
                listed.append("more")
        assert seen == [f"{number}" * 100 for number in range(120)]
        assert list(listed) == seen + ["more"] * 60


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handled)


def test_a_disk_that_is_full_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_IN_MEMORY", 1_000)
    with closing(Spool[str]()) as listed, _files_of_at_most(100_000):
        for number in range(249):
            listed.append(f"{number}" * 100)
        named = r"File too large\)\. Make room there, or name another folder in TMPDIR"
        with pytest.raises(StoreError, match=named):
            listed.append("one too many" * 10_000)
